//! Items as a program of Pulumi hands them over: one at a time, from any deserializer, each with a name to fall back on.
//! What they may hold says [`schema::inputs`](crate::schema::inputs).

use keyloom_syntax::{Block, Text};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use crate::apart;
use crate::app_connection::{AppConnectionConfig, ElsewhereConnection};
use crate::external_secret::{Content, ExternalSecretConfig};
use crate::helper::{ApiKey, DatabaseCredentials, Helper, TlsCertificate};
use crate::name::NAMESPACE_PATTERN;
use crate::secret_sync::{AppConnectionRef, SecretSyncConfig};
use crate::store::SecretStoreConfig;

/// A whole declaration, from a file or in place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["file"]}, {"required": ["content"]}], "x-code" = "exactly-one", "x-codes" = {"oneOf-none": "exactly-one"}, "x-noun" = "a declaration", "x-fix" = "write one of `file` and `content`"))]
pub struct DeclarationInputs {
    /// Path of the declaration, such as `keyloom.yaml`, seen from the program's folder. Or `content`.
    #[schemars(length(min = 1))]
    pub file: Option<String>,
    /// The declaration itself, in YAML or JSON. Or `file`.
    pub content: Option<String>,
    /// Environment of the declaration, default none: what it says without any.
    #[schemars(length(min = 1))]
    pub environment: Option<String>,
    /// Version of External Secrets Operator that is written for, such as `2.9`; default what the declaration says.
    #[schemars(length(min = 1))]
    pub eso: Option<String>,
    /// Namespace of every item that says none.
    #[schemars(length(min = 1, max = 63), regex(pattern = NAMESPACE_PATTERN))]
    pub namespace: Option<String>,
}

/// The helpers whose fields are handed over beside those of the external secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlatHelper {
    /// Credentials of a database.
    DatabaseCredentials,
    /// One key of an API.
    ApiKey,
    /// A TLS certificate.
    TlsCertificate,
}

impl FlatHelper {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::DatabaseCredentials, Self::ApiKey, Self::TlsCertificate];

    /// Its field in the document.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DatabaseCredentials => "databaseCredentials",
            Self::ApiKey => "apiKey",
            Self::TlsCertificate => "tlsCertificate",
        }
    }

    /// The fields that are its own.
    fn fields(self) -> &'static [&'static str] {
        match self {
            Self::DatabaseCredentials => &["path", "layout", "keys", "as", "envPrefix", "url", "version"],
            Self::ApiKey => &["path", "keyName", "property", "version"],
            Self::TlsCertificate => &["path", "layout", "keys", "ca", "version"],
        }
    }

    fn of(self, fields: &Block) -> Result<Helper, serde::de::value::Error> {
        Ok(match self {
            Self::DatabaseCredentials => {
                Helper::DatabaseCredentials(DatabaseCredentials::deserialize(fields)?)
            }
            Self::ApiKey => Helper::ApiKey(ApiKey::deserialize(fields)?),
            Self::TlsCertificate => Helper::TlsCertificate(TlsCertificate::deserialize(fields)?),
        })
    }
}

/// A whole declaration.
///
/// # Errors
/// As [`store`].
pub fn declaration<'de, D: Deserializer<'de>>(inputs: D) -> Result<DeclarationInputs, D::Error> {
    DeclarationInputs::deserialize(inputs)
}

/// A store, called `name` unless it says so itself.
///
/// # Errors
/// Whatever does not fit: inputs that passed their schema may still hold a word that is not known yet.
pub fn store<'de, D: Deserializer<'de>>(name: &str, inputs: D) -> Result<SecretStoreConfig, D::Error> {
    let mut store = SecretStoreConfig::deserialize(inputs)?;
    or_name(&mut store.name, name);
    Ok(store)
}

/// An external secret, called `name` unless it says so itself.
///
/// # Errors
/// As [`store`].
pub fn external_secret<'de, D: Deserializer<'de>>(
    name: &str,
    inputs: D,
) -> Result<ExternalSecretConfig, D::Error> {
    let mut item = ExternalSecretConfig::deserialize(inputs)?;
    or_name(&mut item.name, name);
    Ok(item)
}

/// An app connection, called `name` unless it says so itself. Its credentials may lie in the state, which is encrypted.
///
/// # Errors
/// As [`store`].
pub fn app_connection<'de, D: Deserializer<'de>>(
    name: &str,
    inputs: D,
) -> Result<AppConnectionConfig, D::Error> {
    let mut item = AppConnectionConfig::deserialize(inputs)?.credentials_in_state();
    or_name(&mut item.name, name);
    Ok(item)
}

/// A secret sync, called `name` unless it says so itself. A connection that is not known yet, as in the preview that makes it,
/// is one of the right app with an id that is not known yet.
///
/// # Errors
/// As [`store`].
pub fn secret_sync<'de, D: Deserializer<'de>>(name: &str, inputs: D) -> Result<SecretSyncConfig, D::Error> {
    let mut item = SecretSyncConfig::deserialize(inputs)?;
    if let AppConnectionRef::Declared(unknown) = &item.app_connection {
        let app = item.destination.kind().app();
        item.app_connection = ElsewhereConnection { id: unknown.clone(), app }.into();
    }
    or_name(&mut item.name, name);
    Ok(item)
}

/// An external secret of one helper, whose fields stand beside its own.
///
/// # Errors
/// As [`store`].
pub fn helper<'de, D: Deserializer<'de>>(
    helper: FlatHelper,
    name: &str,
    inputs: D,
) -> Result<ExternalSecretConfig, D::Error> {
    let own = |key: &str| helper.fields().contains(&key);
    let (mut item, fields): (ExternalSecretConfig, _) = apart::read(inputs, own)?;
    let fields = Block::Map(fields.into_iter().map(|(key, value)| (key.into(), value)).collect());
    item.content = Content::Helper(Box::new(helper.of(&fields).map_err(D::Error::custom)?));
    or_name(&mut item.name, name);
    Ok(item)
}

fn or_name(own: &mut Text, name: &str) {
    if own.is_empty() {
        *own = name.into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::inputs;

    fn fields(schema: &serde_json::Value) -> Vec<&str> {
        schema["properties"].as_object().unwrap().keys().map(String::as_str).collect()
    }

    #[test]
    fn the_fields_of_a_helper_are_those_of_its_type_and_none_of_the_items() {
        let item = inputs::external_secret();
        for helper in FlatHelper::ALL {
            let document = crate::document_schema();
            let definition = helper.as_str()[..1].to_uppercase() + &helper.as_str()[1..];
            assert_eq!(fields(&document["definitions"][&definition]), helper.fields());
            let flat = inputs::helper(helper);
            assert!(
                helper.fields().iter().all(|field| flat["properties"].get(field).is_some()),
                "{helper:?}"
            );
            assert!(!fields(&item).iter().any(|field| helper.fields().contains(field)), "{helper:?}");
        }
    }

    #[test]
    fn fields_side_by_side_are_the_item_with_its_helper() {
        let flat = serde_json::json!({"namespace": "web", "path": "/db", "keys": {"port": false}, "as": {"host": "H"}});
        let item = helper(FlatHelper::DatabaseCredentials, "postgres", flat).unwrap();
        let nested = serde_json::json!({"name": "postgres", "namespace": "web", "databaseCredentials":
            {"path": "/db", "keys": {"port": false}, "as": {"host": "H"}}});
        assert_eq!(item, ExternalSecretConfig::deserialize(nested).unwrap());
        assert!(helper(FlatHelper::ApiKey, "a", serde_json::json!({"path": "p"})).is_err(), "no keyName");
    }
}
