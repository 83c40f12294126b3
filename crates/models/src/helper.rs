//! Helpers: the usual kinds of secret, each one line for what would be many.

use std::borrow::Cow;
use std::fmt;

use indexmap::IndexMap;
use keyloom_syntax::Text;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};

use crate::duration::Duration;
use crate::schema;

mod api_key;
mod basic_auth;
pub(crate) mod connection;
mod database_credentials;
mod docker_config;
mod s3_credentials;
mod tls_certificate;

pub use api_key::{ApiKey, ApiKeyArgs};
pub use basic_auth::{BasicAuth, BasicAuthArgs};
pub use connection::{Connection, ConnectionArgs, ConnectionHelperUrl};
pub use database_credentials::{ConnectionUrl, DatabaseCredentials, DatabaseCredentialsArgs};
pub use docker_config::{DockerConfig, DockerConfigArgs};
pub use s3_credentials::{S3Credentials, S3CredentialsArgs};
pub use tls_certificate::{TlsCertificate, TlsCertificateArgs};

/// The kinds of secret that have a helper.
#[derive(Clone, Debug, PartialEq)]
pub enum Helper {
    /// Host, port, user, password and name of a database.
    DatabaseCredentials(DatabaseCredentials),
    /// One key of an API.
    ApiKey(ApiKey),
    /// A TLS certificate with its private key.
    TlsCertificate(TlsCertificate),
    /// A user and a password.
    BasicAuth(BasicAuth),
    /// Credentials of a container registry.
    DockerConfig(DockerConfig),
    /// An access key for S3 and what speaks its language.
    S3Credentials(S3Credentials),
    /// Keys of a typed connection.
    Connection(Connection),
}

impl Helper {
    /// Its field in the document.
    pub fn name(&self) -> &'static str {
        match self {
            Self::DatabaseCredentials(_) => "databaseCredentials",
            Self::ApiKey(_) => "apiKey",
            Self::TlsCertificate(_) => "tlsCertificate",
            Self::BasicAuth(_) => "basicAuth",
            Self::DockerConfig(_) => "dockerConfig",
            Self::S3Credentials(_) => "s3Credentials",
            Self::Connection(_) => "connection",
        }
    }

    /// The remote address; none where a declared connection has it.
    pub fn path(&self) -> Option<&Text> {
        match self {
            Self::DatabaseCredentials(helper) => Some(&helper.path),
            Self::ApiKey(helper) => Some(&helper.path),
            Self::TlsCertificate(helper) => Some(&helper.path),
            Self::BasicAuth(helper) => Some(&helper.path),
            Self::DockerConfig(helper) => Some(&helper.path),
            Self::S3Credentials(helper) => Some(&helper.path),
            Self::Connection(helper) => helper.path.as_ref(),
        }
    }

    /// The remote address, to put something before it.
    pub(crate) fn path_mut(&mut self) -> Option<&mut Text> {
        match self {
            Self::DatabaseCredentials(helper) => Some(&mut helper.path),
            Self::ApiKey(helper) => Some(&mut helper.path),
            Self::TlsCertificate(helper) => Some(&mut helper.path),
            Self::BasicAuth(helper) => Some(&mut helper.path),
            Self::DockerConfig(helper) => Some(&mut helper.path),
            Self::S3Credentials(helper) => Some(&mut helper.path),
            Self::Connection(helper) => {
                // One that is declared has its path there.
                if helper.kind.is_some() && helper.path.is_none() {
                    helper.path = Some(helper.name.clone());
                }
                helper.path.as_mut()
            }
        }
    }

    /// How often this kind of secret is read again, and the range that makes sense: shortest, default, longest.
    pub fn refresh(&self) -> Refresh {
        match self {
            Self::DatabaseCredentials(_) | Self::BasicAuth(_) | Self::Connection(_) => Refresh {
                shortest: Duration::from_mins(5),
                default: Duration::from_mins(10),
                longest: Duration::from_mins(15),
            },
            Self::ApiKey(_) | Self::DockerConfig(_) | Self::S3Credentials(_) => Refresh {
                shortest: Duration::from_mins(15),
                default: Duration::from_hours(1),
                longest: Duration::from_hours(6),
            },
            Self::TlsCertificate(_) => Refresh {
                shortest: Duration::from_hours(1),
                default: Duration::from_hours(24),
                longest: Duration::from_hours(24),
            },
        }
    }

    /// The fields it takes and how they are called at both ends; a helper of one value has none, and those of a connection are its
    /// type's.
    pub fn fields(&self) -> Vec<NamedField> {
        match self {
            Self::DatabaseCredentials(helper) => helper.fields(),
            Self::TlsCertificate(helper) => helper.fields(),
            Self::BasicAuth(helper) => helper.fields(),
            Self::S3Credentials(helper) => helper.fields(),
            Self::DockerConfig(helper) => helper.fields(),
            Self::ApiKey(_) | Self::Connection(_) => Vec::new(),
        }
    }

    /// How the values lie in the store, when it is said.
    pub fn layout(&self) -> Option<Layout> {
        match self {
            Self::DatabaseCredentials(helper) => helper.layout,
            Self::TlsCertificate(helper) => helper.layout,
            Self::BasicAuth(helper) => helper.layout,
            Self::S3Credentials(helper) => helper.layout,
            Self::DockerConfig(helper) => helper.layout,
            Self::ApiKey(_) | Self::Connection(_) => None,
        }
    }

    /// Type of the Secret that the kind asks for.
    pub fn secret_type(&self) -> Option<&'static str> {
        match self {
            Self::TlsCertificate(_) => Some("kubernetes.io/tls"),
            Self::BasicAuth(_) => Some("kubernetes.io/basic-auth"),
            Self::DockerConfig(_) => Some("kubernetes.io/dockerconfigjson"),
            Self::DatabaseCredentials(_) | Self::ApiKey(_) | Self::S3Credentials(_) | Self::Connection(_) => {
                None
            }
        }
    }
}

