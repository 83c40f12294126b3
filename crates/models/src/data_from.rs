//! Whole entries at once: `extract`, `find` and generators, with what is kept of them and under which names.

use std::borrow::Cow;

use indexmap::IndexMap;
use keyloom_syntax::Text;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};
use validator::Validate;

use crate::name::OBJECT_NAME;
use crate::policy::{
    ConversionStrategy, DecodingStrategy, GeneratorKind, MergeConflictPolicy, MergePriorityPolicy,
    MergeStrategy, MetadataPolicy, NullBytePolicy,
};
use crate::reference::{KeySelection, SecretStoreRef, TextOr};

/// Keys that come from a whole entry, from a search, or from a generator: exactly one of the three.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["extract"]}, {"required": ["find"]}, {"required": ["generator"], "properties": {"secretStoreRef": {"not": {}, "x-code": "data-from-source", "x-message": "`secretStoreRef` beside `generator`", "x-fix": "a generator asks no store: leave `secretStoreRef` out"}}}], "x-code" = "data-from-source", "x-codes" = {"oneOf-none": "data-from-source"}))]
pub struct DataFrom {
    /// An entry whose fields all become keys: its path, or a mapping with `path` and more.
    #[validate(nested)]
    pub extract: Option<Extract>,
    /// Entries found by name, path or tags.
    #[validate(nested)]
    pub find: Option<Find>,
    /// Values that a generator makes.
    #[schemars(extend("x-aliases" = ["sourceRef.generatorRef"]))]
    #[validate(nested)]
    pub generator: Option<GeneratorRef>,
    /// Fields that are kept: a list, or a mapping from key in the Secret to field. Without it all are kept.
    pub keys: Option<KeySelection>,
    /// Text put before every key, such as `SMTP_`.
    #[validate(length(min = 1))]
    pub prefix: Option<Text>,
    /// Renames in ESO's own words, one after another.
    pub rewrite: Option<Vec<Rewrite>>,
    /// Store of this entry, default that of the external secret (ESO's `sourceRef.storeRef`).
    #[schemars(extend("x-aliases" = ["sourceRef.storeRef"]))]
    pub secret_store_ref: Option<SecretStoreRef>,
}

impl DataFrom {
    /// All fields of the entry at `path`.
    pub fn extract(path: impl Into<Text>) -> Self {
        Self { extract: Some(Extract { path: path.into(), ..Extract::default() }), ..Self::default() }
    }

    /// What a generator makes.
    pub fn generator(kind: GeneratorKind, name: impl Into<Text>) -> Self {
        Self { generator: Some(GeneratorRef { kind, name: name.into() }), ..Self::default() }
    }

    /// Keeps some fields only.
    #[must_use]
    pub fn keys(mut self, keys: impl Into<KeySelection>) -> Self {
        self.keys = Some(keys.into());
        self
    }

    /// Puts text before every key.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<Text>) -> Self {
        self.prefix = Some(prefix.into());
        self
    }
}

