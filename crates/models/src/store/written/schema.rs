//! Stores in the document schema: which blocks there are, and which goes with which provider.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Value, json};

use super::super::SecretStoreConfig;
use super::super::carried::{self, Carried};
use super::{ProviderKind, Written};

impl JsonSchema for ProviderKind {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ProviderKind".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<_> = Self::all().map(Self::as_str).collect();
        schemars::json_schema!({ "type": "string", "enum": words })
    }
}

impl JsonSchema for SecretStoreConfig {
    fn schema_name() -> Cow<'static, str> {
        "SecretStoreConfig".into()
    }

    /// The fields as written, and which block goes with which provider. A store that is external needs no block, and
    /// the block of a typed provider may be short then.
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = Written::json_schema(generator);
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            properties.extend(carried::schema::properties(generator));
        }
        let mut rules = Vec::new();
        for kind in ProviderKind::TYPED {
            let others: serde_json::Map<_, _> = ProviderKind::TYPED
                .iter()
                .filter(|other| *other != kind)
                .map(|other| (other.as_str().to_owned(), foreign_block(*kind, *other)))
                .collect();
            rules.push(json!({ "if": provider_is(*kind), "then": { "properties": others } }));
        }
        let mut whole: Vec<Value> = ProviderKind::TYPED
            .iter()
            .map(|kind| json!({ "if": provider_is(*kind), "then": whole_block(*kind) }))
            .collect();
        for provider in Carried::all() {
            let (mine, needed) = carried::schema::rules(provider);
            rules.push(mine);
            whole.push(needed);
        }
        rules.push(json!({
            "if": { "required": ["external"], "properties": { "external": { "const": true } } },
            "else": { "allOf": whole },
        }));
        crate::schema::needs_name(&mut schema);
        schema.insert("x-noun".into(), "a store".into());
        schema.insert(
            "description".into(),
            "A SecretStore or ClusterSecretStore: how the operator reaches one backend.".into(),
        );
        schema.insert("allOf".into(), rules.into());
        schema
    }
}

fn provider_is(kind: ProviderKind) -> Value {
    json!({ "required": ["provider"], "properties": { "provider": { "const": kind.as_str() } } })
}

/// A store that is not external has its provider's block, and the block is whole.
fn whole_block(kind: ProviderKind) -> Value {
    let key = kind.as_str();
    json!({ "required": [key], "properties": { key: { "required": kind.required() } } })
}

fn foreign_block(kind: ProviderKind, other: ProviderKind) -> Value {
    json!({
        "not": {},
        "x-code": "foreign-provider-block",
        "x-message": format!("block `{}` in a store of provider {}", other.as_str(), kind.as_str()),
        "x-fix": format!("keep the block `{}`, or change `provider`", kind.as_str()),
    })
}
