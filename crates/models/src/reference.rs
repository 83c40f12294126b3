//! Typed pointers: to a store, and to a secret's value in it.

use std::borrow::Cow;
use std::fmt;

use keyloom_syntax::Text;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{self, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer};
use serde_json::json;
use validator::Validate;

use crate::name::{OBJECT_NAME, SECRET_KEY};
use crate::policy::{
    AwsService, ConversionStrategy, DecodingStrategy, MetadataPolicy, NullBytePolicy, StoreKind,
};
use crate::schema;
use crate::store::ProviderKind;

/// Which store a secret is read from: the name of a declared store, or all there is to know of one that is not declared, which
/// [`SecretStoreConfig::reference`](crate::SecretStoreConfig::reference) says.
#[derive(Clone, Debug, PartialEq)]
pub struct SecretStoreRef {
    /// Name of the store.
    pub name: Text,
    /// Kind of the store; found out when the store is declared.
    pub kind: Option<StoreKind>,
    /// Provider of the store; found out when the store is declared.
    pub provider: Option<ProviderKind>,
    /// Service of a store in AWS, default Secrets Manager; found out when the store is declared.
    pub service: Option<AwsService>,
    /// Mount of a store in Vault; found out when the store is declared.
    pub path: Option<Text>,
}

impl<T: Into<Text>> From<T> for SecretStoreRef {
    fn from(name: T) -> Self {
        Self { name: name.into(), kind: None, provider: None, service: None, path: None }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WrittenStoreRef {
    /// Name of the store.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    name: Text,
    /// Kind of the store, default `SecretStore` when the store is not declared.
    kind: Option<StoreKind>,
    /// Provider of the store; needed when the store is not declared, for paths mean something else in each.
    provider: Option<ProviderKind>,
    /// Service of a store in AWS that is not declared, default `SecretsManager`.
    service: Option<AwsService>,
    /// Mount of a store in Vault that is not declared, such as `kv`.
    path: Option<Text>,
}

impl<'de> Deserialize<'de> for SecretStoreRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let either = TextOr::<WrittenStoreRef>::deserialize(deserializer)?;
        Ok(match either {
            TextOr::Text(name) => name.into(),
            TextOr::Other(WrittenStoreRef { name, kind, provider, service, path }) => {
                Self { name, kind, provider, service, path }
            }
        })
    }
}

impl JsonSchema for SecretStoreRef {
    fn schema_name() -> Cow<'static, str> {
        "SecretStoreRef".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let whole = generator.subschema_for::<WrittenStoreRef>();
        let name = schema::text(generator, &json!({ "minLength": 1 }));
        schemars::json_schema!({
            "description": "The store: its name when it is declared, or name, kind and provider.",
            "anyOf": [name, whole],
        })
    }
}

/// A leaf that is written as text for short, or as a mapping with everything.
pub(crate) enum TextOr<T> {
    Text(Text),
    Other(T),
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for TextOr<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for V<T> {
            type Value = TextOr<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text or a mapping")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<TextOr<T>, E> {
                // A placeholder is known by its `${`: a deserializer that substitutes hands it over as it stands.
                Ok(TextOr::Text(Text::plain(text)))
            }
            fn visit_enum<A: de::EnumAccess<'de>>(self, data: A) -> Result<TextOr<T>, A::Error> {
                Text::deserialize(de::value::EnumAccessDeserializer::new(data)).map(TextOr::Text)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<TextOr<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(TextOr::Other)
            }
        }
        deserializer.deserialize_any(V(std::marker::PhantomData))
    }
}