/// A refresh interval with the range that makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refresh {
    /// Below this the backend is asked more often than it helps.
    pub shortest: Duration,
    /// Used when nothing is said.
    pub default: Duration,
    /// Above this a rotated secret stays wrong for too long.
    pub longest: Duration,
}

/// How the values of a helper lie in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Layout {
    /// A folder of single secrets: `PATH/host`, `PATH/port` ... The default on Infisical.
    Folder,
    /// One structured entry with fields. The default elsewhere.
    Entry,
}

impl JsonSchema for Layout {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Layout".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": ["folder", "entry"] })
    }
}

/// A field of a helper: what it is called by default.
pub(crate) struct Field {
    /// Name in the document's `keys` and `as`.
    pub(crate) name: &'static str,
    /// Key in the Secret.
    pub(crate) key: &'static str,
    /// Name at the store.
    pub(crate) remote: &'static str,
    /// Whether it is taken when `keys` does not name it.
    pub(crate) usual: bool,
}

impl Field {
    /// A field with one name everywhere.
    pub(crate) const fn same(name: &'static str) -> Self {
        Self { name, key: name, remote: name, usual: true }
    }
}

/// A field as it is called at both ends.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedField {
    /// Name in the document's `keys` and `as`.
    pub name: &'static str,
    /// Key in the Secret.
    pub key: Text,
    /// Name at the store.
    pub remote: Text,
}

/// The name of a field at the store, or of its key, or `false` to leave the field out.
#[derive(Clone, Debug, PartialEq)]
pub enum RemoteName {
    /// The name.
    Named(Text),
    /// The field is left out.
    LeftOut,
}

impl<T: Into<Text>> From<T> for RemoteName {
    fn from(name: T) -> Self {
        Self::Named(name.into())
    }
}

impl<'de> Deserialize<'de> for RemoteName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = RemoteName;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name, or false")
            }
            fn visit_str<E: de::Error>(self, name: &str) -> Result<RemoteName, E> {
                Ok(RemoteName::Named(name.into()))
            }
            fn visit_enum<A: de::EnumAccess<'de>>(self, data: A) -> Result<RemoteName, A::Error> {
                Text::deserialize(de::value::EnumAccessDeserializer::new(data)).map(RemoteName::Named)
            }
            fn visit_bool<E: de::Error>(self, take: bool) -> Result<RemoteName, E> {
                if take { Err(E::custom("write a name, or false")) } else { Ok(RemoteName::LeftOut) }
            }
        }
        deserializer.deserialize_any(V)
    }
}

/// Puts together what a helper's fields are called.
pub(crate) fn named_fields(
    table: &'static [Field],
    keys: &IndexMap<String, RemoteName>,
    names: &IndexMap<String, Text>,
    env_prefix: Option<&Text>,
) -> Vec<NamedField> {
    let mut fields = Vec::with_capacity(table.len());
    for field in table {
        let remote = match keys.get(field.name) {
            Some(RemoteName::LeftOut) => continue,
            Some(RemoteName::Named(name)) => name.clone(),
            None if field.usual => field.remote.into(),
            None => continue,
        };
        let key = match (names.get(field.name), env_prefix) {
            (Some(name), _) => name.clone(),
            (None, Some(prefix)) => prefix.join(&upper_snake(field.name).into()),
            (None, None) => field.key.into(),
        };
        fields.push(NamedField { name: field.name, key, remote });
    }
    fields
}

/// `accessKeyId` as an environment variable's name: `ACCESS_KEY_ID`.
fn upper_snake(name: &str) -> String {
    let mut upper = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() {
            upper.push('_');
        }
        upper.push(if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' });
    }
    upper
}

/// Schema of a helper's `keys`: its fields, each a name at the store or `false`.
pub(crate) fn keys_schema(table: &[Field], generator: &mut SchemaGenerator) -> Schema {
    let name = schema::text(generator, &json!({ "minLength": 1 }));
    fields_schema(table, |field| {
        json!({
            "anyOf": [name, { "const": false }],
            "description": format!("Name of `{}` at the store, default `{}`; `false` leaves it out.", field.name, field.remote),
        })
    })
}

/// Schema of a helper's `as`: its fields, each a key in the Secret.
pub(crate) fn names_schema(table: &[Field], generator: &mut SchemaGenerator) -> Schema {
    fields_schema(table, |field| {
        let limits = json!({
            "pattern": crate::name::SECRET_KEY_PATTERN,
            "minLength": 1,
            "maxLength": 253,
            "description": format!("Key of `{}` in the Secret, default `{}`.", field.name, field.key),
        });
        schema::text(generator, &limits)
    })
}

fn fields_schema(table: &[Field], mut of: impl FnMut(&Field) -> Value) -> Schema {
    let properties: Map<_, _> = table.iter().map(|field| (field.name.to_owned(), of(field))).collect();
    json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
}