/// An entry whose fields all become keys (ESO's `extract`).
#[derive(Clone, Debug, Default, PartialEq, Validate)]
pub struct Extract {
    /// Address in the store, as the backend writes it (ESO's `key`).
    #[validate(length(min = 1))]
    pub path: Text,
    /// Field whose value is itself structured.
    pub property: Option<Text>,
    /// Version of the entry; `latest` is the same as none.
    pub version: Option<Text>,
    /// How names become keys, default `Default`.
    pub conversion_strategy: Option<ConversionStrategy>,
    /// How values are decoded, default `None`.
    pub decoding_strategy: Option<DecodingStrategy>,
    /// Whether tags are fetched in place of the values, default `None`.
    pub metadata_policy: Option<MetadataPolicy>,
    /// What happens to a NUL byte in a value, default `Ignore` (ESO 2.9).
    pub null_byte_policy: Option<NullBytePolicy>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WrittenExtract {
    /// Address in the store, as the backend writes it (ESO's `key`).
    #[schemars(extend("x-aliases" = ["key"]))]
    #[validate(length(min = 1))]
    path: Text,
    /// Field whose value is itself structured.
    property: Option<Text>,
    /// Version of the entry; `latest` is the same as none.
    version: Option<Text>,
    /// How names become keys, default `Default`.
    conversion_strategy: Option<ConversionStrategy>,
    /// How values are decoded, default `None`.
    decoding_strategy: Option<DecodingStrategy>,
    /// Whether tags are fetched in place of the values, default `None`.
    metadata_policy: Option<MetadataPolicy>,
    /// What happens to a NUL byte in a value, default `Ignore` (ESO 2.9).
    null_byte_policy: Option<NullBytePolicy>,
}

impl<'de> Deserialize<'de> for Extract {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match TextOr::<WrittenExtract>::deserialize(deserializer)? {
            TextOr::Text(path) => Self { path, ..Self::default() },
            TextOr::Other(written) => Self {
                path: written.path,
                property: written.property,
                version: written.version,
                conversion_strategy: written.conversion_strategy,
                decoding_strategy: written.decoding_strategy,
                metadata_policy: written.metadata_policy,
                null_byte_policy: written.null_byte_policy,
            },
        })
    }
}

impl JsonSchema for Extract {
    fn schema_name() -> Cow<'static, str> {
        "Extract".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let whole = generator.subschema_for::<WrittenExtract>();
        let path = crate::schema::text(generator, &serde_json::json!({ "minLength": 1 }));
        schemars::json_schema!({
            "description": "An entry whose fields all become keys: its path, or a mapping with `path` and more.",
            "anyOf": [path, whole],
        })
    }
}

/// A search (ESO's `find`).
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Find {
    /// Where to search.
    pub path: Option<Text>,
    /// Which names are taken.
    #[validate(nested)]
    pub name: Option<FindName>,
    /// Which tags an entry must have.
    pub tags: Option<IndexMap<String, Text>>,
    /// How names become keys, default `Default`.
    pub conversion_strategy: Option<ConversionStrategy>,
    /// How values are decoded, default `None`.
    pub decoding_strategy: Option<DecodingStrategy>,
    /// What happens to a NUL byte in a value, default `Ignore` (ESO 2.9).
    pub null_byte_policy: Option<NullBytePolicy>,
}

/// Names that a search takes (ESO's `find.name`).
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FindName {
    /// Regular expression (RE2); it matches anywhere in the name unless it is anchored with `^` and `$`.
    #[validate(length(min = 1))]
    pub regexp: Text,
}

/// A generator in the namespace of the external secret, or a ClusterGenerator (ESO's `sourceRef.generatorRef`).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GeneratorRef {
    /// Kind of the generator.
    pub kind: GeneratorKind,
    /// Name of the generator.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    pub name: Text,
}

/// One rename of keys (ESO's `rewrite`): exactly one way.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Rewrite {
    /// Replaces what a regular expression matches.
    Regexp(RewriteRegexp),
    /// Computes the key with a template.
    Transform(RewriteTransform),
    /// Brings nested secrets together (ESO 2.9).
    Merge(RewriteMerge),
}

/// A rename by regular expression.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RewriteRegexp {
    /// Regular expression (RE2) that the key must match.
    pub source: Text,
    /// What it becomes; `$1` is the first group.
    pub target: Text,
}

/// A rename by template.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RewriteTransform {
    /// Go template; `.value` is the key.
    pub template: Text,
}

/// How nested secrets are brought together.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RewriteMerge {
    /// Key that gets the result; needed for the strategy `JSON`.
    pub into: Option<Text>,
    /// Names that win over others, the weakest first.
    pub priority: Option<Vec<Text>>,
    /// What happens to a name in `priority` that is not there, default `Strict`.
    pub priority_policy: Option<MergePriorityPolicy>,
    /// What happens when two hold the same key, default `Error`.
    pub conflict_policy: Option<MergeConflictPolicy>,
    /// How they are brought together, default `Extract`.
    pub strategy: Option<MergeStrategy>,
}
