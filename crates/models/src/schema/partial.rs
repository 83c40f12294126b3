//! Overlays of environments: the same fields, none required, `null` to remove one.

use serde_json::{Map, Value, json};

/// Prefix of a definition whose fields are all optional.
const PARTIAL: &str = "Partial";

/// Makes the items of the definition `root` partial: what it refers to through mappings gets a twin in which nothing
/// is required and every field may be null. Lists inside an item are replaced whole, so what they hold stays as it is.
pub(super) fn overlays(definitions: &mut Map<String, Value>, root: &str) {
    let Some(mut environment) = definitions.get(root).cloned() else { return };
    let mut wanted = Vec::new();
    if let Some(properties) = environment.get_mut("properties").and_then(Value::as_object_mut) {
        for property in properties.values_mut() {
            // The lists of an environment are not replaced: their items are merged by name.
            match property.get_mut("items") {
                Some(item) => refer(item, &mut wanted),
                None => refer(property, &mut wanted),
            }
        }
    }
    definitions.insert(root.to_owned(), environment);
    while let Some(name) = wanted.pop() {
        let twin = format!("{PARTIAL}{name}");
        if definitions.contains_key(&twin) {
            continue;
        }
        let Some(mut schema) = definitions.get(&name).cloned() else { continue };
        let is_item =
            schema["properties"].get("name").is_some() && schema["additionalProperties"] == json!(false);
        relax(&mut schema, &mut wanted);
        if is_item && let Some(map) = schema.as_object_mut() {
            map.insert("required".to_owned(), json!(["name"]));
        }
        definitions.insert(twin, schema);
    }
}

/// Points references at the twins.
fn refer(schema: &mut Value, wanted: &mut Vec<String>) {
    match schema {
        Value::Object(map) => {
            if let Some(Value::String(target)) = map.get_mut("$ref")
                && let Some(name) = target.strip_prefix("#/definitions/").map(str::to_owned)
            {
                *target = format!("#/definitions/{PARTIAL}{name}");
                wanted.push(name);
            }
            for key in ["allOf", "anyOf"] {
                if let Some(Value::Array(branches)) = map.get_mut(key) {
                    branches.iter_mut().for_each(|branch| refer(branch, wanted));
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|item| refer(item, wanted)),
        _ => {}
    }
}

/// A mapping without a definition of its own, such as labels: its values may be null too.
fn inside(schema: &mut Value, wanted: &mut Vec<String>) {
    if schema.get("properties").is_some() {
        relax(schema, wanted);
    }
    if let Some(values) = schema.get_mut("additionalProperties").filter(|values| values.is_object()) {
        *values = json!({ "anyOf": [values.clone(), { "type": "null" }] });
    }
}

/// Drops what makes fields necessary, and lets each be null.
fn relax(schema: &mut Value, wanted: &mut Vec<String>) {
    let Some(map) = schema.as_object_mut() else { return };
    for key in ["required", "oneOf", "allOf", "x-code", "x-fix", "x-message", "minProperties"] {
        map.remove(key);
    }
    if let Some(Value::Object(properties)) = map.get_mut("properties") {
        for property in properties.values_mut() {
            refer(property, wanted);
            inside(property, wanted);
            let about = property.get("description").cloned();
            let mut nullable = json!({ "anyOf": [property.clone(), { "type": "null" }] });
            if let (Some(about), Some(map)) = (about, nullable.as_object_mut()) {
                map.insert("description".to_owned(), about);
            }
            *property = nullable;
        }
    }
    if let Some(Value::Array(branches)) = map.get_mut("anyOf") {
        branches.iter_mut().for_each(|branch| refer(branch, wanted));
    }
}
