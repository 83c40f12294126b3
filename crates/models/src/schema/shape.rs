//! Turns what schemars derives into what editors understand best: no nulls, lists of words as `enum`, and choices as
//! optional properties with a `oneOf` of `required`.

use serde_json::{Map, Value, json};

use crate::name::{
    CONNECTION_NAME_PATTERN, NAMESPACE_PATTERN, OBJECT_NAME_PATTERN, POD_FIELD_PATTERN, PORT_NAME_PATTERN,
    PROJECT_PATTERN, SECRET_KEY_PATTERN, SLUG_PATTERN, UUID_PATTERN,
};

/// Rewrites a schema and everything in it.
pub(super) fn plain(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.values_mut().for_each(plain);
            without_null(map);
            pattern_in_words(map);
            words(map);
            choices(map);
        }
        Value::Array(list) => list.iter_mut().for_each(plain),
        _ => {}
    }
}

/// A pattern is no answer to somebody who wrote a wrong name: the rule in words is.
fn pattern_in_words(map: &mut Map<String, Value>) {
    let mut what = "a legal name";
    let rule = match map.get("pattern").and_then(Value::as_str) {
        Some(OBJECT_NAME_PATTERN) => {
            "lower-case letters, digits, `-` and `.`, beginning and ending with a letter or digit"
        }
        Some(NAMESPACE_PATTERN) => {
            "lower-case letters, digits and `-`, beginning and ending with a letter or digit"
        }
        Some(SLUG_PATTERN) => "lower-case letters and digits, with single hyphens between them",
        Some(CONNECTION_NAME_PATTERN) => {
            what = "a name of a connection";
            "letters, digits, `-`, `_` and `.`, beginning and ending with a letter, a digit or `_`"
        }
        Some(SECRET_KEY_PATTERN) => "letters, digits, `-`, `_` and `.`",
        Some(PORT_NAME_PATTERN) => {
            "lower-case letters and digits, a letter among them, with single hyphens between them"
        }
        Some(POD_FIELD_PATTERN) => {
            what = "a field of a pod that a variable can hold";
            "metadata.name, metadata.namespace, metadata.uid, metadata.labels['KEY'], metadata.annotations['KEY'], spec.nodeName, spec.serviceAccountName, status.hostIP, status.hostIPs, status.podIP or status.podIPs"
        }
        Some(UUID_PATTERN) => {
            what = "an id, which is a UUID";
            "the id as Infisical shows it, such as 7d0c6f3e-1a2b-4c3d-9e8f-001122334455"
        }
        Some(PROJECT_PATTERN) => {
            what = "a project of Infisical";
            "its id or its slug, as its settings show them"
        }
        Some(_) | None => return,
    };
    map.insert(
        "x-on".to_owned(),
        json!({ "pattern": { "message": format!("{{value}} is not {what}"), "fix": format!("use {rule}") } }),
    );
}

/// An optional field is absent, not null.
fn without_null(map: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = map.get_mut("type") {
        types.retain(|t| t != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            map.insert("type".to_owned(), only);
        }
    }
    // What an empty text is serialised as says nothing.
    if map.get("default").is_some_and(|value| value.is_null() || value == "<text>") {
        map.remove("default");
    }
    if let Some(Value::Array(words)) = map.get_mut("enum") {
        words.retain(|word| !word.is_null());
    }
    if let Some(Value::Array(branches)) = map.get_mut("anyOf") {
        let before = branches.len();
        branches.retain(|branch| branch.get("type").is_none_or(|t| t != "null"));
        if branches.len() < before && branches.len() == 1 {
            let only = branches.remove(0);
            map.remove("anyOf");
            merge_only_branch(map, only);
        }
    }
}

/// What is left of `anyOf: [X, null]`. A reference keeps its neighbours only inside an `allOf`.
fn merge_only_branch(map: &mut Map<String, Value>, only: Value) {
    match only {
        Value::Object(branch) if branch.contains_key("$ref") && !map.is_empty() => {
            map.insert("allOf".to_owned(), json!([branch]));
        }
        Value::Object(branch) => {
            for (key, value) in branch {
                map.entry(key).or_insert(value);
            }
        }
        _ => {}
    }
}

/// An enum of documented words comes as a `oneOf` of constants.
fn words(map: &mut Map<String, Value>) {
    let Some(Value::Array(branches)) = map.get("oneOf") else { return };
    let word = |branch: &Value| match (branch.get("const"), branch.get("enum")) {
        (Some(word), _) => Some(vec![word.clone()]),
        (None, Some(Value::Array(words))) => Some(words.clone()),
        _ => None,
    };
    let Some(words) = branches.iter().map(word).collect::<Option<Vec<_>>>() else { return };
    let about: Vec<_> = branches
        .iter()
        .map(|branch| branch.get("description").cloned().unwrap_or_else(|| json!("")))
        .collect();
    let single = words.iter().all(|words| words.len() == 1);
    map.insert("enum".to_owned(), words.concat().into());
    if single {
        map.insert("enumDescriptions".to_owned(), about.into());
    }
    map.insert("type".to_owned(), json!("string"));
    map.remove("oneOf");
}

/// An externally tagged enum comes as a `oneOf` of objects with one required property each.
fn choices(map: &mut Map<String, Value>) {
    let Some(Value::Array(branches)) = map.get("oneOf") else { return };
    let tag = |branch: &Value| match branch.get("required").and_then(Value::as_array).map(Vec::as_slice) {
        Some([tag]) if branch.get("properties").is_some() && branch.get("type").is_some() => {
            Some(tag.clone())
        }
        _ => None,
    };
    let Some(tags) = branches.iter().map(tag).collect::<Option<Vec<_>>>() else { return };
    let mut properties = Map::new();
    for branch in branches.clone() {
        let about = branch.get("description").cloned();
        let aliases = branch.get("x-aliases").cloned();
        let Some(Value::Object(own)) = branch.get("properties") else { continue };
        for (name, schema) in own {
            let is_tag = branch["required"][0] == name.as_str();
            let property = properties
                .entry(name.clone())
                .or_insert_with(|| described(schema.clone(), about.clone().filter(|_| is_tag)));
            if let (true, Some(aliases), Some(map)) = (is_tag, &aliases, property.as_object_mut()) {
                map.insert("x-aliases".to_owned(), aliases.clone());
            }
        }
    }
    map.insert("type".to_owned(), json!("object"));
    map.insert("properties".to_owned(), properties.into());
    map.insert("additionalProperties".to_owned(), json!(false));
    map.insert("oneOf".to_owned(), tags.into_iter().map(|tag| json!({ "required": [tag] })).collect());
}

/// The schema with a description; a bare reference is wrapped, for it may have no neighbours.
fn described(schema: Value, about: Option<Value>) -> Value {
    let Some(about) = about else { return schema };
    match schema {
        Value::Object(map) if map.contains_key("$ref") => json!({ "description": about, "allOf": [map] }),
        Value::Object(mut map) => {
            map.insert("description".to_owned(), about);
            Value::Object(map)
        }
        other => other,
    }
}
