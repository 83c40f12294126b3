//! From JSON Schema to what Pulumi can say.
//!
//! A mapping becomes a type of the package, a list of words an enum. Limits, patterns and conditions have no counterpart:
//! the plugin checks them. A choice becomes optional properties, as it is in the schema already. What is plain follows
//! from one mark, `x-text`: such a text may be an Output, and everything else is a value, for it decides what is made or
//! is read as more than text. A block in the operator's own words, marked `x-block`, is anything.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::name;
use super::spec::{Definition, Fields, Property, Shape, Type, Word};

/// A reference to a store: an output of one component and an input of others, so that it is an Output as a whole, and each
/// of its fields may be one too. Its words are texts: Pulumi's YAML takes no output of an enum for an input of the same enum.
pub(super) const STORE_REF: &str = "SecretStoreRef";
/// A reference to an app connection, likewise.
pub(super) const CONNECTION_REF: &str = "AppConnectionRef";

/// Types of the package, as they are met.
pub(super) struct Types<'n> {
    /// Names of the components, which types may not have.
    components: &'n [&'n str],
    made: BTreeMap<String, Definition>,
    /// Definitions of the schema that is read.
    definitions: Map<String, Value>,
}

/// Where a type is used: the type that has the property, and the property.
#[derive(Clone, Copy)]
struct Place<'p> {
    owner: &'p str,
    property: &'p str,
}

impl<'n> Types<'n> {
    /// None yet.
    pub(super) fn new(components: &'n [&'n str]) -> Self {
        Self { components, made: BTreeMap::new(), definitions: Map::new() }
    }

    /// The fields of a component, whose inputs that schema describes.
    pub(super) fn read(&mut self, schema: &Value, component: &str) -> Fields {
        self.definitions = schema.get("definitions").and_then(Value::as_object).cloned().unwrap_or_default();
        self.fields(schema, component)
    }

    /// Every type that was met, by name.
    pub(super) fn into_made(self) -> BTreeMap<String, Definition> {
        self.made
    }

    /// The fields of a mapping, and the types that they need.
    fn fields(&mut self, schema: &Value, owner: &str) -> Fields {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
            return Fields::default();
        };
        // What no value can be is not offered: such a field is there for its message.
        let offered = properties.iter().filter(|(_, schema)| schema.get("not").is_none());
        let properties: Vec<_> = offered
            .map(|(name, schema)| Property {
                name: name.clone(),
                what: self.at(schema, Place { owner, property: name }),
                about: if is_reference(owner) { listed(schema) } else { about(schema) },
            })
            .collect();
        let required = schema.get("required").and_then(Value::as_array);
        let required = required.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        Fields { properties, required }
    }

    fn at(&mut self, schema: &Value, place: Place<'_>) -> Type {
        let what = self.alone(schema, place);
        Type { plain: what.plain && !is_reference(place.owner), ..what }
    }

    fn alone(&mut self, schema: &Value, place: Place<'_>) -> Type {
        if is_marked(schema, "x-block") {
            return Type::plain(Shape::Any);
        }
        if let Some(target) = reference(schema) {
            return self.referred(target, place);
        }
        if let Some(branches) = branches(schema) {
            return self.one_of(branches, place);
        }
        match schema.get("type") {
            Some(Value::String(kind)) => self.of_type(kind, schema, place),
            Some(Value::Array(kinds)) => {
                let kinds = kinds.iter().filter_map(Value::as_str);
                union(kinds.map(|kind| self.of_type(kind, schema, place)).collect())
            }
            _ if schema.get("const").is_some_and(Value::is_boolean) => Type::plain(Shape::Boolean),
            _ => Type::plain(Shape::Any),
        }
    }

    fn of_type(&mut self, kind: &str, schema: &Value, place: Place<'_>) -> Type {
        match kind {
            "boolean" => Type::plain(Shape::Boolean),
            "integer" => Type::plain(Shape::Integer),
            "number" => Type::plain(Shape::Number),
            "string" if schema.get("enum").is_some() && !is_reference(place.owner) => {
                Type::plain(self.words(schema, place))
            }
            "string" if is_marked(schema, "x-text") => Type::input(Shape::String),
            "string" => Type::plain(Shape::String),
            "array" => {
                let items = schema.get("items").map(|items| self.at(items, place));
                Type::plain(Shape::Array(Box::new(items.unwrap_or(Type::plain(Shape::Any)))))
            }
            "object" => self.mapping(schema, place),
            _ => Type::plain(Shape::Any),
        }
    }

    /// A mapping that is written where it is used.
    fn mapping(&mut self, schema: &Value, place: Place<'_>) -> Type {
        if schema.get("properties").is_some() {
            let name = name::inner(place.owner, place.property);
            return self.object(name, schema);
        }
        let values = schema.get("additionalProperties").filter(|values| values.is_object());
        match values {
            Some(values) => Type::plain(Shape::Map(Box::new(self.at(values, place)))),
            None => Type::plain(Shape::Any),
        }
    }

    /// A mapping with known fields: a type, or a map where a key is no identifier in SDKs.
    fn object(&mut self, name: String, schema: &Value) -> Type {
        let fields = self.fields(schema, &name);
        if !fields.properties.iter().all(|property| name::is_identifier(&property.name)) {
            let mut values: Vec<Type> = Vec::new();
            for property in fields.properties {
                if !values.contains(&property.what) {
                    values.push(property.what);
                }
            }
            return Type::plain(Shape::Map(Box::new(union(values))));
        }
        self.made.insert(name.clone(), Definition::Object { about: about(schema), fields });
        named(name)
    }

    /// What a definition is: a type of its own if it is a mapping, and otherwise said where it stands.
    fn referred(&mut self, target: &str, place: Place<'_>) -> Type {
        let Some(definition) = self.definitions.get(target).cloned() else { return Type::plain(Shape::Any) };
        if definition.get("properties").is_none() {
            return self.at(&definition, place);
        }
        let name = name::object(target, self.components);
        if self.made.contains_key(&name) {
            return named(name);
        }
        self.object(name, &definition)
    }

    fn one_of(&mut self, branches: &[Value], place: Place<'_>) -> Type {
        union(branches.iter().map(|branch| self.at(branch, place)).collect())
    }

    /// A list of words. The same list is the same enum, wherever it stands.
    fn words(&mut self, schema: &Value, place: Place<'_>) -> Shape {
        let list =
            |key: &str| schema.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let abouts = list("enumDescriptions");
        let words: Vec<_> = list("enum")
            .iter()
            .filter_map(Value::as_str)
            .enumerate()
            .map(|(at, value)| Word {
                value: value.to_owned(),
                about: abouts.get(at).and_then(Value::as_str).unwrap_or_default().to_owned(),
            })
            .collect();
        let same =
            |made: &Definition| matches!(made, Definition::Enum { words: there, .. } if *there == words);
        if let Some((name, _)) = self.made.iter().find(|(_, made)| same(made)) {
            return Shape::Named(name.clone());
        }
        let mut name = name::words(place.owner, place.property);
        if self.made.contains_key(&name) {
            name = name::inner(place.owner, place.property);
        }
        // What is the default differs from field to field.
        let about = about(schema);
        let about = about.split_once(", default").map_or(about.clone(), |(before, _)| format!("{before}."));
        self.made.insert(name.clone(), Definition::Enum { about, words });
        Shape::Named(name)
    }
}

