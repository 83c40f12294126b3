//! What the environment says of Vault: the names of Bruin first, then those of Vault's own tools.

use std::path::PathBuf;
use std::time::Duration;

use keyloom_connections::Secret;
use reqwest::Url;
use reqwest::header::HeaderValue;

use super::super::credentials::Credentials;
use super::super::error::{Failure, FailureKind};
use super::super::setting::{Origin, Said, Setting, Shown, Variables};
use super::{WORD, address, duration};
use crate::clock::Clock;
use crate::credentials::{MOUNTED, TokenSource};
use crate::http;

const HOST: &str = "BRUIN_VAULT_HOST";
const TOKEN: &str = "BRUIN_VAULT_TOKEN";
const ROLE: &str = "BRUIN_VAULT_ROLE";
const PATH: &str = "BRUIN_VAULT_PATH";
const MOUNT: &str = "BRUIN_VAULT_MOUNT_PATH";
const K8S_MOUNT: &str = "BRUIN_VAULT_K8S_AUTH_MOUNT";
const TIMEOUT_OF: &str = "BRUIN_VAULT_TIMEOUT";
const WAIT_MIN: &str = "BRUIN_VAULT_RETRY_WAIT_MIN";
const WAIT_MAX: &str = "BRUIN_VAULT_RETRY_WAIT_MAX";
const RETRIES: &str = "BRUIN_VAULT_MAX_RETRIES";
const OWN_HOST: &str = "VAULT_ADDR";
const OWN_TOKEN: &str = "VAULT_TOKEN";
const NAMESPACE: &str = "VAULT_NAMESPACE";
const AUTHORITY: &str = "VAULT_CACERT";
/// What somebody logs in with.
pub(in crate::connections) const CREDENTIALS: Credentials =
    Credentials { own: &[TOKEN], shared: &[OWN_TOKEN] };
/// A pod has it.
const IN_POD: &str = "KUBERNETES_SERVICE_HOST";
/// The default of [`TIMEOUT_OF`].
const TIMEOUT: Duration = Duration::from_secs(30);
/// The default of [`RETRIES`].
const USUAL_RETRIES: u32 = 3;
/// The default of [`WAIT_MIN`].
const SHORTEST_PAUSE: Duration = Duration::from_millis(200);
/// The default of [`WAIT_MAX`].
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// More tries are a slip.
const MOST_RETRIES: u32 = 100;

/// What a [`Vault`](super::Vault) is told.
#[derive(Clone, Debug)]
pub struct VaultSettings {
    /// Address: `https`, or `http` to this machine or to a service of the same cluster (`BRUIN_VAULT_HOST`, `VAULT_ADDR`).
    pub address: Url,
    /// Namespace; none for the root one (`VAULT_NAMESPACE`).
    pub namespace: Option<String>,
    /// Where the KV secrets engine is mounted, such as `secret` (`BRUIN_VAULT_MOUNT_PATH`).
    pub mount: String,
    /// The path in it below which connections are, without `data/`; empty for the engine itself (`BRUIN_VAULT_PATH`).
    pub path: String,
    /// What to log in with.
    pub auth: VaultAuth,
    /// Authorities that are trusted besides those of this machine, certificates in PEM (the file that `VAULT_CACERT` names).
    pub authorities: Option<Vec<u8>>,
    /// How long an operation may take, its login and all tries included. Default: 30 s (`BRUIN_VAULT_TIMEOUT`).
    pub timeout: Duration,
    /// How often what passes is tried again. Default: 3 (`BRUIN_VAULT_MAX_RETRIES`).
    pub retries: u32,
    /// The pause before the second try; it doubles each time. Default: 200 ms (`BRUIN_VAULT_RETRY_WAIT_MIN`).
    pub shortest_pause: Duration,
    /// The longest of those; what the server asks for may be longer. Default: 2 s (`BRUIN_VAULT_RETRY_WAIT_MAX`).
    pub longest_pause: Duration,
    /// The time. Default: the machine's.
    pub clock: Clock,
}

/// What one logs in to Vault with.
#[derive(Clone, Debug)]
pub enum VaultAuth {
    /// A token that is there already. It is not renewed: who made it sees to that.
    Token(Secret),
    /// The token of a Kubernetes service account, which is exchanged for one of Vault's.
    Kubernetes {
        /// Role of the auth method.
        role: String,
        /// Where the auth method is mounted. Default: `kubernetes`.
        mount: String,
        /// Where the token of the service account comes from.
        token: TokenSource,
    },
}

