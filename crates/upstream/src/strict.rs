//! A structural schema, as an ordinary JSON Schema that answers what the API server would.

use serde_json::{Map, Value};

use crate::{Cursor, Lines, format};

/// The schema with closed objects, and without demands that a default fulfils. Names the definitions it refers to.
pub(crate) fn close<'s>(schema: &'s Value, definitions: &'s Lines, references: &mut Vec<&'s str>) -> Value {
    let Value::Object(keywords) = schema else { return schema.clone() };
    if let Some(target) = keywords.get("$ref").and_then(Value::as_str) {
        references.extend(target.strip_prefix("#/definitions/"));
        return schema.clone();
    }
    let mut closed: Map<String, Value> = Map::new();
    for (keyword, value) in keywords {
        let value = match (keyword.as_str(), value) {
            ("properties", Value::Object(fields)) => {
                let fields =
                    fields.iter().map(|(name, field)| (name.clone(), close(field, definitions, references)));
                fields.collect::<Map<_, _>>().into()
            }
            // Parts of oneOf and the like only constrain what is described elsewhere: closing them would refuse it.
            ("items" | "additionalProperties", inner) => close(inner, definitions, references),
            ("required", _) => match still_required(schema, definitions) {
                names if names.is_empty() => continue,
                names => names.into(),
            },
            _ => value.clone(),
        };
        closed.insert(keyword.clone(), value);
    }
    let object = keywords.get("type").is_some_and(|name| name == "object");
    let open = keywords.contains_key("additionalProperties");
    if object && !open && !Cursor::new(schema, definitions).preserves_unknown() {
        closed.insert("additionalProperties".into(), false.into());
    }
    format::constrain(&mut closed);
    closed.into()
}

fn still_required(schema: &Value, definitions: &Lines) -> Vec<Value> {
    let cursor = Cursor::new(schema, definitions);
    let has_default = |name: &str| cursor.property(name).and_then(Cursor::default).is_some();
    cursor.required().filter(|name| !has_default(name)).map(Value::from).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_are_closed_where_the_server_would_prune() {
        let definitions = Lines::from(json!({"D": {"type": "string", "default": "x"}}));
        let mut references = Vec::new();
        let schema = json!({
            "type": "object",
            "required": ["a", "b"],
            "oneOf": [{"required": ["a"]}],
            "properties": {
                "a": {"$ref": "#/definitions/D"},
                "b": {"type": "object", "additionalProperties": {"type": "object", "properties": {}}},
                "c": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
                "d": {"type": "object", "required": ["e"], "properties": {"e": {"default": 1}}},
            },
        });
        assert_eq!(
            close(&schema, &definitions, &mut references),
            json!({
                "type": "object",
                "required": ["b"],
                "oneOf": [{"required": ["a"]}],
                "additionalProperties": false,
                "properties": {
                    "a": {"$ref": "#/definitions/D"},
                    "b": {
                        "type": "object",
                        "additionalProperties": {"type": "object", "properties": {}, "additionalProperties": false},
                    },
                    "c": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
                    "d": {"type": "object", "properties": {"e": {"default": 1}}, "additionalProperties": false},
                },
            })
        );
        assert_eq!(references, ["D"]);
    }
}
