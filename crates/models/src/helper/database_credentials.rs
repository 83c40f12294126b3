//! Credentials of a database.

use indexmap::IndexMap;
use keyloom_syntax::Text;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use validator::Validate;

use super::{Field, Helper, Layout, NamedField, RemoteName, keys_schema, named_fields, names_schema};
use crate::external_secret::ExternalSecretConfig;
use crate::name::SECRET_KEY;
use crate::reference::SecretStoreRef;

static FIELDS: [Field; 5] = [
    Field::same("host"),
    Field::same("port"),
    Field::same("username"),
    Field::same("password"),
    Field::same("database"),
];

/// Host, port, user name, password and database: five keys from one path. Read again every 10m unless said otherwise.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DatabaseCredentials {
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
    /// Text put before the upper-case names, such as `DB_` for `DB_HOST`, `DB_PORT` ...
    #[validate(length(min = 1))]
    #[schemars(regex(pattern = r"^([A-Za-z_][A-Za-z0-9_]*)?$"), extend("x-on" = {"pattern": {"message": "{value} makes no names that a shell can read as variables", "fix": "write letters, digits and `_`, and no digit first; other names are given in `as`"}}))]
    pub env_prefix: Option<Text>,
    /// A connection string as one more key.
    #[validate(nested)]
    pub url: Option<ConnectionUrl>,
    /// Version of the entry; `latest` is the same as none.
    pub version: Option<Text>,
}

fn keys(generator: &mut SchemaGenerator) -> Schema {
    keys_schema(&FIELDS, generator)
}

fn names(generator: &mut SchemaGenerator) -> Schema {
    names_schema(&FIELDS, generator)
}

/// A connection string made of the other keys: `SCHEME://username:password@host:port/database`, user name and password escaped.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConnectionUrl {
    /// Key in the Secret, such as `DATABASE_URL`.
    #[validate(length(min = 1, max = 253), regex(path = *SECRET_KEY))]
    pub key: Text,
    /// Scheme of the URL, such as `postgresql`, `mysql`, `mongodb` or `amqp`.
    #[schemars(regex(pattern = r"^[a-z][a-z0-9+.-]*$"))]
    pub scheme: Text,
    /// What follows `?`, such as `sslmode=require`; written as it is.
    #[schemars(regex(pattern = r"^([^?]|$)"), extend("x-on" = {"pattern": {"message": "{value} begins with `?`, which is written before it anyway", "fix": "leave out the `?`"}}))]
    pub parameters: Option<Text>,
}

impl DatabaseCredentials {
    pub(crate) fn fields(&self) -> Vec<NamedField> {
        named_fields(&FIELDS, &self.keys, &self.names, self.env_prefix.as_ref())
    }
}

/// Arguments of [`ExternalSecretConfig::database_credentials`], by name so that five strings cannot be swapped.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DatabaseCredentialsArgs {
    /// Name of the external secret.
    pub name: Text,
    /// Namespace.
    pub namespace: Option<Text>,
    /// Store.
    pub secret_store_ref: Option<SecretStoreRef>,
    /// Address of the folder or entry in the store.
    pub database_path: Text,
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
    /// A connection string as one more key.
    pub url: Option<ConnectionUrl>,
}

impl ExternalSecretConfig {
    /// An external secret with the keys `host`, `port`, `username`, `password` and `database`.
    ///
    /// ```
    /// use keyloom_models::{DatabaseCredentialsArgs, ExternalSecretConfig};
    /// let postgres = ExternalSecretConfig::database_credentials(DatabaseCredentialsArgs {
    ///     name: "postgres".into(),
    ///     database_path: "/databases/postgres".into(),
    ///     secret_store_ref: Some("app-secret-store".into()),
    ///     ..Default::default()
    /// });
    /// ```
    pub fn database_credentials(args: DatabaseCredentialsArgs) -> Self {
        Self::from_helper(
            args.name,
            args.namespace,
            args.secret_store_ref,
            args.target_secret_name,
            Helper::DatabaseCredentials(DatabaseCredentials {
                path: args.database_path,
                layout: args.layout,
                keys: args.keys,
                names: args.names,
                env_prefix: args.env_prefix,
                url: args.url,
                version: None,
            }),
        )
    }
}
