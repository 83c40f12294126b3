//! Login methods of an identity, with the settings of the tokens they give.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::seed::Hidden;

/// How the tokens of a login method live.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TokenSettings {
    /// Seconds that a token lives. Default: 30 days.
    #[serde(rename = "accessTokenTTL")]
    pub ttl: u64,
    /// Seconds after which it cannot be renewed any more; 0 for ever. Default: 30 days.
    #[serde(rename = "accessTokenMaxTTL")]
    pub max_ttl: u64,
    /// How many requests may be sent with it; 0 for any number. Default: 0.
    #[serde(rename = "accessTokenNumUsesLimit")]
    pub uses_limit: u64,
    /// More than 0 makes it periodic: it lives so many seconds and can be renewed for ever. Default: 0.
    #[serde(rename = "accessTokenPeriod")]
    pub period: u64,
    /// Addresses and networks (CIDR) from which it is taken; from all, if there are none.
    #[serde(rename = "accessTokenTrustedIps")]
    pub trusted_ips: Vec<String>,
}

impl Default for TokenSettings {
    fn default() -> Self {
        Self { ttl: 2_592_000, max_ttl: 2_592_000, uses_limit: 0, period: 0, trusted_ips: Vec::new() }
    }
}

/// Login with a client id and a client secret.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct UniversalAuth {
    /// The client id.
    pub client_id: String,
    /// A client secret of which nothing more is said.
    pub client_secret: Option<Hidden>,
    /// Client secrets.
    pub client_secrets: Vec<ClientSecret>,
    /// How its tokens live.
    pub tokens: TokenSettings,
    /// What wrong client secrets lead to.
    pub lockout: Lockout,
}

/// A client secret.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct ClientSecret {
    /// The secret itself.
    pub secret: Hidden,
    /// Seconds after which it is no good any more; 0 for ever.
    pub ttl: u64,
    /// How many logins it is good for; 0 for any number.
    pub uses_limit: u64,
    /// It is no good any more.
    pub revoked: bool,
}

impl ClientSecret {
    /// A client secret that is good for ever.
    #[must_use]
    pub fn new(secret: &str) -> Self {
        Self { secret: secret.into(), ..Self::default() }
    }
}

/// What wrong client secrets lead to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Lockout {
    /// Whether they are counted. Default: true.
    pub enabled: bool,
    /// How many lock the method. Default: 3.
    pub threshold: u32,
    /// For how many seconds. Default: 300.
    pub duration_seconds: u64,
    /// After how many seconds without another one they are forgotten. Default: 30.
    pub counter_reset_seconds: u64,
}

impl Default for Lockout {
    fn default() -> Self {
        Self { enabled: true, threshold: 3, duration_seconds: 300, counter_reset_seconds: 30 }
    }
}

/// Login with a token of a Kubernetes service account.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct KubernetesAuth {
    /// Where the API server is that reviews tokens, such as `https://127.0.0.1:6443`. Without it `verdicts` decide.
    pub kubernetes_host: Option<String>,
    /// Certificates in PEM that the API server's own is checked against.
    pub ca_cert: Option<String>,
    /// The token that the review is asked for with; the token that is reviewed, by default.
    pub token_reviewer_jwt: Option<Hidden>,
    /// Namespaces as globs, with commas between them; empty for all.
    pub allowed_namespaces: String,
    /// Names of service accounts as globs, with commas between them; empty for all.
    pub allowed_names: String,
    /// An audience that the token must have; empty for any.
    pub allowed_audience: String,
    /// What a review would say, by the token; any other one is not authenticated.
    pub verdicts: BTreeMap<Hidden, Verdict>,
    /// How its tokens live.
    pub tokens: TokenSettings,
}

/// What a review says of a token that is good.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Verdict {
    /// The namespace of its service account.
    pub namespace: String,
    /// The name of its service account.
    pub name: String,
    /// For whom it was issued.
    pub audiences: Vec<String>,
}

/// A token made beforehand.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct TokenAuth {
    /// The token itself, as the server knows it from the beginning; a real one is a JWT.
    pub access_token: Hidden,
    /// How it lives, from the start of the server on.
    pub tokens: TokenSettings,
}
