//! The document schema: derived from the types once per process, whole to be rendered into `schemas/`, and in the parts that
//! a document needs for the checker. A test holds the parts against the whole.

use std::sync::LazyLock;

use indexmap::IndexMap;
use keyloom_syntax::schema::{FieldDoc, Schema as Compiled, SchemaError};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Value, json};

use crate::code::CODES;
use crate::defaults::{Defaults, Substitution, Versions};
use crate::infisical::InfisicalAccess;
use crate::list::{List, Section};

pub mod inputs;
pub(crate) mod outline;
mod partial;
mod shape;
pub(crate) mod upstream;

/// One declaration of secrets: stores, what is read from them, and who reads the result.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields, extend("patternProperties" = {"^x-": {}}))]
#[expect(dead_code, reason = "only its schema is used; documents are read item by item")]
struct Document {
    /// Versions of the systems that are written for; stands once in all files.
    versions: Option<Versions>,
    /// A later tool that fills in `${NAME}`; stands once in all files.
    substitution: Option<Substitution>,
    /// The Infisical in which app connections and secret syncs are made; stands once in all files.
    infisical: Option<InfisicalAccess>,
    /// What the items of this YAML document get when they do not say it themselves.
    defaults: Option<Defaults>,
    /// Environments by name: what is different in each. Stands once in all files.
    environments: Option<IndexMap<String, Environment>>,
}

/// What is different in one environment: items by name. Maps merge, `null` removes a key, lists are replaced whole; an
/// item that has no base is added.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is used; overlays are merged before they are read")]
struct Environment {
    /// Defaults that are different.
    defaults: Option<Defaults>,
}

/// The document schema, draft-07.
pub fn document_schema() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| with_overlays(outline::whole()));
    &SCHEMA
}

/// The document schema without the structure of carried blocks, which are only named: for what does not look into them.
pub(crate) fn outline() -> Value {
    with_overlays(outline::generator())
}

/// The document schema with anything in its lists, and nothing of overlays.
pub(crate) fn frame() -> Value {
    derive(outline::whole(), List::OF_ITEMS.map(|_| Schema::default()))
}

/// A part of the document schema: nothing but the definitions that are generated there, by their names.
pub(crate) fn part(mut generator: SchemaGenerator, generate: impl FnOnce(&mut SchemaGenerator)) -> Value {
    generate(&mut generator);
    let mut value = Value::from_iter([("definitions", generator.take_definitions(true))]);
    shape::plain(&mut value);
    value
}

/// What the document schema says about the field at `path`; see [`keyloom_syntax::schema::Schema::describe`].
///
/// ```
/// let field = keyloom_models::schema::describe_field(&["externalSecrets", "refreshInterval"]).unwrap();
/// assert_eq!(field.types, "text");
/// assert!(keyloom_models::schema::describe_field(&["externalSecrets", "refreshIntervall"]).is_none());
/// ```
pub fn describe_field(path: &[&str]) -> Option<FieldDoc> {
    static SCHEMA: LazyLock<Option<Compiled>> = LazyLock::new(|| compiled(document_schema()));
    SCHEMA.as_ref()?.describe(path)
}

fn compiled(value: &Value) -> Option<Compiled> {
    compile(value).ok()
}

/// Compiles a schema whose words may name the codes of this crate.
///
/// # Errors
/// [`SchemaError`], naming the place in the schema.
pub fn compile(value: &Value) -> Result<Compiled, SchemaError> {
    Compiled::compile_with_codes(value, CODES)
}

fn with_overlays(mut generator: SchemaGenerator) -> Value {
    let items = List::OF_ITEMS.map(|list| list.schema(&mut generator));
    let mut value = derive(generator, items);
    if let Some(definitions) = value.get_mut("definitions").and_then(Value::as_object_mut) {
        partial::overlays(definitions, "Environment");
    }
    value
}

/// The schema of a document with those items in its lists.
fn derive(generator: SchemaGenerator, items: [Schema; List::OF_ITEMS.len()]) -> Value {
    let mut value = generator.into_root_schema_for::<Document>().to_value();
    add_lists(&mut value["properties"], &items, |section| format!("{}: {}.", section.plural, section.about));
    add_lists(&mut value["definitions"]["Environment"]["properties"], &items, |section| {
        format!("{} that are different, or further ones.", section.plural)
    });
    shape::plain(&mut value);
    if let Some(root) = value.as_object_mut() {
        root.insert("title".to_owned(), "Keyloom declaration".into());
    }
    value
}

/// Adds the lists to the sections of a document or an environment; `environments` stays the last.
fn add_lists(properties: &mut Value, items: &[Schema], about: impl Fn(&Section) -> String) {
    let Some(properties) = properties.as_object_mut() else { return };
    let environments = properties.shift_remove("environments");
    for (section, item) in List::SECTIONS.iter().zip(items) {
        let list = json!({ "type": "array", "items": item, "description": about(section) });
        properties.insert(section.list.as_str().to_owned(), list);
    }
    properties.extend(environments.map(|last| ("environments".to_owned(), last)));
}