/// A type of the package.
fn named(name: String) -> Type {
    Type { plain: !is_reference(&name), shape: Shape::Named(name) }
}

/// Whether a type is what one component gives another.
fn is_reference(name: &str) -> bool {
    [STORE_REF, CONNECTION_REF].contains(&name)
}

fn is_marked(schema: &Value, mark: &str) -> bool {
    schema.get(mark).is_some_and(|it| *it == true)
}

/// One of these. A text that may be an Output beside a flag is one Output of both; a list or mapping stays plain outside.
fn union(mut types: Vec<Type>) -> Type {
    types.dedup();
    if let [_] = types.as_slice()
        && let Some(only) = types.pop()
    {
        return only;
    }
    let leaf =
        |what: &Type| matches!(what.shape, Shape::String | Shape::Boolean | Shape::Integer | Shape::Number);
    let input = types.iter().any(|what| !what.plain) && types.iter().all(leaf);
    if input {
        for what in &mut types {
            what.plain = false;
        }
    }
    Type { shape: Shape::OneOf(types), plain: !input }
}

/// The definition that a schema refers to, alone or with words of its own.
fn reference(schema: &Value) -> Option<&str> {
    let target = match schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        Some([only]) => only.get("$ref"),
        _ => schema.get("$ref"),
    };
    target?.as_str()?.strip_prefix("#/definitions/")
}

/// The branches of a union of shapes. Those of a mapping only say which fields go together.
fn branches(schema: &Value) -> Option<&[Value]> {
    if schema.get("properties").is_some() {
        return None;
    }
    ["anyOf", "oneOf"].into_iter().find_map(|key| schema.get(key)?.as_array()).map(Vec::as_slice)
}

/// What is said of words that are texts: which there are, unless they are many.
fn listed(schema: &Value) -> String {
    const MANY: usize = 5;
    let words = schema.get("enum").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let words: Vec<_> = words.iter().filter_map(Value::as_str).map(|word| format!("`{word}`")).collect();
    let about = about(schema);
    if words.is_empty() || words.len() > MANY {
        about
    } else {
        format!("{about} One of {}.", words.join(", "))
    }
}

