//! What a package schema is made of, and how Pulumi spells it.

use serde_json::{Map, Value, json};

/// Begins the tokens of everything in the package.
pub(super) const MODULE: &str = "keyloom:index:";

/// A type, where it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Type {
    pub(super) shape: Shape,
    /// Whether only a value can stand there, never an Output.
    pub(super) plain: bool,
}

/// What Pulumi can say of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Boolean,
    Integer,
    Number,
    String,
    /// What has no shape that Pulumi could say.
    Any,
    Array(Box<Type>),
    /// A mapping with keys of its own.
    Map(Box<Type>),
    /// A type of the package, by its name.
    Named(String),
    /// One of several.
    OneOf(Vec<Type>),
}

/// A field of a mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Property {
    pub(super) name: String,
    pub(super) what: Type,
    /// Markdown; empty for none.
    pub(super) about: String,
}

/// The fields of a mapping, and which of them must be there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fields {
    pub(super) properties: Vec<Property>,
    pub(super) required: Vec<String>,
}

/// A type of the package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Definition {
    /// A mapping with known fields.
    Object { about: String, fields: Fields },
    /// One of a list of words.
    Enum { about: String, words: Vec<Word> },
}

/// A word of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) value: String,
    pub(super) about: String,
}

impl Type {
    pub(super) fn plain(shape: Shape) -> Self {
        Self { shape, plain: true }
    }

    pub(super) fn input(shape: Shape) -> Self {
        Self { shape, plain: false }
    }

    /// A type specification.
    pub(super) fn json(&self) -> Map<String, Value> {
        let inner = |what: &Self| Value::Object(what.json());
        let spec = match &self.shape {
            Shape::Boolean => json!({ "type": "boolean" }),
            Shape::Integer => json!({ "type": "integer" }),
            Shape::Number => json!({ "type": "number" }),
            Shape::String => json!({ "type": "string" }),
            Shape::Any => json!({ "$ref": "pulumi.json#/Any" }),
            Shape::Array(items) => json!({ "type": "array", "items": inner(items) }),
            Shape::Map(values) => json!({ "type": "object", "additionalProperties": inner(values) }),
            Shape::Named(name) => json!({ "$ref": format!("#/types/{MODULE}{name}") }),
            Shape::OneOf(types) => json!({ "oneOf": types.iter().map(inner).collect::<Vec<_>>() }),
        };
        let mut spec = object(spec);
        if self.plain {
            spec.insert("plain".to_owned(), true.into());
        }
        spec
    }
}

impl Fields {
    /// Their specifications by name, in their order.
    pub(super) fn json(&self) -> Value {
        let property = |property: &Property| {
            let mut spec = property.what.json();
            describe(&mut spec, &property.about);
            (property.name.clone(), Value::Object(spec))
        };
        Value::Object(self.properties.iter().map(property).collect())
    }
}

impl Definition {
    /// A type definition.
    pub(super) fn json(&self) -> Value {
        let (spec, about) = match self {
            Self::Object { about, fields } => {
                let mut spec = object(json!({ "type": "object", "properties": fields.json() }));
                if !fields.required.is_empty() {
                    spec.insert("required".to_owned(), fields.required.clone().into());
                }
                (spec, about)
            }
            Self::Enum { about, words } => {
                let words: Vec<_> = words.iter().map(Word::json).collect();
                (object(json!({ "type": "string", "enum": words })), about)
            }
        };
        let mut described = Map::new();
        describe(&mut described, about);
        described.extend(spec);
        described.into()
    }
}

impl Word {
    fn json(&self) -> Value {
        let mut spec = object(json!({ "name": super::name::pascal(&self.value), "value": self.value }));
        describe(&mut spec, &self.about);
        spec.into()
    }
}

/// Adds a description, unless there is none.
pub(super) fn describe(spec: &mut Map<String, Value>, about: &str) {
    if !about.is_empty() {
        spec.insert("description".to_owned(), about.into());
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_spelled_as_pulumi_spells_it() {
        let text = Type::input(Shape::String);
        let labels = Type::plain(Shape::Map(Box::new(text.clone())));
        assert_eq!(
            Value::Object(labels.json()),
            json!({ "type": "object", "additionalProperties": { "type": "string" }, "plain": true })
        );
        let named = Type::plain(Shape::Named("VaultConfig".to_owned()));
        assert_eq!(
            Value::Object(named.json()),
            json!({ "$ref": "#/types/keyloom:index:VaultConfig", "plain": true })
        );
        let either = Type::input(Shape::OneOf(vec![text, Type::input(Shape::Boolean)]));
        assert_eq!(
            Value::Object(either.json()),
            json!({ "oneOf": [{ "type": "string" }, { "type": "boolean" }] })
        );
    }

    #[test]
    fn words_have_names_that_every_language_takes() {
        let words = ["infisical", "kubernetes.io/tls", "Base64URL"]
            .map(|value| Word { value: value.to_owned(), about: String::new() });
        let definition = Definition::Enum { about: "Words.".to_owned(), words: words.into() };
        assert_eq!(
            definition.json(),
            json!({
                "description": "Words.",
                "type": "string",
                "enum": [
                    { "name": "Infisical", "value": "infisical" },
                    { "name": "KubernetesIoTls", "value": "kubernetes.io/tls" },
                    { "name": "Base64URL", "value": "Base64URL" },
                ],
            })
        );
    }
}
