//! The stores that a push secret writes to.

use std::borrow::Cow;

use keyloom_syntax::Text;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};
use serde_json::json;

use crate::name::OBJECT_NAME;
use crate::policy::{AwsService, StoreKind};
use crate::reference::{SecretStoreRef, TextOr};
use crate::schema::text;
use crate::selector::LabelSelector;
use crate::store::ProviderKind;

/// Stores that are written to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PushStores(pub Vec<PushStore>);

/// A store that is written to, or all with certain labels.
#[derive(Clone, Debug, PartialEq)]
pub enum PushStore {
    /// One store.
    Named(SecretStoreRef),
    /// Every store with those labels.
    Labelled {
        /// The labels.
        selector: LabelSelector,
        /// Kind of the stores, default `SecretStore`.
        kind: Option<StoreKind>,
    },
}

impl PushStores {
    /// Stores by name.
    pub fn named<T: Into<Text>>(names: impl IntoIterator<Item = T>) -> Self {
        Self(names.into_iter().map(|name| PushStore::Named(SecretStoreRef::from(name.into()))).collect())
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["name"]}, {"required": ["labelSelector"], "properties": {"provider": {"not": {}, "x-code": "not-allowed", "x-message": "`provider` beside `labelSelector`", "x-fix": "leave `provider` out"}, "service": {"not": {}, "x-code": "not-allowed", "x-message": "`service` beside `labelSelector`", "x-fix": "leave `service` out"}, "path": {"not": {}, "x-code": "not-allowed", "x-message": "`path` beside `labelSelector`", "x-fix": "leave `path` out"}}}], "x-noun" = "a reference to a store"))]
struct WrittenStore {
    /// Name of the store.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    name: Option<Text>,
    /// Every store with those labels.
    label_selector: Option<LabelSelector>,
    /// Kind of the store, default `SecretStore` when the store is not declared.
    kind: Option<StoreKind>,
    /// Provider of the store; needed when the store is not declared, for paths mean something else in each.
    provider: Option<ProviderKind>,
    /// Service of a store in AWS that is not declared, default `SecretsManager`.
    service: Option<AwsService>,
    /// Mount of a store in Vault that is not declared, such as `kv`.
    path: Option<Text>,
}

impl<'de> Deserialize<'de> for PushStore {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match TextOr::<WrittenStore>::deserialize(deserializer)? {
            TextOr::Text(name) => Self::Named(name.into()),
            TextOr::Other(WrittenStore { label_selector: Some(selector), kind, .. }) => {
                Self::Labelled { selector, kind }
            }
            TextOr::Other(WrittenStore { name, kind, provider, service, path, label_selector: None }) => {
                Self::Named(SecretStoreRef { name: name.unwrap_or_default(), kind, provider, service, path })
            }
        })
    }
}

impl JsonSchema for PushStore {
    fn schema_name() -> Cow<'static, str> {
        "PushStore".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let whole = generator.subschema_for::<WrittenStore>();
        let name = text(generator, &json!({ "minLength": 1 }));
        schemars::json_schema!({
            "description": "A store that is written to: its name when it is declared, name, kind and provider, or the labels of several.",
            "anyOf": [name, whole],
        })
    }
}

impl<'de> Deserialize<'de> for PushStores {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        OneOrMany::deserialize(deserializer).map(|OneOrMany(stores)| Self(stores))
    }
}

impl JsonSchema for PushStores {
    fn schema_name() -> Cow<'static, str> {
        "PushStores".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<PushStore>();
        let name = text(generator, &json!({ "minLength": 1 }));
        schemars::json_schema!({
            "description": "Stores that are written to: the name of one, or a list.",
            "anyOf": [
                name,
                { "type": "array", "items": one, "minItems": 1 },
            ],
        })
    }
}

/// A name, or a list.
struct OneOrMany(Vec<PushStore>);

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> serde::de::Visitor<'de> for V {
            type Value = OneOrMany;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("text or a list")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<OneOrMany, E> {
                Ok(OneOrMany(vec![PushStore::Named(Text::plain(text).into())]))
            }
            fn visit_enum<A: serde::de::EnumAccess<'de>>(self, data: A) -> Result<OneOrMany, A::Error> {
                let name = Text::deserialize(serde::de::value::EnumAccessDeserializer::new(data))?;
                Ok(OneOrMany(vec![PushStore::Named(name.into())]))
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<OneOrMany, A::Error> {
                let mut stores = Vec::new();
                while let Some(store) = items.next_element()? {
                    stores.push(store);
                }
                Ok(OneOrMany(stores))
            }
        }
        deserializer.deserialize_any(V)
    }
}
