use serde_json::json;

use crate::check::fits;
use crate::schema::{Schema, SchemaError};

fn refused(schema: serde_json::Value) -> String {
    Schema::compile(&schema).unwrap_err().to_string()
}

#[test]
fn what_is_not_understood_is_refused_with_its_place() {
    for (schema, message) in [
        (json!({"properties": {"a": {"type": "text"}}}), "schema #/a: unknown type text"),
        (
            json!({"propertyNames": {}}),
            "schema #: `propertyNames` is not among the constraints the checker has",
        ),
        (json!({"items": [{}]}), "schema #/items: a schema is a mapping, true or false"),
        (json!({"$ref": "#/definitions/a"}), "schema #: `$ref` #/definitions/a leads nowhere"),
        (json!({"oneOf": [{}], "x-code": "my-code"}), "schema #: unknown code my-code"),
        (json!({"x-codes": {"shape": "bad-format"}}), "schema #: no remark can be made about `shape`"),
        (json!({"minLength": -1}), "schema #: `minLength` wants a whole number from 0"),
    ] {
        assert_eq!(refused(schema), message);
    }
}

#[test]
fn endless_schemas_are_refused_and_recursive_ones_are_not() {
    let schema = json!({"$ref": "#/definitions/a", "definitions": {"a": {"$ref": "#/definitions/a"}}});
    assert!(matches!(Schema::compile(&schema), Err(SchemaError::Endless { .. })));
    let schema = json!({"$ref": "#/definitions/a", "definitions": {"a": {"anyOf": [{}, {"$ref": "#/definitions/a"}]}}});
    assert!(matches!(Schema::compile(&schema), Err(SchemaError::Endless { .. })));
    let schema = json!({"properties": {"next": {"$ref": "#"}}, "additionalProperties": false});
    assert!(Schema::compile(&schema).is_ok());
}

#[test]
fn codes_of_the_caller_are_known_when_given() {
    let schema = json!({"oneOf": [{"required": ["a"]}, {"required": ["b"]}], "x-code": "my-code"});
    assert!(Schema::compile_with_codes(&schema, &["my-code"]).is_ok());
}

#[test]
fn a_bad_pattern_is_found_when_asked_for() {
    let schema = Schema::compile(&json!({"pattern": "("})).unwrap();
    assert!(matches!(schema.compile_patterns(), Err(SchemaError::BadPattern { .. })));
}

#[test]
fn parts_of_one_schema_are_compiled_together() {
    let schema = json!({
        "type": "array",
        "definitions": {
            "a": {"required": ["x"], "properties": {"x": {"$ref": "#/definitions/b"}}},
            "b": {"type": "string"},
        },
    });
    let [root, a, b] =
        Schema::compile_parts(&schema, ["#", "#/definitions/a", "#/definitions/b"], &[]).unwrap();
    for (value, fit) in [
        (json!([]), [true, true, false]),
        (json!({}), [false, false, false]),
        (json!({"x": "text"}), [false, true, false]),
        (json!({"x": 1}), [false, false, false]),
        (json!("text"), [false, true, true]),
    ] {
        assert_eq!([&root, &a, &b].map(|part| fits(&value, part)), fit, "{value}");
    }
    let lost = Schema::compile_parts(&schema, ["#/definitions/c"], &[]).unwrap_err();
    assert_eq!(lost.to_string(), "schema #: `$ref` #/definitions/c leads nowhere");
}