impl VaultSettings {
    /// The usual ones.
    pub fn new(address: Url, mount: &str, path: &str, auth: VaultAuth) -> Self {
        let trimmed = |path: &str| path.trim_matches('/').to_owned();
        Self {
            address,
            namespace: None,
            mount: trimmed(mount),
            path: trimmed(path),
            auth,
            authorities: None,
            timeout: TIMEOUT,
            retries: USUAL_RETRIES,
            shortest_pause: SHORTEST_PAUSE,
            longest_pause: LONGEST_PAUSE,
            clock: Clock::system(),
        }
    }
}

/// Settings, and each of them as it is shown.
pub(super) struct Told {
    pub(super) settings: VaultSettings,
    pub(super) shown: Vec<Setting>,
}

/// Who said each of the settings that are shown.
struct Origins {
    address: Origin,
    namespace: Origin,
    mount: Origin,
    path: Origin,
    auth: Origin,
}

impl From<VaultSettings> for Told {
    fn from(settings: VaultSettings) -> Self {
        let origins = Origins {
            address: Origin::Program,
            namespace: settings.namespace.as_ref().map_or(Origin::Default, |_| Origin::Program),
            mount: Origin::Program,
            path: Origin::Program,
            auth: Origin::Program,
        };
        Self::new(settings, &origins)
    }
}

impl VaultAuth {
    /// What it says, unless that is a credential.
    fn shown(&self, origin: Origin) -> Setting {
        match self {
            Self::Token(_) => Setting::credential("token", origin),
            Self::Kubernetes { role, .. } => Setting::value("role", role, origin),
        }
    }
}

impl Told {
    fn new(settings: VaultSettings, origins: &Origins) -> Self {
        let namespace = settings.namespace.as_deref();
        let shown = vec![
            Setting::value("host", settings.address.as_str(), origins.address),
            Setting::optional("namespace", namespace, origins.namespace, Shown::Unset),
            Setting::value("mount path", &settings.mount, origins.mount),
            Setting::value("path", &settings.path, origins.path),
            settings.auth.shown(origins.auth),
        ];
        Self { settings, shown }
    }

    /// What the environment says.
    ///
    /// # Errors
    /// All that is missing or wrong.
    pub(super) fn from_env(get: &dyn Fn(&str) -> Option<String>) -> Result<Self, Vec<Failure>> {
        Environment { variables: Variables::new(WORD, get), wrong: Vec::new() }.read()
    }
}

struct Environment<'a> {
    variables: Variables<'a>,
    wrong: Vec<Failure>,
}

