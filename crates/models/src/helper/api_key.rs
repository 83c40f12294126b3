//! One key of an API.

use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::Validate;

use super::Helper;
use crate::external_secret::ExternalSecretConfig;
use crate::name::SECRET_KEY;
use crate::reference::SecretStoreRef;

/// One key of an API, under a name of your choice. Read again every 1h unless said otherwise.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApiKey {
    /// Address of the secret in the store.
    #[validate(length(min = 1))]
    pub path: Text,
    /// Key in the Secret, such as `STRIPE_API_KEY`.
    #[validate(length(min = 1, max = 253), regex(path = *SECRET_KEY))]
    pub key_name: Text,
    /// Field of a structured value; needed everywhere but on Infisical, where the secret itself is the key.
    pub property: Option<Text>,
    /// Version of the value; `latest` is the same as none.
    pub version: Option<Text>,
}

/// Arguments of [`ExternalSecretConfig::api_key`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ApiKeyArgs {
    /// Name of the external secret.
    pub name: Text,
    /// Namespace.
    pub namespace: Option<Text>,
    /// Store.
    pub secret_store_ref: Option<SecretStoreRef>,
    /// Address of the secret in the store.
    pub api_path: Text,
    /// Key in the Secret.
    pub key_name: Text,
    /// Field of a structured value.
    pub property: Option<Text>,
    /// Name of the Secret, default that of the external secret.
    pub target_secret_name: Option<Text>,
}

impl ExternalSecretConfig {
    /// An external secret with one key.
    ///
    /// ```
    /// use keyloom_models::{ApiKeyArgs, ExternalSecretConfig};
    /// let stripe = ExternalSecretConfig::api_key(ApiKeyArgs {
    ///     name: "stripe-key".into(),
    ///     api_path: "/external/stripe".into(),
    ///     key_name: "STRIPE_API_KEY".into(),
    ///     ..Default::default()
    /// });
    /// ```
    pub fn api_key(args: ApiKeyArgs) -> Self {
        Self::from_helper(
            args.name,
            args.namespace,
            args.secret_store_ref,
            args.target_secret_name,
            Helper::ApiKey(ApiKey {
                path: args.api_path,
                key_name: args.key_name,
                property: args.property,
                version: None,
            }),
        )
    }
}
