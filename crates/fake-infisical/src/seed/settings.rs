//! How the server behaves, where real ones differ.

use serde::Deserialize;

use crate::clock::Time;

/// How the server behaves.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Settings {
    /// What drives the time. Default: it stands.
    pub time: Time,
    /// Whether there are routes of version 4. Without them, as on servers of before autumn 2025, they are answered as
    /// unknown paths are. Default: true.
    pub v4: bool,
    /// Whether there are routes of version 3 for secrets, which are deprecated. Default: true.
    pub v3: bool,
    /// The first builds of version 4: `include_imports` for `includeImports`, and by default neither imports nor expanded
    /// references. Default: false.
    pub early_v4: bool,
    /// Tokens of before 2026: renewal gives the same string again, and is refused as soon as a full life would pass the
    /// greatest age, so with equal settings at once. Default: false.
    pub legacy_tokens: bool,
    /// How long one token can live whatever its settings say, in seconds; `MAX_MACHINE_IDENTITY_TOKEN_AGE` of a server.
    /// Default: 90 days.
    pub max_token_age: u64,
    /// Whether webhooks may go to private addresses; `ALLOW_INTERNAL_IP_CONNECTIONS` of a server. Default: true, which
    /// the real one's is not: the receivers of tests are on this machine.
    pub allow_internal_webhooks: bool,
    /// Whether changes of secrets wait for somebody's approval: they are answered with `approval`, and nothing is written.
    /// Default: false.
    pub change_policy: bool,
    /// Whether services refuse the credentials of app connections, which the real server tries. Default: false.
    pub refuse_credentials: bool,
    /// Where nothing works for now: every path that begins so is answered with 503. Default: everything works.
    pub away: Option<String>,
    /// Requests in a minute; none are counted by default, as on servers of one's own.
    pub rate_limits: Option<RateLimits>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            time: Time::Standing,
            v4: true,
            v3: true,
            early_v4: false,
            legacy_tokens: false,
            max_token_age: 7_776_000,
            allow_internal_webhooks: true,
            change_policy: false,
            refuse_credentials: false,
            away: None,
            rate_limits: None,
        }
    }
}

/// How many requests of each class one address may send in a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct RateLimits {
    /// Reading anything but secrets. Default: 60.
    pub read: u32,
    /// Writing anything but secrets. Default: 200.
    pub write: u32,
    /// Secrets. Default: 60.
    pub secrets: u32,
    /// Login and renewal. Default: 60.
    pub auth: u32,
}

impl Default for RateLimits {
    fn default() -> Self {
        Self { read: 60, write: 200, secrets: 60, auth: 60 }
    }
}
