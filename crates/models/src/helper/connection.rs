//! Keys of a typed connection.

use indexmap::IndexMap;
use keyloom_connections::{Field, Kind, Shape};
use keyloom_syntax::Text;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::json;
use validator::Validate;

use super::{Helper, RemoteName, upper_snake};
use crate::config::ConnectionKey;
use crate::connection::ConnectionType;
use crate::external_secret::ExternalSecretConfig;
use crate::name::{CONNECTION_NAME, SECRET_KEY};
use crate::reference::SecretStoreRef;
use crate::schema;

/// Keys of a typed connection, whose one secret holds `{"type": …, "details": {…}}`: one for each field that its type demands or has a
/// default for. A secret of another type, or without such a field, fails the sync. Read again every 10m unless said otherwise.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Connection {
    /// Name of the connection, as `connections` has it.
    #[validate(length(min = 1, max = 253), regex(path = *CONNECTION_NAME))]
    pub name: Text,
    /// Type of a connection that is not declared in `connections`, such as `postgres`.
    #[serde(rename = "type")]
    pub kind: Option<ConnectionType>,
    /// Address of a connection that is not declared in `connections`, default its name.
    #[validate(length(min = 1))]
    pub path: Option<Text>,
    /// What keys are called in the Secret, by field of the connection. A field that is optional gets a key when it stands here; `false` leaves one out.
    #[serde(default, rename = "as")]
    #[schemars(schema_with = "names")]
    pub names: IndexMap<String, RemoteName>,
    /// Text put before the upper-case names, such as `DB_` for `DB_HOST`, `DB_PORT` ...
    #[validate(length(min = 1))]
    #[schemars(regex(pattern = r"^([A-Za-z_][A-Za-z0-9_]*)?$"), extend("x-on" = {"pattern": {"message": "{value} makes no names that a shell can read as variables", "fix": "write letters, digits and `_`, and no digit first; other names are given in `as`"}}))]
    pub env_prefix: Option<Text>,
    /// A connection string as one more key.
    #[validate(nested)]
    pub url: Option<ConnectionHelperUrl>,
}

/// A connection string made of a typed connection: `SCHEME://username:password@host:port/database`, user name, password and database escaped.
/// Of PostgreSQL's schemes it has `?sslmode=` with the `ssl_mode` of the connection, or the type's default.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConnectionHelperUrl {
    /// Key in the Secret, such as `DATABASE_URL`.
    #[validate(length(min = 1, max = 253), regex(path = *SECRET_KEY))]
    pub key: Text,
    /// Scheme of the URL; default by the type, such as `postgresql` for `postgres` and `redshift`.
    #[schemars(regex(pattern = r"^[a-z][a-z0-9+.-]*$"))]
    pub scheme: Option<Text>,
    /// What follows `?`, such as `application_name=orders`; written as it is. A `sslmode` here counts before that of the connection.
    #[schemars(regex(pattern = r"^([^?]|$)"), extend("x-on" = {"pattern": {"message": "{value} begins with `?`, which is written before it anyway", "fix": "leave out the `?`"}}))]
    pub parameters: Option<Text>,
}

fn names(generator: &mut SchemaGenerator) -> Schema {
    let limits = json!({ "pattern": crate::name::SECRET_KEY_PATTERN, "minLength": 1, "maxLength": 253 });
    let name = schema::text(generator, &limits);
    json_schema!({
        "type": "object",
        "minProperties": 1,
        "additionalProperties": { "anyOf": [name, { "const": false, "x-on": { "const": {
            "message": "{value} is not the name of a key",
            "fix": "write what the key is to be called, in quotes, or `false` to leave it out",
        } } }] },
    })
}

/// Schemes of connection strings, where one is what every client takes.
const SCHEMES: [(&str, &str); 5] = [
    ("mongo", "mongodb"),
    ("mysql", "mysql"),
    ("planetscale_mysql", "mysql"),
    ("postgres", "postgresql"),
    ("redshift", "postgresql"),
];

impl Connection {
    /// The keys of the Secret, in the order of the type.
    pub(crate) fn keys(&self, kind: &'static Kind) -> Vec<ConnectionKey> {
        let key = |field: &'static Field| {
            let named = self.names.contains_key(field.name);
            Some(ConnectionKey { key: self.key(field)?, field, named })
        };
        kind.fields.iter().filter_map(key).collect()
    }

    fn key(&self, field: &Field) -> Option<Text> {
        match self.names.get(field.name) {
            Some(RemoteName::LeftOut) => None,
            Some(RemoteName::Named(name)) => Some(name.clone()),
            None if !field.required && field.default.is_none() => None,
            None => Some(match &self.env_prefix {
                Some(prefix) => prefix.join(&upper_snake(field.name).into()),
                None => field.name.into(),
            }),
        }
    }
}

/// The scheme of a type's connection strings.
pub(crate) fn scheme(kind: &Kind) -> Option<&'static str> {
    SCHEMES.iter().find(|(word, _)| *word == kind.word).map(|(_, scheme)| *scheme)
}

/// A field of the type that a connection string can hold.
pub(crate) fn part_of_url(kind: &'static Kind, name: &str) -> Option<&'static Field> {
    kind.field(name).filter(|field| matches!(field.shape, Shape::Text | Shape::Port | Shape::Integer))
}

/// Arguments of [`ExternalSecretConfig::connection`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConnectionArgs {
    /// Name of the external secret.
    pub name: Text,
    /// Namespace.
    pub namespace: Option<Text>,
    /// Store of a connection that is not declared.
    pub secret_store_ref: Option<SecretStoreRef>,
    /// Name of the Secret, default that of the external secret.
    pub target_secret_name: Option<Text>,
    /// The connection, and what its keys are called.
    pub connection: Connection,
}

impl ExternalSecretConfig {
    /// An external secret with the keys of a typed connection.
    ///
    /// ```
    /// use keyloom_models::{Connection, ConnectionArgs, ExternalSecretConfig};
    /// let postgres = ExternalSecretConfig::connection(ConnectionArgs {
    ///     name: "postgres".into(),
    ///     connection: Connection { name: "my-postgres".into(), env_prefix: Some("DB_".into()), ..Default::default() },
    ///     ..Default::default()
    /// });
    /// ```
    pub fn connection(args: ConnectionArgs) -> Self {
        Self::from_helper(
            args.name,
            args.namespace,
            args.secret_store_ref,
            args.target_secret_name,
            Helper::Connection(args.connection),
        )
    }
}