/// What is said of a schema, without the Rust examples of a doc comment.
pub(super) fn about(schema: &Value) -> String {
    let text = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    let outside = text.split("```").step_by(2).map(str::trim).filter(|part| !part.is_empty());
    outside.collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The specification of the property `it` of a type `Owner`, and the types that it needs.
    fn said(schema: Value, definitions: Value) -> (Value, Value) {
        let mut types = Types::new(&["ApiKey"]);
        let whole = json!({ "properties": { "it": schema }, "definitions": definitions });
        let fields = types.read(&whole, "Owner");
        let made = types.into_made().into_iter().map(|(name, made)| (name, made.json()));
        (fields.json()["it"].clone(), Value::Object(made.collect()))
    }

    fn alone(schema: Value) -> Value {
        said(schema, json!({})).0
    }

    #[test]
    fn only_marked_text_is_an_input() {
        assert_eq!(alone(json!({ "type": "string", "x-text": true })), json!({ "type": "string" }));
        assert_eq!(
            alone(json!({ "type": "string", "pattern": "^a" })),
            json!({ "type": "string", "plain": true })
        );
        assert_eq!(
            alone(json!({ "type": "boolean", "default": false })),
            json!({ "type": "boolean", "plain": true })
        );
        assert_eq!(
            alone(json!({ "type": "array", "items": { "type": "string", "x-text": true } })),
            json!({ "type": "array", "items": { "type": "string" }, "plain": true })
        );
        assert_eq!(
            alone(json!({ "type": "object", "additionalProperties": { "type": "integer" } })),
            json!({ "type": "object", "additionalProperties": { "type": "integer", "plain": true }, "plain": true })
        );
    }

    #[test]
    fn a_mapping_is_a_type() {
        let store = json!({
            "type": "object",
            "description": "Vault.\n\n```\nlet x = 1;\n```\n\nMore.",
            "properties": {
                "server": { "type": "string", "x-text": true, "description": "Address." },
                "old": { "not": {}, "x-message": "retired" },
            },
            "required": ["server"],
        });
        let property =
            json!({ "description": "The block.", "allOf": [{ "$ref": "#/definitions/VaultConfig" }] });
        let (property, types) = said(property, json!({ "VaultConfig": store }));
        assert_eq!(
            property,
            json!({ "$ref": "#/types/keyloom:index:VaultConfig", "plain": true, "description": "The block." })
        );
        assert_eq!(
            types["VaultConfig"],
            json!({
                "description": "Vault.\n\nMore.",
                "type": "object",
                "properties": { "server": { "type": "string", "description": "Address." } },
                "required": ["server"],
            })
        );
    }

    #[test]
    fn the_fields_of_a_ref_are_inputs_for_it_comes_from_an_output() {
        let words = ["SecretStore", "ClusterSecretStore"];
        let kind = json!({ "type": "string", "enum": words, "description": "Kind." });
        let definition = json!({ "properties": { "name": { "type": "string" }, "kind": kind } });
        let (property, types) =
            said(json!({ "$ref": "#/definitions/SecretStoreRef" }), json!({ "SecretStoreRef": definition }));
        assert_eq!(property, json!({ "$ref": "#/types/keyloom:index:SecretStoreRef" }));
        assert_eq!(
            types["SecretStoreRef"]["properties"],
            json!({
                "name": { "type": "string" },
                "kind": { "type": "string", "description": "Kind. One of `SecretStore`, `ClusterSecretStore`." },
            })
        );
        assert_eq!(types.get("StoreKind"), None);
    }

    #[test]
    fn a_union_is_one_of() {
        let text = json!({ "type": "string", "x-text": true });
        assert_eq!(
            alone(json!({ "anyOf": [text, { "const": false }] })),
            json!({ "oneOf": [{ "type": "string" }, { "type": "boolean" }] })
        );
        let list = json!({ "type": "array", "items": text });
        let map = json!({ "type": "object", "additionalProperties": text });
        assert_eq!(
            alone(json!({ "anyOf": [list, map] })),
            json!({
                "oneOf": [
                    { "type": "array", "items": { "type": "string" }, "plain": true },
                    { "type": "object", "additionalProperties": { "type": "string" }, "plain": true },
                ],
                "plain": true,
            })
        );
    }

    #[test]
    fn what_has_no_shape_is_anything() {
        let any = json!({ "$ref": "pulumi.json#/Any", "plain": true });
        for schema in [
            json!(true),
            json!({}),
            json!({ "type": "object" }),
            json!({ "type": "object", "properties": { "key": {} }, "x-block": true }),
        ] {
            assert_eq!(alone(schema), any);
        }
    }

    #[test]
    fn keys_that_are_no_identifiers_make_a_map() {
        let text = json!({ "type": "string", "x-text": true });
        assert_eq!(
            alone(json!({ "type": "object", "properties": { "tls.crt": text, "tls.key": text } })),
            json!({ "type": "object", "additionalProperties": { "type": "string" }, "plain": true })
        );
    }

    #[test]
    fn the_same_words_are_one_enum() {
        let kinds =
            json!({ "type": "string", "enum": ["a", "b"], "enumDescriptions": ["First.", "Second."] });
        let other = json!({ "type": "string", "enum": ["c"] });
        let schema = json!({ "properties": { "kind": kinds, "sameKind": kinds, "otherKind": other } });
        let mut types = Types::new(&[]);
        let fields = types.read(&schema, "OwnerConfig").json();
        assert_eq!(fields["kind"], fields["sameKind"]);
        let made = types.into_made();
        assert_eq!(made.keys().collect::<Vec<_>>(), ["OtherKind", "OwnerKind"]);
        assert_eq!(
            made["OwnerKind"].json()["enum"][1],
            json!({ "name": "B", "value": "b", "description": "Second." })
        );
    }
}
