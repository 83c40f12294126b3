//! The document schema as a program of Pulumi hands its parts over: one item at a time, whose name is there already, with
//! leaves that may be known later.

use keyloom_syntax::text::TextMarks;
use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use super::{outline, shape};
use crate::external_secret::HELPERS;
use crate::inputs::{DeclarationInputs, FlatHelper};
use crate::list::List;
use crate::store::carried::Carried;

mod whole;

/// The input that says which operator an item is written for.
pub const ESO: &str = "eso";

/// Inputs that stand for a store: its fields, without `external`, for nothing would be made.
pub fn store() -> Value {
    let mut schema = of_operator(List::Stores);
    if let Some(properties) = fields_of(&mut schema) {
        properties.shift_remove("external");
        for provider in Carried::all() {
            if let Some(block) = properties.get_mut(provider.as_str()).and_then(Value::as_object_mut) {
                block.insert("x-block".to_owned(), true.into());
            }
        }
    }
    rename(&mut schema, "pulumi", Carried::PULUMI_BLOCK);
    schema["properties"][Carried::PULUMI_BLOCK]["x-aliases"] = json!(["pulumi"]);
    schema
}

/// Gives a block another name than its provider's, among the fields of a store and in its rules.
fn rename(schema: &mut Value, block: &str, name: &str) {
    match schema {
        Value::Object(map) => {
            for (keyword, value) in map.iter_mut() {
                match (keyword.as_str(), value) {
                    ("properties", Value::Object(fields)) => {
                        let named = |key: String| if key == block { name.to_owned() } else { key };
                        let renamed =
                            std::mem::take(fields).into_iter().map(|(key, field)| (named(key), field));
                        *fields = renamed.collect();
                        fields.values_mut().for_each(|field| rename(field, block, name));
                    }
                    ("required", Value::Array(fields)) => {
                        fields.iter_mut().filter(|field| **field == block).for_each(|it| *it = name.into());
                    }
                    ("x-message" | "x-fix", Value::String(words)) => {
                        *words = words.replace(&format!("block `{block}`"), &format!("block `{name}`"));
                    }
                    ("allOf" | "if" | "then" | "else", inner) => rename(inner, block, name),
                    _ => {}
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| rename(inner, block, name)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Inputs that stand for an external secret: all its fields.
pub fn external_secret() -> Value {
    of_operator(List::ExternalSecrets)
}

/// Inputs that stand for an external secret of one helper, such as `databaseCredentials`: the fields of the helper beside
/// those of the external secret, without its other sources of keys.
pub fn helper(helper: FlatHelper) -> Value {
    let mut schema = of_operator(List::ExternalSecrets);
    let definition = reference(&schema["properties"][helper.as_str()]).unwrap_or_default().to_owned();
    let mut own = schema["definitions"][definition].take();
    let mut required = vec![json!("secretStoreRef")];
    required.extend(own["required"].as_array().into_iter().flatten().cloned());
    if let (Some(fields), Some(own)) = (fields_of(&mut schema), fields_of(&mut own)) {
        for source in HELPERS.iter().chain(&["data", "dataFrom"]) {
            fields.shift_remove(*source);
        }
        fields.append(own);
    }
    if let Some(map) = schema.as_object_mut() {
        for choice in ["oneOf", "x-code", "x-codes", "x-fix"] {
            map.shift_remove(choice);
        }
        map.insert("required".to_owned(), required.into());
        map.insert("description".to_owned(), own["description"].take());
    }
    keep_reachable(&mut schema);
    schema
}

/// Inputs that stand for an app connection that is made: credentials are secrets of the program, which Pulumi encrypts in its
/// state.
pub fn app_connection() -> Value {
    let mut schema = item(List::AppConnections);
    without(&mut schema, &["id", "enabled", "credentialsInState"]);
    in_providers_words(&mut schema, "credentials");
    schema["required"] = json!(["app", "credentials"]);
    if let Some(own) = fields_of(&mut schema) {
        // Which credentials there are follows from it, so it is read at once.
        own.get_mut("method").and_then(Value::as_object_mut).map(|method| method.shift_remove("x-text"));
        let about = "What it logs in with, in the words of Terraform's provider, in camelCase. What is secret must come in secret.";
        own["credentials"]["description"] = about.into();
    }
    let credential = json!({
        "type": "string",
        "x-text": true,
        "x-secret": true,
        "description": "A secret, which must come in secret.",
    });
    if let Some(own) = schema["definitions"].get_mut("Credential") {
        *own = credential;
    }
    keep_reachable(&mut schema);
    schema
}

/// Inputs that stand for a secret sync. The program sees no other component, so the connection is said whole.
pub fn secret_sync() -> Value {
    let mut schema = item(List::SecretSyncs);
    without(&mut schema, &["enabled", "allowDeletions"]);
    in_providers_words(&mut schema, "destinationConfig");
    // What is made has all that it needs; in a document it may be switched off.
    let required = [
        "type",
        "appConnection",
        "projectId",
        "environment",
        "secretPath",
        "destinationConfig",
        "syncOptions",
    ];
    schema["required"] = json!(required);
    const FIX: &str = "hand over `ref` of the component AppConnection, or write {id: ..., app: ...} of a connection that is made elsewhere";
    let about =
        "The connection: output `ref` of an AppConnection, or id and app of one that is made elsewhere.";
    if let Some(own) = fields_of(&mut schema).and_then(|fields| fields.get_mut("appConnection")) {
        // Before the connection is there, nothing of the reference is known.
        *own = json!({ "$ref": "#/definitions/AppConnectionRef", "x-text": true, "description": about });
    }
    if let Some(mut whole) = schema["definitions"].get_mut("ElsewhereConnection").map(Value::take) {
        whole["description"] = about.into();
        whole["x-on"] = json!({
            "type": {
                "code": "unknown-app-connection",
                "message": "{field} wants id and app of a connection, not its name",
                "why": "a component sees no other component",
                "fix": FIX,
            },
            "required": { "fix": FIX },
        });
        schema["definitions"]["AppConnectionRef"] = whole;
    }
    keep_reachable(&mut schema);
    schema
}

fn without(schema: &mut Value, fields: &[&str]) {
    if let Some(own) = fields_of(schema) {
        fields.iter().for_each(|field| drop(own.shift_remove(*field)));
    }
}

/// A block whose fields are those of the provider: a package has no type for what depends on another input.
fn in_providers_words(schema: &mut Value, block: &str) {
    if let Some(block) = fields_of(schema).and_then(|own| own.get_mut(block)).and_then(Value::as_object_mut) {
        block.insert("x-block".to_owned(), true.into());
    }
}

/// Inputs that stand for a whole declaration.
pub fn declaration() -> Value {
    let mut schema = generator().into_root_schema_for::<DeclarationInputs>().to_value();
    shape::plain(&mut schema);
    schema["definitions"] = json!({});
    schema
}

fn fields_of(schema: &mut Value) -> Option<&mut Map<String, Value>> {
    schema.get_mut("properties").and_then(Value::as_object_mut)
}

/// The schema of an item of the list, with its definitions inside.
fn item(list: List) -> Value {
    let mut generator = generator();
    list.schema(&mut generator);
    let name = list.definition().unwrap_or_default();
    let mut definitions = generator.take_definitions(true);
    let mut schema = definitions.shift_remove(&*name).unwrap_or_default();
    schema["$schema"] = "http://json-schema.org/draft-07/schema#".into();
    schema["definitions"] = definitions.into();
    shape::plain(&mut schema);
    own_name(&mut schema);
    schema
}

/// An item that becomes an object of External Secrets Operator.
fn of_operator(list: List) -> Value {
    let mut schema = item(list);
    written_for(&mut schema);
    whole::store_reference(&mut schema);
    whole::connection(&mut schema);
    inline_credentials(&mut schema);
    keep_reachable(&mut schema);
    schema
}

fn generator() -> SchemaGenerator {
    let settings = outline::whole().settings().clone();
    settings.with_transform(TextMarks).into_generator()
}

/// The name is that of the component unless it is said, and is read at once.
fn own_name(schema: &mut Value) {
    if let Some(required) = schema["required"].as_array_mut() {
        required.retain(|field| field != "name");
    }
    if let Some(name) = schema["properties"]["name"].as_object_mut() {
        name.shift_remove("x-text");
        let about = name.get("description").and_then(Value::as_str).unwrap_or_default();
        let about = format!("{}, default that of the component.", about.trim_end_matches('.'));
        name.insert("description".to_owned(), about.into());
    }
}

/// Nobody else says which operator is there. Not a field of the item: who reads the inputs takes it out.
fn written_for(schema: &mut Value) {
    let about = "Version of External Secrets Operator that is written for, such as `2.9`; default the newest that is known.";
    if let Some(fields) = fields_of(schema) {
        fields.insert(ESO.to_owned(), json!({ "type": "string", "minLength": 1, "description": about }));
    }
}

/// Wherever a key of a Secret is referred to, the value itself may be handed over, as a secret.
fn inline_credentials(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.values_mut().for_each(inline_credentials);
            if map.get("properties").and_then(Value::as_object).is_some_and(is_selector) {
                allow_value(map);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(inline_credentials),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn is_selector(fields: &Map<String, Value>) -> bool {
    let pointer = crate::block::Pointer::by_names(fields.keys().map(String::as_str));
    pointer == Some(crate::block::Pointer::SecretKey)
}

/// What may stand where a key of a Secret is referred to.
const FIX: &str = "write {name: SECRET, key: KEY} for what is in the cluster, or {value: ...} with a secret";

fn allow_value(selector: &mut Map<String, Value>) {
    if let Some(Value::Object(words)) = selector.get_mut("x-on").and_then(|on| on.get_mut("type")) {
        words
            .insert("message".to_owned(), "{field} wants a reference to a key of a Kubernetes Secret".into());
        words.insert("fix".to_owned(), FIX.into());
        words.shift_remove("why");
    }
    if selector.contains_key("description") {
        let about = "A key of a Secret in the cluster, or a secret value from which one is made.";
        selector.insert("description".to_owned(), about.into());
    }
    let needed = selector.shift_remove("required").unwrap_or_else(|| json!(["name"]));
    let without = |field: &str| {
        let not = json!({
            "not": {},
            "x-code": "inline-credential",
            "x-message": format!("`{field}` beside `value`"),
            "x-fix": format!("keep `value`, which becomes a Secret of its own, or leave it out and write `name` and `key`"),
        });
        (field.to_owned(), not)
    };
    let others: Map<_, _> = ["name", "key"].map(without).into_iter().collect();
    selector.insert("if".to_owned(), json!({ "required": ["value"] }));
    selector.insert("then".to_owned(), json!({ "properties": others }));
    selector
        .insert("else".to_owned(), json!({ "required": needed, "x-code": "missing-field", "x-fix": FIX }));
    if let Some(fields) = selector.get_mut("properties").and_then(Value::as_object_mut) {
        let about = "The value itself, which must come in secret; it becomes a Secret beside the store, and this reference to it.";
        fields.insert(
            "value".to_owned(),
            json!({ "type": "string", "x-text": true, "x-secret": true, "description": about }),
        );
    }
}

fn reference(property: &Value) -> Option<&str> {
    let reference = property.get("$ref").or_else(|| property.pointer("/allOf/0/$ref"))?;
    reference.as_str()?.strip_prefix("#/definitions/")
}

/// Drops the definitions that nothing leads to.
fn keep_reachable(schema: &mut Value) {
    let Some(mut all) = schema.as_object_mut().and_then(|map| map.shift_remove("definitions")) else {
        return;
    };
    let mut kept: Map<String, Value> = Map::new();
    let mut wanted = Vec::new();
    references(schema, &mut wanted);
    while let Some(name) = wanted.pop() {
        if let Some(definition) = all.as_object_mut().and_then(|all| all.shift_remove(&name)) {
            references(&definition, &mut wanted);
            kept.insert(name, definition);
        }
    }
    kept.sort_keys();
    schema["definitions"] = kept.into();
}

fn references(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(map) => {
            let target = map.get("$ref").and_then(Value::as_str);
            found.extend(target.and_then(|it| it.strip_prefix("#/definitions/")).map(str::to_owned));
            map.values().for_each(|value| references(value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| references(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
