//! Structural defaulting: what the API server adds to an object before it stores it.

use serde_json::{Map, Value};

use crate::Cursor;

/// Adds to `value` the defaults that the schema has for absent fields, at every depth.
///
/// As in the API server: a default is written where its field is absent and the object around it is there; the
/// written default is completed by the defaults below it. A `null` that the schema does not allow counts as absent.
pub(crate) fn fill(schema: Cursor<'_>, value: &mut Value) {
    match value {
        Value::Object(fields) => fill_object(schema, fields),
        Value::Array(items) => {
            let Some(item) = schema.item() else { return };
            items.iter_mut().for_each(|value| fill_entry(item, value));
        }
        _ => {}
    }
}

fn fill_object(schema: Cursor<'_>, fields: &mut Map<String, Value>) {
    fields.retain(|name, value| {
        let field = schema.property(name).or_else(|| schema.value());
        !(value.is_null() && field.is_some_and(|field| !field.is_nullable() && field.default().is_none()))
    });
    for (name, field) in schema.properties() {
        let Some(default) = field.default() else { continue };
        let absent = fields.get(name).is_none_or(|value| value.is_null() && !field.is_nullable());
        if absent {
            fields.insert(name.to_owned(), default.clone());
        }
    }
    for (name, value) in fields {
        if let Some(field) = schema.property(name).or_else(|| schema.value()) {
            fill_entry(field, value);
        }
    }
}

fn fill_entry(schema: Cursor<'_>, value: &mut Value) {
    if let (true, false, Some(default)) = (value.is_null(), schema.is_nullable(), schema.default()) {
        *value = default.clone();
    }
    fill(schema, value);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Lines;

    fn filled(schema: &Value, mut value: Value) -> Value {
        let definitions = Lines::from(json!({"Policy": {"type": "string", "default": "Owner"}}));
        fill(Cursor::new(schema, &definitions), &mut value);
        value
    }

    #[test]
    fn defaults_stand_where_the_object_around_them_is() {
        let target = json!({"properties": {"policy": {"$ref": "#/definitions/Policy"}, "n": {"default": 1}}});
        let schema = json!({"properties": {"a": target, "list": {"items": target}, "map": {"additionalProperties": target}}});
        assert_eq!(filled(&schema, json!({})), json!({}));
        let full = json!({"policy": "Owner", "n": 1});
        assert_eq!(filled(&schema, json!({"a": {}})), json!({"a": full}));
        assert_eq!(
            filled(&schema, json!({"list": [{}, {"n": 2}], "map": {"x": {"policy": "None"}}})),
            json!({"list": [full, {"policy": "Owner", "n": 2}], "map": {"x": {"policy": "None", "n": 1}}})
        );
    }

    #[test]
    fn a_default_is_completed_by_those_below() {
        let schema = json!({"properties": {"a": {"default": {"b": 1}, "properties": {"b": {"default": 9}, "c": {"default": 2}}}}});
        assert_eq!(filled(&schema, json!({})), json!({"a": {"b": 1, "c": 2}}));
    }

    #[test]
    fn null_counts_as_absent_unless_it_is_allowed() {
        let schema = json!({"properties": {
            "a": {"default": 1}, "b": {"default": 1, "nullable": true}, "c": {}, "d": {"nullable": true},
            "e": {"items": {"default": 3}}, "f": {"additionalProperties": {"default": 4}},
        }});
        let nulls =
            json!({"a": null, "b": null, "c": null, "d": null, "e": [null], "f": {"x": null}, "g": null});
        assert_eq!(
            filled(&schema, nulls),
            json!({"a": 1, "b": null, "d": null, "e": [3], "f": {"x": 4}, "g": null})
        );
    }
}
