//! Access keys for S3.

use indexmap::IndexMap;
use keyloom_syntax::Text;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use validator::Validate;

use super::{Field, Helper, Layout, NamedField, RemoteName, keys_schema, named_fields, names_schema};
use crate::external_secret::ExternalSecretConfig;
use crate::reference::SecretStoreRef;

static FIELDS: [Field; 5] = [
    Field { name: "accessKeyId", key: "AWS_ACCESS_KEY_ID", remote: "AWS_ACCESS_KEY_ID", usual: true },
    Field {
        name: "secretAccessKey",
        key: "AWS_SECRET_ACCESS_KEY",
        remote: "AWS_SECRET_ACCESS_KEY",
        usual: true,
    },
    Field { name: "region", key: "AWS_REGION", remote: "AWS_REGION", usual: false },
    Field { name: "endpoint", key: "AWS_ENDPOINT_URL", remote: "AWS_ENDPOINT_URL", usual: false },
    Field { name: "bucket", key: "S3_BUCKET", remote: "S3_BUCKET", usual: false },
];

/// An access key for S3 and what speaks its language: `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`; region, endpoint
/// and bucket when `keys` names them. Read again every 1h unless said otherwise.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct S3Credentials {
    /// Address of the folder or entry in the store.
    #[validate(length(min = 1))]
    pub path: Text,
    /// Whether the values are a folder of single secrets or the fields of one entry; default as the store's provider keeps values: `folder` on Infisical, `entry` elsewhere.
    pub layout: Option<Layout>,
    /// What the fields are called at the store; `false` leaves one out.
    #[serde(default)]
    #[schemars(schema_with = "keys")]
    pub keys: IndexMap<String, RemoteName>,
    /// What the keys are called in the Secret.
    #[serde(default, rename = "as")]
    #[schemars(schema_with = "names")]
    pub names: IndexMap<String, Text>,
    /// Text put before the upper-case names.
    #[validate(length(min = 1))]
    #[schemars(regex(pattern = r"^([A-Za-z_][A-Za-z0-9_]*)?$"), extend("x-on" = {"pattern": {"message": "{value} makes no names that a shell can read as variables", "fix": "write letters, digits and `_`, and no digit first; other names are given in `as`"}}))]
    pub env_prefix: Option<Text>,
    /// Version of the entry; `latest` is the same as none.
    pub version: Option<Text>,
}

fn keys(generator: &mut SchemaGenerator) -> Schema {
    keys_schema(&FIELDS, generator)
}

fn names(generator: &mut SchemaGenerator) -> Schema {
    names_schema(&FIELDS, generator)
}

impl S3Credentials {
    pub(crate) fn fields(&self) -> Vec<NamedField> {
        named_fields(&FIELDS, &self.keys, &self.names, self.env_prefix.as_ref())
    }
}

/// Arguments of [`ExternalSecretConfig::s3_credentials`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct S3CredentialsArgs {
    /// Name of the external secret.
    pub name: Text,
    /// Namespace.
    pub namespace: Option<Text>,
    /// Store.
    pub secret_store_ref: Option<SecretStoreRef>,
    /// Address of the folder or entry in the store.
    pub s3_path: Text,
    /// Name of the Secret, default that of the external secret.
    pub target_secret_name: Option<Text>,
    /// How the values lie in the store.
    pub layout: Option<Layout>,
    /// What the fields are called at the store.
    pub keys: IndexMap<String, RemoteName>,
    /// What the keys are called in the Secret.
    pub names: IndexMap<String, Text>,
    /// Text put before the upper-case names.
    pub env_prefix: Option<Text>,
}

impl ExternalSecretConfig {
    /// An external secret with an S3 access key, under the names that AWS tools read from the environment.
    pub fn s3_credentials(args: S3CredentialsArgs) -> Self {
        Self::from_helper(
            args.name,
            args.namespace,
            args.secret_store_ref,
            args.target_secret_name,
            Helper::S3Credentials(S3Credentials {
                path: args.s3_path,
                layout: args.layout,
                keys: args.keys,
                names: args.names,
                env_prefix: args.env_prefix,
                version: None,
            }),
        )
    }
}
