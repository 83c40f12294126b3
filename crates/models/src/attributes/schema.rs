//! What may stand in a block of attributes, as a part of the document schema.

use keyloom_upstream::terraform::infisical::{Choice, Words, is_secret};
use keyloom_upstream::terraform::{Attribute, Type, camel};
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::about;
use crate::credential::Credential;
use crate::schema::text;

/// A block that has no type of its own.
pub(crate) struct Carried {
    /// Name of its definition.
    pub(crate) definition: String,
    /// What it is, as messages call it.
    pub(crate) noun: String,
    /// What may stand in it.
    pub(crate) attributes: &'static [Attribute],
    /// Attributes that may be certain words only.
    pub(crate) words: &'static [Words],
    /// The attribute that decides which others there are.
    pub(crate) choice: Option<Choice>,
}

/// Whether an attribute stands in a document as the name of a variable. The ids of keys and roles name nobody and prove half of it.
pub(crate) fn is_credential(attribute: &Attribute) -> bool {
    is_secret(attribute) || matches!(attribute.name, "access_key_id" | "role_id")
}

impl Carried {
    /// Adds its definition, and refers to it.
    pub(crate) fn define(&self, generator: &mut SchemaGenerator) -> Schema {
        let name = self.definition.as_str();
        if !generator.definitions().contains_key(name) {
            let schema = self.schema(generator);
            generator.definitions_mut().insert(name.to_owned(), schema);
        }
        schemars::json_schema!({ "$ref": format!("#/definitions/{name}") })
    }

    fn schema(&self, generator: &mut SchemaGenerator) -> Value {
        let mut properties = Map::new();
        let settable = || self.attributes.iter().filter(|attribute| attribute.is_settable());
        for attribute in settable() {
            let mut field = self.field(attribute, generator);
            let reference = field.get("$ref").is_some();
            if let Some(about) = about::of(attribute.name) {
                field = if reference { json!({ "allOf": [field] }) } else { field };
                field["description"] = about.into();
            }
            properties.insert(camel(attribute.name), field);
        }
        let required: Vec<_> =
            settable().filter(|attribute| attribute.required).map(|it| camel(it.name)).collect();
        let mut schema = json!({
            "type": "object",
            "description": format!("{}.", capital(&self.noun)),
            "additionalProperties": false,
            "properties": properties,
            "x-noun": self.noun,
        });
        if !required.is_empty() {
            schema["required"] = required.into();
        }
        schema
    }

    fn field(&self, attribute: &Attribute, generator: &mut SchemaGenerator) -> Value {
        if is_credential(attribute) {
            return generator.subschema_for::<Credential>().to_value();
        }
        if let Some(words) = self.words.iter().find(|words| words.attribute == attribute.name) {
            return json!({ "type": "string", "enum": words.words });
        }
        if let Some(choice) = self.choice.filter(|choice| choice.attribute == attribute.name) {
            let words: Vec<_> = choice.cases.iter().map(|case| case.name).collect();
            return json!({ "type": "string", "enum": words });
        }
        let limits = if attribute.required { json!({ "minLength": 1 }) } else { json!({}) };
        match &attribute.ty {
            Type::String => text(generator, &limits),
            Type::Bool => json!({ "type": "boolean" }),
            Type::Number if attribute.name == "port" => {
                json!({ "type": "integer", "minimum": 1, "maximum": 65535 })
            }
            Type::Number => json!({ "type": "number" }),
            Type::List(inner) | Type::Set(inner) => {
                let item = match **inner {
                    Type::Number => json!({ "type": "number" }),
                    _ => text(generator, &json!({ "minLength": 1 })),
                };
                json!({ "type": "array", "items": item })
            }
            Type::Map(_) | Type::Object(_) | Type::Nested(..) | Type::Unknown => json!({ "type": "object" }),
        }
    }
}

fn capital(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect()
}

/// An app's or destination's name as part of a type's: `hashicorp-vault` is `HashicorpVault`.
pub(crate) fn pascal(name: &str) -> String {
    name.split('-').map(capital).collect()
}
