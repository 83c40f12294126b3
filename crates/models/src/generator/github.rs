//! Tokens of a GitHub App installation.

use indexmap::IndexMap;
use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::Validate;

use crate::selector::SecretKeySelector;

/// A token of a GitHub App installation (upstream's `GithubAccessToken`): the key `token`. It lasts for an hour.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GithubAccessToken {
    /// Id of the App, such as `"123456"`; quote it.
    #[serde(rename = "appID")]
    #[validate(length(min = 1))]
    pub app_id: Text,
    /// Id of the installation, such as `"12345678"`; quote it.
    #[serde(rename = "installID")]
    #[validate(length(min = 1))]
    pub install_id: Text,
    /// How the operator logs in.
    #[validate(nested)]
    pub auth: GithubAuth,
    /// Address of the API, default `https://api.github.com`.
    pub url: Option<Text>,
    /// Repositories that the token is for, default all of the installation.
    pub repositories: Option<Vec<Text>>,
    /// What the token may do, such as `{contents: read}`, default all that the installation may.
    pub permissions: Option<IndexMap<String, Text>>,
}

/// How the operator logs in to GitHub.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GithubAuth {
    /// The App's private key.
    #[validate(nested)]
    pub private_key: GithubPrivateKey,
}

/// Where the App's private key lies.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GithubPrivateKey {
    /// The Secret that holds it.
    #[validate(nested)]
    pub secret_ref: SecretKeySelector,
}

impl GithubAccessToken {
    /// The Secrets it refers to, each with its field below `spec`.
    pub(crate) fn selectors(&self) -> Vec<(String, SecretKeySelector)> {
        vec![("auth.privateKey.secretRef".to_owned(), self.auth.private_key.secret_ref.clone())]
    }
}
