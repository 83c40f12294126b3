//! Credentials of a container registry.

use indexmap::IndexMap;
use keyloom_syntax::Text;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use validator::Validate;

use super::{Field, Helper, Layout, NamedField, RemoteName, keys_schema, named_fields};
use crate::external_secret::ExternalSecretConfig;
use crate::reference::SecretStoreRef;

static FIELDS: [Field; 2] = [Field::same("username"), Field::same("password")];

/// Credentials of a container registry, as a Secret of type `kubernetes.io/dockerconfigjson`. Read again every 1h unless
/// said otherwise.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DockerConfig {
    /// Address of the folder or entry in the store.
    #[validate(length(min = 1))]
    pub path: Text,
    /// Whether the values are a folder of single secrets or the fields of one entry; default as the store's provider keeps values: `folder` on Infisical, `entry` elsewhere.
    pub layout: Option<Layout>,
    /// What the fields are called at the store; `false` leaves one out.
    #[serde(default)]
    #[schemars(schema_with = "keys")]
    pub keys: IndexMap<String, RemoteName>,
    /// Registry, such as `ghcr.io`: then the store holds a user name and a password. Without it the value at `path` is the whole `.dockerconfigjson`.
    #[validate(length(min = 1))]
    pub registry: Option<Text>,
    /// Field of a structured value that holds the whole `.dockerconfigjson`; without `registry` only.
    pub property: Option<Text>,
    /// Version of the entry; `latest` is the same as none.
    pub version: Option<Text>,
}

fn keys(generator: &mut SchemaGenerator) -> Schema {
    keys_schema(&FIELDS, generator)
}

impl DockerConfig {
    pub(crate) fn fields(&self) -> Vec<NamedField> {
        if self.registry.is_none() {
            return Vec::new();
        }
        named_fields(&FIELDS, &self.keys, &IndexMap::new(), None)
    }
}

/// Arguments of [`ExternalSecretConfig::docker_config`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DockerConfigArgs {
    /// Name of the external secret.
    pub name: Text,
    /// Namespace.
    pub namespace: Option<Text>,
    /// Store.
    pub secret_store_ref: Option<SecretStoreRef>,
    /// Address of the folder or entry in the store.
    pub registry_path: Text,
    /// Name of the Secret, default that of the external secret.
    pub target_secret_name: Option<Text>,
    /// How the values lie in the store.
    pub layout: Option<Layout>,
    /// What the fields are called at the store.
    pub keys: IndexMap<String, RemoteName>,
    /// Registry, such as `ghcr.io`.
    pub registry: Option<Text>,
    /// Field of a structured value that holds the whole `.dockerconfigjson`.
    pub property: Option<Text>,
}

impl ExternalSecretConfig {
    /// An external secret with `.dockerconfigjson`, of type `kubernetes.io/dockerconfigjson`.
    pub fn docker_config(args: DockerConfigArgs) -> Self {
        Self::from_helper(
            args.name,
            args.namespace,
            args.secret_store_ref,
            args.target_secret_name,
            Helper::DockerConfig(DockerConfig {
                path: args.registry_path,
                layout: args.layout,
                keys: args.keys,
                registry: args.registry,
                property: args.property,
                version: None,
            }),
        )
    }
}
