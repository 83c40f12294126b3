//! `keyloom listen` beside an application: it logs in and follows changes, and the application reads what it hands on.

use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::Validate;

/// Name of the container.
pub const SIDECAR: &str = "keyloom";
/// Name of the volume that both containers see, in memory.
pub const SHARED_VOLUME: &str = "keyloom";
/// Folder of that volume in both.
pub const SHARED_FOLDER: &str = "/run/keyloom";
/// Folder with a file for each secret.
pub const SECRETS_FOLDER: &str = "/run/keyloom/secrets";
/// File with the token that is asked of the application over HTTP.
pub const TOKEN_FILE: &str = "/run/keyloom/token";
/// Port of HTTP for the application, on the pod's own loopback.
pub const HTTP_PORT: u32 = 8200;
/// The variable that tells an application the folder.
pub const DIRECTORY_VARIABLE: &str = "KEYLOOM_LISTEN_DIRECTORY";
/// The variables that tell an application where it is answered over HTTP, and where the token for that is.
pub const HTTP_VARIABLES: [&str; 2] = ["KEYLOOM_LISTEN_URL", "KEYLOOM_LISTEN_TOKEN_FILE"];

/// `keyloom listen` as a container beside the application, for one that has no client of its own. The application begins when
/// secrets are there, and has no token with which it could log in to Infisical (Kubernetes 1.29).
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sidecar {
    /// Image of `keyloom`, one that is built with `--features live`.
    #[validate(length(min = 1))]
    pub image: Text,
    /// How secrets are handed on, default `files`.
    pub mode: Option<SidecarMode>,
    /// User and group of both containers, so that the application may read what the other one writes. Left out, each runs as its
    /// image says, which must be the same user.
    #[validate(range(min = 1, max = 2_147_483_647))]
    pub run_as_user: Option<u32>,
}

/// How secrets are handed on to the application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum SidecarMode {
    /// As a file for each, below `/run/keyloom/secrets`, all of which change at once; the variable `KEYLOOM_LISTEN_DIRECTORY`
    /// tells where.
    Files,
    /// Over HTTP on the pod's own loopback; the variables `KEYLOOM_LISTEN_URL` and `KEYLOOM_LISTEN_TOKEN_FILE` tell where.
    Http,
}

impl Sidecar {
    /// How secrets are handed on.
    pub fn mode(&self) -> SidecarMode {
        self.mode.unwrap_or(SidecarMode::Files)
    }

    /// The variables that the application is given.
    pub fn variables(&self) -> &'static [&'static str] {
        match self.mode() {
            SidecarMode::Files => &[DIRECTORY_VARIABLE],
            SidecarMode::Http => &HTTP_VARIABLES,
        }
    }
}