/// The schema of a leaf that is a [`Text`](keyloom_syntax::Text), with further keywords.
pub(crate) fn text(generator: &mut SchemaGenerator, limits: &Value) -> Value {
    let mut leaf = keyloom_syntax::Text::json_schema(generator);
    if let (Some(leaf), Some(limits)) = (leaf.as_object_mut(), limits.as_object()) {
        leaf.extend(limits.clone());
    }
    leaf.to_value()
}

/// Demands the name of an item whose type can do without, for a spec inside another item has none.
pub(crate) fn needs_name(schema: &mut Schema) {
    match schema.get_mut("required").and_then(Value::as_array_mut) {
        Some(required) => required.insert(0, "name".into()),
        None => _ = schema.insert("required".into(), json!(["name"])),
    }
}

/// What is demanded of an item unless it is not `enabled`.
pub(crate) fn if_enabled(demand: &Value) -> Value {
    let disabled = json!({ "required": ["enabled"], "properties": { "enabled": { "const": false } } });
    json!({ "if": disabled, "else": demand })
}

/// Leaves out what an item says of its object, for a spec inside another item.
pub(crate) fn without_object(schema: &mut Schema) {
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        for field in ["name", "namespace", "labels", "annotations"] {
            properties.shift_remove(field);
        }
    }
    if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|field| field != "name");
    }
}

/// What is said of an `auth` block with two login methods.
pub(crate) fn one_method(schema: &mut Schema) {
    schema.insert("x-code".into(), crate::code::TWO_AUTH_METHODS.into());
    schema.insert(
        "x-why".into(),
        "the operator takes the first that it knows, in an order of its own, and says nothing".into(),
    );
    schema.insert("x-fix".into(), "keep one; more in `keyloom explain two-auth-methods`".into());
}

/// Base64 as the API server takes it.
pub(crate) fn base64(schema: &mut Schema) {
    let map = schema.ensure_object();
    map.insert("format".into(), "byte".into());
    keyloom_upstream::format::constrain(map);
    map.remove("format");
}

/// Adds an optional property to every choice of an externally tagged enum's schema.
pub(crate) fn add_to_choices(schema: &mut Schema, name: &str, property: &Value) {
    let choices = schema.get_mut("oneOf").and_then(Value::as_array_mut);
    for choice in choices.into_iter().flatten() {
        if let Some(properties) = choice.get_mut("properties").and_then(Value::as_object_mut) {
            properties.insert(name.to_owned(), property.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::carried::{self, Carried};

    #[test]
    fn it_is_a_draft_07_schema_without_nulls() {
        let schema = document_schema();
        assert_eq!(schema["$schema"], "http://json-schema.org/draft-07/schema#");
        let without_overlays = schema["definitions"]["SecretStoreConfig"].to_string();
        assert!(!without_overlays.contains("null"), "{without_overlays}");
        jsonschema::draft7::meta::validate(schema).unwrap();
    }

    /// What is checked and explained part by part is what is published.
    #[test]
    fn parts_are_those_of_the_document_schema() {
        let whole = &document_schema()["definitions"];
        let same = |part: &Value, but: &[&str]| {
            for (name, definition) in part["definitions"].as_object().unwrap() {
                assert!(but.contains(&&**name) || *definition == whole[name], "{name}");
            }
        };
        for list in List::OF_ITEMS {
            let all = part(outline::whole(), |generator| _ = list.schema(generator));
            same(&all, &[]);
            same(&part(outline::generator(), |generator| _ = list.schema(generator)), &[]);
            assert!(all["definitions"].get(&*list.definition().unwrap()).is_some());
        }
        for provider in Carried::all() {
            same(&part(outline::whole(), |generator| carried::schema::define(provider, generator)), &[]);
        }
        same(&outline(), &[]);
        same(&frame(), &["Environment"]);
        let (mut ours, mut theirs) = (frame(), document_schema().clone());
        for list in List::OF_ITEMS {
            ours["properties"][list.as_str()].as_object_mut().unwrap().remove("items");
            theirs["properties"][list.as_str()].as_object_mut().unwrap().remove("items");
        }
        assert_eq!(ours["properties"], theirs["properties"]);
    }

    #[test]
    fn a_choice_is_optional_properties_and_one_of_required() {
        let auth = &document_schema()["definitions"]["InfisicalAuth"];
        assert_eq!(auth["oneOf"][0], json!({ "required": ["universalAuth"] }));
        assert_eq!(auth["additionalProperties"], json!(false));
        assert!(auth["properties"]["universalAuth"]["description"].is_string());
        assert_eq!(
            document_schema()["definitions"]["VaultAuth"]["properties"]["namespace"]["type"],
            "string"
        );
    }
}
