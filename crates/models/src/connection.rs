//! Typed connections: secrets that hold `{"type": …, "details": {…}}`, by name.

use std::borrow::Cow;
use std::fmt;

use keyloom_connections::Kind;
use keyloom_syntax::Text;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};
use serde_json::json;
use validator::{Validate, ValidationErrors};

use crate::defaults::Defaults;
use crate::list::{Declared, List};
use crate::name::CONNECTION_NAME;
use crate::reference::SecretStoreRef;

/// A typed connection: one secret of a store that holds `{"type": …, "details": {…}}`. What is in `details` stands in the store
/// alone. Programs read it by its name, and an external secret with the helper `connection` makes keys of it.
///
/// ```
/// use keyloom_models::ConnectionConfig;
/// let postgres = ConnectionConfig::new("my-postgres", "postgres".parse().unwrap()).path("/connections/my-postgres");
/// assert_eq!(postgres.kind.kind().word, "postgres");
/// assert_eq!(postgres.address(), "/connections/my-postgres");
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(transform = refuse_details)]
pub struct ConnectionConfig {
    /// Name of the connection, by which it is asked for; unique in the declaration.
    #[validate(length(min = 1, max = 253), regex(path = *CONNECTION_NAME))]
    pub name: Text,
    /// What it leads to, such as `postgres`.
    #[serde(rename = "type")]
    pub kind: ConnectionType,
    /// Store that holds the secret; may be left out when one store is in scope of whoever reads it.
    pub secret_store_ref: Option<SecretStoreRef>,
    /// Address of the secret in the store, default the name of the connection.
    #[validate(length(min = 1))]
    pub path: Option<Text>,
}

/// A type of connection, as it was written.
#[derive(Clone, Copy)]
pub struct ConnectionType {
    kind: &'static Kind,
    alias: Option<&'static str>,
}

/// A word that is no type of connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a type of connection")]
pub struct UnknownConnectionType;

impl ConnectionConfig {
    /// A connection of that type.
    pub fn new(name: impl Into<Text>, kind: ConnectionType) -> Self {
        Self { name: name.into(), kind, secret_store_ref: None, path: None }
    }

    /// Sets the store.
    #[must_use]
    pub fn secret_store_ref(mut self, store: impl Into<SecretStoreRef>) -> Self {
        self.secret_store_ref = Some(store.into());
        self
    }

    /// Sets the address in the store.
    #[must_use]
    pub fn path(mut self, path: impl Into<Text>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// The address in the store.
    pub fn address(&self) -> &Text {
        self.path.as_ref().unwrap_or(&self.name)
    }
}

impl ConnectionType {
    /// The type itself.
    pub fn kind(self) -> &'static Kind {
        self.kind
    }

    /// The word that was written in place of the type's own, such as `mongodb`.
    pub fn alias(self) -> Option<&'static str> {
        self.alias
    }
}

impl std::str::FromStr for ConnectionType {
    type Err = UnknownConnectionType;

    fn from_str(word: &str) -> Result<Self, UnknownConnectionType> {
        if let Some(kind) = Kind::of(word) {
            return Ok(Self { kind, alias: None });
        }
        let alias = Kind::aliases().find(|(alias, _)| *alias == word);
        alias.map(|(alias, kind)| Self { kind, alias: Some(alias) }).ok_or(UnknownConnectionType)
    }
}

impl PartialEq for ConnectionType {
    fn eq(&self, other: &Self) -> bool {
        self.kind.word == other.kind.word
    }
}

impl fmt::Debug for ConnectionType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.word)
    }
}

impl<'de> Deserialize<'de> for ConnectionType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = Cow::<'_, str>::deserialize(deserializer)?;
        word.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for ConnectionType {
    fn schema_name() -> Cow<'static, str> {
        "ConnectionType".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words = Kind::all().map(|kind| (kind.word, kind.about));
        let aliases = Kind::aliases().map(|(alias, kind)| (alias, kind.about));
        let (words, about): (Vec<_>, Vec<_>) = words.chain(aliases).unzip();
        let unknown = json!({
            "message": "{value} is not a type of connection",
            "fix": "write a type such as postgres, snowflake or generic; docs/connection-types.md has them all",
        });
        json_schema!({ "type": "string", "enum": words, "enumDescriptions": about, "x-on": { "enum": unknown } })
    }
}

/// Whoever writes `details` here is about to write a password into a file.
fn refuse_details(schema: &mut Schema) {
    let refused = json!({
        "not": {},
        "x-secret": true,
        "x-code": crate::code::CONNECTION_DETAILS,
        "x-message": "`details` of a connection do not belong in a declaration",
        "x-why": "they hold credentials, and a declaration is read by many",
        "x-fix": "leave `details` out, and keep {\"type\": ..., \"details\": {...}} as a secret in the store, under `path`",
    });
    if let Some(properties) = schema.get_mut("properties").and_then(|it| it.as_object_mut()) {
        properties.insert("details".to_owned(), refused);
    }
}

impl Declared for ConnectionConfig {
    const LIST: List = List::Connections;

    /// It is no object of Kubernetes: the namespace is that of whoever reads it.
    fn fill(&mut self, defaults: &Defaults) {
        if self.secret_store_ref.is_none() {
            self.secret_store_ref.clone_from(&defaults.secret_store_ref);
        }
        if let Some(prefix) = &defaults.path_prefix {
            self.path = Some(prefix.join(self.address()));
        }
    }

    fn identity(&self) -> (&'static str, Option<&Text>, &Text) {
        ("connection", None, &self.name)
    }

    fn limits(&self) -> ValidationErrors {
        self.validate().err().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use keyloom_connections::{Kind, suggest};

    /// The room of the types takes no other crate of Keyloom, so it counts typing errors itself.
    #[test]
    fn a_typing_error_is_forgiven_alike_in_a_secret_and_in_a_declaration() {
        let words: Vec<_> = Kind::all().map(|kind| kind.word).collect();
        let fields: Vec<_> = Kind::all().flat_map(|kind| kind.fields).map(|field| field.name).collect();
        for word in [
            "",
            "d",
            "db",
            "bd",
            "db2x",
            "s33",
            "mysq",
            "mysqll",
            "mqsyl",
            "postgress",
            "postgre",
            "postgers",
            "possgers",
            "Google-Cloud-Platform",
            "googlecloudplatfrm",
            "gogle_clod_platfor",
            "ggle_cld_pltform",
            "ggl_cld_pltfrm",
            "pasword",
            "pswrd",
            "psswrd",
            "hots",
            "prot",
            "prt",
            "usr",
            "usrname",
            "uname",
            "banana",
            "\u{e9}",
            "m\u{e9}sql",
        ] {
            for known in [&words, &fields] {
                let known = || known.iter().copied();
                assert_eq!(suggest(word, known()), keyloom_syntax::suggest::suggest(word, known()), "{word}");
            }
        }
        for length in [1, 2, 3, 4, 5, 6, 11, 12, 14, 15, 64, 65] {
            let known = "abcdefghijklmnopqrstuvwxyz".repeat(3)[..length].to_owned();
            for errors in 0..=5.min(length) {
                let word = format!("{}{}", "0".repeat(errors), &known[errors..]);
                let known = || std::iter::once(known.as_str());
                assert_eq!(
                    suggest(&word, known()),
                    keyloom_syntax::suggest::suggest(&word, known()),
                    "{word}"
                );
            }
        }
    }
}
