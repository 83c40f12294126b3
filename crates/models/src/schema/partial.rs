//! Overlays of environments: the same fields, none required, `null` to remove one.

use serde_json::{Map, Value, json};

/// Prefix of a definition whose fields are all optional.
const PARTIAL: &str = "Partial";

/// Makes the items of the definition `root` partial: what it refers to through mappings gets a twin in which nothing
/// is required and every field may be null. Lists inside an item are replaced whole, so what they hold stays as it is.
pub(super) fn overlays(definitions: &mut Map<String, Value>, root: &str) {
    let Some(mut environment) = definitions.get(root).cloned() else { return };
    let (mut wanted, mut items) = (Vec::new(), Vec::new());
    if let Some(properties) = environment.get_mut("properties").and_then(Value::as_object_mut) {
        for property in properties.values_mut() {
            // The lists of an environment are not replaced: their items are merged by name.
            match property.get_mut("items") {
                Some(item) => refer(item, &mut items),
                None => refer(property, &mut wanted),
            }
        }
    }
    definitions.insert(root.to_owned(), environment);
    wanted.extend(items.iter().cloned());
    while let Some(name) = wanted.pop() {
        let twin = format!("{PARTIAL}{name}");
        if definitions.contains_key(&twin) {
            continue;
        }
        let Some(mut schema) = definitions.get(&name).cloned() else { continue };
        relax(&mut schema, &mut wanted);
        // An item is found by its name; whatever else is called `name` inside it may be left as it is.
        if items.contains(&name)
            && let Some(map) = schema.as_object_mut()
        {
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

/// Drops what makes fields necessary, and lets each be null: named ones, and those of a mapping with keys of its own.
fn relax(schema: &mut Value, wanted: &mut Vec<String>) {
    let Some(map) = schema.as_object_mut() else { return };
    for key in ["required", "oneOf", "allOf", "x-code", "x-fix", "x-message", "x-why", "minProperties"] {
        map.remove(key);
    }
    if let Some(Value::Object(properties)) = map.get_mut("properties") {
        properties.values_mut().for_each(|property| loosen(property, wanted));
    }
    if let Some(value @ Value::Object(_)) = map.get_mut("additionalProperties") {
        loosen(value, wanted);
    }
    if let Some(Value::Array(branches)) = map.get_mut("anyOf") {
        branches.iter_mut().for_each(|branch| refer(branch, wanted));
    }
}

fn is_carried(target: &str) -> bool {
    target.strip_prefix("#/definitions/").is_some_and(|name| name.starts_with(super::upstream::PREFIX))
}

/// The same value, or part of it, or null.
fn loosen(value: &mut Value, wanted: &mut Vec<String>) {
    if value.pointer("/allOf/0/$ref").and_then(Value::as_str).is_some_and(is_carried) {
        // What comes from a CRD is large: of an overlay only the merged block is checked.
        *value = json!({ "description": value["description"].take(), "type": ["object", "null"] });
        return;
    }
    refer(value, wanted);
    if value.get("type").is_some_and(|kind| kind == "object") {
        relax(value, wanted);
    }
    let kept = ["description", "x-aliases"].map(|key| (key, value.get(key).cloned()));
    let mut nullable = json!({ "anyOf": [value.take(), { "type": "null" }] });
    if let Some(map) = nullable.as_object_mut() {
        map.extend(kept.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))));
    }
    *value = nullable;
}

#[cfg(test)]
mod tests {
    use crate::read::{Environment, Options, load};
    use keyloom_syntax::Sources;

    fn codes(overlay: &str) -> Vec<&'static str> {
        let text = format!(
            "stores: [{{name: v, provider: vault, vault: {{server: \"https://v\", path: kv, auth: {{tokenSecretRef: {{name: t, key: k}}}}}}}}]
externalSecrets:
- {{name: a, labels: {{x: \"1\", y: \"2\"}}, databaseCredentials: {{path: p, keys: {{port: false}}}}}}
environments: {{prod: {{{overlay}}}}}
"
        );
        let mut sources = Sources::new();
        sources.add("keyloom.yaml", text).unwrap();
        let options = Options { environment: Environment::All, ..Options::default() };
        load(&sources, &options).diagnostics.into_iter().map(|it| it.code).collect()
    }

    #[test]
    fn null_removes_a_field_and_a_key() {
        assert_eq!(codes("externalSecrets: [{name: a, labels: null}]"), [""; 0]);
        assert_eq!(codes("externalSecrets: [{name: a, labels: {x: null}}]"), [""; 0]);
        assert_eq!(codes("externalSecrets: [{name: a, databaseCredentials: {keys: {port: null}}}]"), [""; 0]);
    }

    #[test]
    fn part_of_a_reference_is_enough() {
        assert_eq!(codes("stores: [{name: v, vault: {auth: {tokenSecretRef: {key: other}}}}]"), [""; 0]);
        assert_eq!(codes("stores: [{vault: {path: other}}]"), ["missing-field"]);
    }
}
