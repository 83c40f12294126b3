//! The structure of a part of a CRD, as definitions of the document schema: closed, without prose, and with our own
//! references where it has those shapes, so that a wrong one is explained.

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::block::Pointer;
use crate::selector::{CaProvider, SecretKeySelector, ServiceAccountSelector};

/// Begins the names of definitions that come from the operator's CRDs.
pub(crate) const PREFIX: &str = "Eso";

/// Keywords that are taken over: structure and limits, and what is said of them. List types and rules are no part of a shape.
const KEPT: [&str; 14] = [
    "type",
    "enum",
    "default",
    "required",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "x-on",
];

/// A schema that stands alone, as a part of the document schema: its definitions go to the others, as far as they are
/// referred to.
pub(crate) fn embed(mut schema: Value, generator: &mut SchemaGenerator) -> Value {
    Carrier::new(generator, &mut schema).structure(&schema)
}

/// Takes parts of one CRD over into the document schema.
pub(crate) struct Carrier<'g> {
    generator: &'g mut SchemaGenerator,
    /// What the parts' references name, closed.
    definitions: Value,
}

impl<'g> Carrier<'g> {
    /// For parts of that schema; it holds the definitions that they name.
    pub(crate) fn new(generator: &'g mut SchemaGenerator, schema: &mut Value) -> Self {
        Self { generator, definitions: schema["definitions"].take() }
    }

    /// A reference to a definition named `PREFIX` and `name` with that structure.
    pub(crate) fn define(&mut self, name: &str, schema: &Value) -> Value {
        let name = format!("{PREFIX}{name}");
        if !self.generator.definitions().contains_key(&name) {
            // First its name, for a definition that holds itself.
            self.generator.definitions_mut().insert(name.clone(), json!({}));
            let definition = self.structure(schema);
            self.generator.definitions_mut().insert(name.clone(), definition);
        }
        json!({ "$ref": format!("#/definitions/{name}") })
    }

    /// The same structure, as our own schema says it.
    fn structure(&mut self, schema: &Value) -> Value {
        if let Some(name) =
            schema.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix("#/definitions/"))
        {
            return self.named(name);
        }
        match pointer(schema) {
            // One whose key must be named, or that has none, keeps its own demands.
            Some(Pointer::SecretKey) if schema.get("required").is_none() => {
                return self.own::<SecretKeySelector>();
            }
            Some(Pointer::ServiceAccount) => return self.own::<ServiceAccountSelector>(),
            Some(Pointer::Authority) => return self.own::<CaProvider>(),
            Some(Pointer::SecretKey | Pointer::Secret) | None => {}
        }
        let Value::Object(keywords) = schema else { return schema.clone() };
        let mut out = Map::new();
        for (keyword, value) in keywords {
            match (keyword.as_str(), value) {
                ("properties", Value::Object(fields)) => {
                    let fields: Map<_, _> =
                        fields.iter().map(|(name, field)| (name.clone(), self.structure(field))).collect();
                    out.insert(keyword.clone(), fields.into());
                }
                ("items" | "additionalProperties", inner) => {
                    let inner = if inner.is_object() { self.structure(inner) } else { inner.clone() };
                    out.insert(keyword.clone(), inner);
                }
                ("x-kubernetes-int-or-string", _) => {
                    out.insert("type".to_owned(), json!(["integer", "string"]));
                }
                (kept, _) if KEPT.contains(&kept) => {
                    out.insert(keyword.clone(), value.clone());
                }
                _ => {}
            }
        }
        out.into()
    }

    /// What a reference names. A scalar is said where it stands.
    fn named(&mut self, name: &str) -> Value {
        let definition = self.definitions.get(name).cloned().unwrap_or(Value::Bool(true));
        let is_mapping = definition.get("type").is_none_or(|kind| kind == "object");
        if is_mapping && pointer(&definition).is_none() {
            return self.define(name, &definition);
        }
        self.structure(&definition)
    }

    fn own<T: JsonSchema>(&mut self) -> Value {
        self.generator.subschema_for::<T>().to_value()
    }
}

fn pointer(schema: &Value) -> Option<Pointer> {
    let fields = schema.get("properties").and_then(Value::as_object);
    Pointer::by_names(fields?.keys().map(String::as_str))
}