/// One value of a store and the key it gets in the Kubernetes Secret; or, with `keys`, several fields of one entry.
///
/// ```
/// use keyloom_models::SecretReference;
/// let sid = SecretReference::new("twilio_sid", "/sms/twilio").property("account_sid");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["key"]}, {"required": ["keys"], "properties": {"property": {"not": {}, "x-code": "property-beside-keys", "x-message": "`property` beside `keys`", "x-fix": "`keys` already says which fields are taken: leave `property` out"}}}], "x-code" = "key-or-keys", "x-codes" = {"oneOf-none": "key-or-keys"}, "x-noun" = "a secret reference"))]
pub struct SecretReference {
    /// Key in the Kubernetes Secret (ESO's `secretKey`): letters, digits, `-`, `_` and `.`.
    #[schemars(extend("x-aliases" = ["secretKey"]))]
    #[validate(length(min = 1, max = 253), regex(path = *SECRET_KEY))]
    pub key: Option<Text>,
    /// Address in the store, as the backend writes it (ESO's `remoteRef.key`).
    #[schemars(extend("x-aliases" = ["remoteRef.key"]))]
    #[validate(length(min = 1))]
    pub path: Text,
    /// Field of a structured value (ESO's `remoteRef.property`).
    #[schemars(extend("x-aliases" = ["remoteRef.property"]))]
    pub property: Option<Text>,
    /// Several fields of the entry at once: a list of fields that keep their names, or a mapping from key in the Secret to field.
    pub keys: Option<KeySelection>,
    /// Version of the value: Vault a number, AWS a staging label or `uuid/ID`; `latest` is the same as none.
    #[schemars(extend("x-aliases" = ["remoteRef.version"]))]
    pub version: Option<Text>,
    /// How the value is decoded, default `None`.
    #[schemars(extend("x-aliases" = ["remoteRef.decodingStrategy"]))]
    pub decoding_strategy: Option<DecodingStrategy>,
    /// How names become keys; without effect on a single value, accepted because ESO accepts it.
    #[schemars(extend("x-aliases" = ["remoteRef.conversionStrategy"]))]
    pub conversion_strategy: Option<ConversionStrategy>,
    /// Whether tags are fetched in place of the value, default `None`.
    #[schemars(extend("x-aliases" = ["remoteRef.metadataPolicy"]))]
    pub metadata_policy: Option<MetadataPolicy>,
    /// What happens to a NUL byte in the value, default `Ignore` (ESO 2.9).
    #[schemars(extend("x-aliases" = ["remoteRef.nullBytePolicy"]))]
    pub null_byte_policy: Option<NullBytePolicy>,
    /// Store of this one value, default that of the external secret (ESO's `sourceRef.storeRef`).
    #[schemars(extend("x-aliases" = ["sourceRef.storeRef"]))]
    pub secret_store_ref: Option<Box<SecretStoreRef>>,
}

impl SecretReference {
    /// The value at `path`, under `key` in the Secret.
    pub fn new(key: impl Into<Text>, path: impl Into<Text>) -> Self {
        Self { key: Some(key.into()), path: path.into(), ..Self::default() }
    }

    /// Several fields of the entry at `path`.
    pub fn fields(path: impl Into<Text>, keys: impl Into<KeySelection>) -> Self {
        Self { path: path.into(), keys: Some(keys.into()), ..Self::default() }
    }

    /// Picks a field of a structured value.
    #[must_use]
    pub fn property(mut self, property: impl Into<Text>) -> Self {
        self.property = Some(property.into());
        self
    }

    /// Picks a version.
    #[must_use]
    pub fn version(mut self, version: impl Into<Text>) -> Self {
        self.version = Some(version.into());
        self
    }
}

/// Fields taken from an entry: pairs of key in the Secret and field of the entry, in the document's order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeySelection(pub Vec<(Text, Text)>);

impl<K: Into<Text>, F: Into<Text>, const N: usize> From<[(K, F); N]> for KeySelection {
    fn from(pairs: [(K, F); N]) -> Self {
        Self(pairs.into_iter().map(|(key, field)| (key.into(), field.into())).collect())
    }
}

impl<const N: usize> From<[&str; N]> for KeySelection {
    fn from(names: [&str; N]) -> Self {
        Self(names.into_iter().map(|name| (name.into(), name.into())).collect())
    }
}

impl<'de> Deserialize<'de> for KeySelection {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = KeySelection;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of fields, or a mapping from key to field")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<KeySelection, A::Error> {
                let mut pairs = Vec::new();
                while let Some(name) = seq.next_element::<Text>()? {
                    pairs.push((name.clone(), name));
                }
                Ok(KeySelection(pairs))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<KeySelection, A::Error> {
                let mut pairs = Vec::new();
                while let Some((key, field)) = map.next_entry::<String, Text>()? {
                    pairs.push((Text::from(key), field));
                }
                Ok(KeySelection(pairs))
            }
        }
        deserializer.deserialize_any(V)
    }
}

impl JsonSchema for KeySelection {
    fn schema_name() -> Cow<'static, str> {
        "KeySelection".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let field = schema::text(generator, &json!({ "minLength": 1 }));
        schemars::json_schema!({
            "description": "Fields that are taken: a list of fields that keep their names, or a mapping from key in the Secret to field.",
            "anyOf": [
                { "type": "array", "minItems": 1, "items": field },
                { "type": "object", "minProperties": 1, "additionalProperties": field },
            ],
        })
    }
}