impl Environment<'_> {
    fn read(mut self) -> Result<Told, Vec<Failure>> {
        let host = self
            .variables
            .required(&[HOST, OWN_HOST], "the address of Vault, such as https://vault.example.com:8200");
        let host = host.and_then(|said| Some((self.address(&said)?, said.origin)));
        let auth = self.auth();
        let path =
            self.variables.required(&[PATH], "the path below which connections are, such as connections");
        let mount =
            self.variables.required(&[MOUNT], "where the KV secrets engine is mounted, such as secret");
        let namespace = self.namespace();
        let authorities = self.authorities();
        let timeout = self.length(TIMEOUT_OF);
        let (least, most) = (self.length(WAIT_MIN), self.length(WAIT_MAX));
        let retries = self.retries();
        let (Some((address, host)), Some((auth, login)), Some(path), Some(mount)) = (host, auth, path, mount)
        else {
            return Err(self.failures());
        };
        let usual = VaultSettings::new(address, &mount.text, &path.text, auth);
        let settings = VaultSettings {
            authorities,
            timeout: timeout.unwrap_or(usual.timeout),
            retries: retries.unwrap_or(usual.retries),
            shortest_pause: least.unwrap_or(usual.shortest_pause),
            longest_pause: most.unwrap_or(usual.longest_pause),
            namespace: namespace.as_ref().map(|said| said.text.clone()),
            ..usual
        };
        if settings.longest_pause < settings.shortest_pause {
            let why = "must be greater than or equal to BRUIN_VAULT_RETRY_WAIT_MIN";
            self.wrong.push(wrong(WAIT_MAX, why, "make it longer, or that one shorter"));
        }
        let failures = self.failures();
        if !failures.is_empty() {
            return Err(failures);
        }
        let origins = Origins {
            address: host,
            namespace: namespace.map_or(Origin::Default, |said| said.origin),
            mount: mount.origin,
            path: path.origin,
            auth: login,
        };
        Ok(Told::new(settings, &origins))
    }

    /// All that is missing, then all that is wrong.
    fn failures(&mut self) -> Vec<Failure> {
        let mut failures = self.variables.take_failures();
        failures.append(&mut self.wrong);
        failures
    }

    fn get(&self, variable: &'static str) -> Option<String> {
        self.variables.optional(&[variable]).map(|said| said.text)
    }

    fn address(&mut self, said: &Said) -> Option<Url> {
        let variable = said.origin.to_string();
        match address::parse(&said.text).and_then(|url| address::check(&url).map(|()| url)) {
            // A name of the cluster is one there alone: elsewhere it may be anybody's.
            Ok(url) if http::is_confidential(&url) || self.get(IN_POD).is_some() => Some(url),
            Ok(_) => {
                let why = "begins with http://, and this is no pod of that cluster";
                self.wrong.push(wrong(&variable, why, "write https://"));
                None
            }
            Err((why, remedy)) => {
                self.wrong.push(wrong(&variable, why, remedy));
                None
            }
        }
    }

    /// What was set for this is taken before what was set for Vault's own tools.
    fn auth(&mut self) -> Option<(VaultAuth, Origin)> {
        if let Some(token) = self.variables.optional(&[TOKEN]) {
            return self.token(token);
        }
        if let Some(role) = self.variables.optional(&[ROLE]) {
            let mount = self.variables.or(&[K8S_MOUNT], "kubernetes").text.trim_matches('/').to_owned();
            let token = TokenSource::File(PathBuf::from(MOUNTED));
            return Some((VaultAuth::Kubernetes { role: role.text, mount, token }, role.origin));
        }
        let Some(token) = self.variables.optional(&[OWN_TOKEN]) else {
            self.wrong.push(Failure {
                what: format!("failed to initialize {WORD} client: {TOKEN} or {ROLE} env variable not set"),
                cause: None,
                remedy: format!(
                    "set a token, or {OWN_TOKEN}, or in a pod the role of Vault's Kubernetes auth method"
                ),
                kind: FailureKind::Settings,
            });
            return None;
        };
        // A token is for the server that it was set with.
        match (self.get(HOST), self.get(OWN_HOST)) {
            (Some(host), Some(own)) if address::parse(&host) != address::parse(&own) => {
                let why = "is another server than VAULT_ADDR, which VAULT_TOKEN is for";
                self.wrong.push(wrong(HOST, why, "set BRUIN_VAULT_TOKEN or BRUIN_VAULT_ROLE for it"));
                None
            }
            _ => self.token(token),
        }
    }

    fn token(&mut self, said: Said) -> Option<(VaultAuth, Origin)> {
        if !is_header(&said.text) {
            let why = "holds characters that no token has";
            self.wrong.push(wrong(&said.origin.to_string(), why, "copy it anew"));
            return None;
        }
        Some((VaultAuth::Token(Secret::new(said.text)), said.origin))
    }

    fn namespace(&mut self) -> Option<Said> {
        let said = self.variables.optional(&[NAMESPACE])?;
        if !is_header(&said.text) {
            self.wrong.push(wrong(NAMESPACE, "holds characters that no namespace has", "copy it anew"));
        }
        Some(said)
    }

    fn authorities(&mut self) -> Option<Vec<u8>> {
        let path = PathBuf::from(self.get(AUTHORITY)?);
        match std::fs::read(&path) {
            Ok(pem) => Some(pem),
            Err(error) => {
                let why = format!("names a file that cannot be read ({})", error.kind());
                self.wrong.push(wrong(AUTHORITY, &why, "name a file with certificates in PEM"));
                None
            }
        }
    }

    fn length(&mut self, variable: &'static str) -> Option<Duration> {
        let length = duration::parse(&self.get(variable)?);
        if length.is_none() {
            let remedy = "write it as 500ms, 10s or 1m; a day at most";
            self.wrong.push(wrong(variable, "must be a positive duration", remedy));
        }
        length
    }

    fn retries(&mut self) -> Option<u32> {
        let retries = self.get(RETRIES)?.parse().ok().filter(|retries| *retries <= MOST_RETRIES);
        if retries.is_none() {
            self.wrong.push(wrong(RETRIES, "must be a non-negative integer", "write a number from 0 to 100"));
        }
        retries
    }
}

fn is_header(text: &str) -> bool {
    HeaderValue::from_str(text).is_ok()
}

/// What a variable holds cannot be used.
pub(super) fn wrong(variable: &str, why: &str, remedy: &str) -> Failure {
    Failure::of_settings(WORD, format!("{variable} {why}"), remedy)
}

#[cfg(test)]
mod tests;
