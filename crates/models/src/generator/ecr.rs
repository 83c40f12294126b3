//! Tokens for Amazon ECR.

use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::Validate;

use crate::policy::EcrScope;
use crate::selector::SecretKeySelector;
use crate::store::aws::AwsAuth;

/// A token for Amazon ECR (upstream's `ECRAuthorizationToken`): the keys `username`, `password`, `expires_at` and, of a
/// private registry, `proxy_endpoint`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EcrAuthorizationToken {
    /// The region, such as `eu-central-1`.
    #[validate(length(min = 1))]
    pub region: Text,
    /// How the operator logs in; without it, by the identity its pod has.
    pub auth: Option<AwsAuth>,
    /// ARN of a role to assume.
    pub role: Option<Text>,
    /// Which registry the token is for, default `private`.
    pub scope: Option<EcrScope>,
}

impl EcrAuthorizationToken {
    /// The keys that it makes.
    pub(crate) fn keys(&self) -> &'static [&'static str] {
        match self.scope {
            Some(EcrScope::Public) => &["username", "password", "expires_at"],
            Some(EcrScope::Private) | None => &["username", "password", "proxy_endpoint", "expires_at"],
        }
    }

    /// The Secrets it refers to, each with its field below `spec`.
    pub(crate) fn selectors(&self) -> Vec<(String, SecretKeySelector)> {
        let auth = self.auth.iter().flat_map(AwsAuth::selectors);
        auth.map(|(field, selector)| (format!("auth.secretRef.{field}"), selector)).collect()
    }
}
