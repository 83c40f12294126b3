//! Parts of a document that are carried as they are written: upstream's schema of them, put into ours.

use schemars::SchemaGenerator;
use serde_json::{Map, Value};

/// Before the names of upstream's definitions, so that they meet none of ours.
const PREFIX: &str = "Eso";

/// A schema that stands alone, as a part of the document schema: its definitions go to the others, as far as they are
/// referred to.
pub(crate) fn embed(mut schema: Value, generator: &mut SchemaGenerator) -> Value {
    let own = schema.as_object_mut().and_then(|schema| schema.remove("definitions"));
    let own = own.and_then(|own| own.as_object().cloned()).unwrap_or_default();
    let mut wanted = Vec::new();
    rename(&mut schema, &mut wanted);
    while let Some(name) = wanted.pop() {
        let ours = format!("{PREFIX}{name}");
        let Some(definition) = own.get(&name) else { continue };
        if generator.definitions().contains_key(&ours) {
            continue;
        }
        let mut definition = definition.clone();
        rename(&mut definition, &mut wanted);
        generator.definitions_mut().insert(ours, definition);
    }
    schema
}

/// Points references at the renamed definitions. What only the API server reads is left out.
fn rename(schema: &mut Value, wanted: &mut Vec<String>) {
    match schema {
        Value::Object(map) => {
            let target = map.get_mut("$ref").filter(|target| target.is_string());
            if let Some(target) = target
                && let Some(name) = target.as_str().and_then(|name| name.strip_prefix("#/definitions/"))
            {
                let name = name.to_owned();
                *target = format!("#/definitions/{PREFIX}{name}").into();
                wanted.push(name);
            }
            shorten(map);
            map.values_mut().for_each(|value| rename(value, wanted));
        }
        Value::Array(list) => list.iter_mut().for_each(|item| rename(item, wanted)),
        _ => {}
    }
}

fn shorten(map: &mut Map<String, Value>) {
    map.remove("x-kubernetes-validations");
}
