//! A user and a password.

use indexmap::IndexMap;
use keyloom_syntax::Text;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use validator::Validate;

use super::{Field, Helper, Layout, NamedField, RemoteName, keys_schema, named_fields};
use crate::external_secret::ExternalSecretConfig;
use crate::reference::SecretStoreRef;

static FIELDS: [Field; 2] = [Field::same("username"), Field::same("password")];

/// A user name and a password, as a Secret of type `kubernetes.io/basic-auth`, whose keys Kubernetes fixes. Read again
/// every 10m unless said otherwise.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BasicAuth {
    /// Address of the folder or entry in the store.
    #[validate(length(min = 1))]
    pub path: Text,
    /// Whether the values are a folder of single secrets or the fields of one entry; default as the store's provider keeps values: `folder` on Infisical, `entry` elsewhere.
    pub layout: Option<Layout>,
    /// What the fields are called at the store; `false` leaves one out.
    #[serde(default)]
    #[schemars(schema_with = "keys")]
    pub keys: IndexMap<String, RemoteName>,
    /// Version of the entry; `latest` is the same as none.
    pub version: Option<Text>,
}

fn keys(generator: &mut SchemaGenerator) -> Schema {
    keys_schema(&FIELDS, generator)
}

impl BasicAuth {
    pub(crate) fn fields(&self) -> Vec<NamedField> {
        named_fields(&FIELDS, &self.keys, &IndexMap::new(), None)
    }
}

/// Arguments of [`ExternalSecretConfig::basic_auth`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BasicAuthArgs {
    /// Name of the external secret.
    pub name: Text,
    /// Namespace.
    pub namespace: Option<Text>,
    /// Store.
    pub secret_store_ref: Option<SecretStoreRef>,
    /// Address of the folder or entry in the store.
    pub auth_path: Text,
    /// Name of the Secret, default that of the external secret.
    pub target_secret_name: Option<Text>,
    /// How the values lie in the store.
    pub layout: Option<Layout>,
    /// What the fields are called at the store.
    pub keys: IndexMap<String, RemoteName>,
}

impl ExternalSecretConfig {
    /// An external secret with `username` and `password`, of type `kubernetes.io/basic-auth`.
    pub fn basic_auth(args: BasicAuthArgs) -> Self {
        Self::from_helper(
            args.name,
            args.namespace,
            args.secret_store_ref,
            args.target_secret_name,
            Helper::BasicAuth(BasicAuth {
                path: args.auth_path,
                layout: args.layout,
                keys: args.keys,
                version: None,
            }),
        )
    }
}
