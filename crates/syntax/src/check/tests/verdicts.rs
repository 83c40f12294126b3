//! Equal verdicts with an independent validator.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::check::{check, fits};
use crate::diagnostic::Severity;
use crate::schema::Schema;

/// Whether ours accepts; reporting and trying out must agree.
fn accepts(schema: &Schema, document: &Value) -> bool {
    let mut problems = Vec::new();
    check(document, schema, &mut problems);
    let accepted = problems.iter().all(|problem| problem.severity != Severity::Error);
    assert_eq!(fits(document, schema), accepted, "{document} {problems:?}");
    for problem in &problems {
        assert!(!problem.message.is_empty());
        assert!(problem.at.pointer_in(document).is_some(), "a place inside the document");
    }
    accepted
}

fn independent(schema: &Value) -> jsonschema::Validator {
    jsonschema::options().with_draft(jsonschema::Draft::Draft7).build(schema).unwrap()
}

fn corpus() -> Vec<Value> {
    serde_json::from_str(include_str!("corpus.json")).unwrap()
}

#[test]
fn the_corpus_is_judged_as_an_independent_validator_does() {
    let corpus = corpus();
    assert!(corpus.len() >= 60);
    for case in &corpus {
        let (schema, theirs) = (&case["schema"], independent(&case["schema"]));
        let ours = Schema::compile(schema).unwrap();
        ours.compile_patterns().unwrap();
        for (list, expected) in [("accept", true), ("reject", false)] {
            for document in case[list].as_array().into_iter().flatten() {
                assert_eq!(theirs.is_valid(document), expected, "theirs: {schema} {document}");
                assert_eq!(accepts(&ours, document), expected, "ours: {schema} {document}");
            }
        }
    }
}

/// Documents made of few names and values, so that they often nearly fit.
pub(super) fn documents() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3i64..12).prop_map(Value::from),
        prop::sample::select(vec![0.0, -0.0, 1.0, 1.5, 2.0, 1e300]).prop_map(Value::from),
        prop::sample::select(vec!["", "a", "b", "A", "aws", "vault", "x y", "é", "12"]).prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((prop::sample::select(names()), inner), 0..5).prop_map(|entries| {
                Value::Object(entries.into_iter().map(|(k, v)| (k.to_owned(), v)).collect::<Map<_, _>>())
            }),
        ]
    })
}

/// The schema with what [`schemas`] refer to.
pub(super) fn with_definitions(schema: Value) -> Value {
    let tree = json!({"type": "object", "additionalProperties": false, "properties": {
        "next": {"$ref": "#/definitions/tree"}, "items": {"items": {"$ref": "#/definitions/tree"}}, "a": {},
    }});
    json!({"allOf": [schema], "definitions": {"tree": tree}})
}

fn names() -> Vec<&'static str> {
    vec!["a", "b", "c", "kind", "name", "next", "items", "X_Y"]
}

/// Schemas of every constraint over the same names and values.
pub(super) fn schemas() -> impl Strategy<Value = Value> {
    let types =
        || prop::sample::select(vec!["null", "boolean", "integer", "number", "string", "array", "object"]);
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        types().prop_map(|t| json!({"type": t})),
        (types(), types())
            .prop_filter("distinct", |(a, b)| a != b)
            .prop_map(|(a, b)| json!({"type": [a, b]})),
        prop::collection::btree_set(prop::sample::select(vec!["a", "b", "aws", "A"]), 1..3)
            .prop_map(|words| json!({"enum": words})),
        Just(json!({"enum": [1, "a", null, [1.0], {"a": 1}]})),
        Just(json!({"const": {"a": [1, 2]}})),
        Just(json!({"oneOf": [{"const": "a"}, {"const": "b"}]})),
        (0u64..3, 0u64..3).prop_map(|(a, b)| json!({"minLength": a, "maxLength": a + b})),
        Just(json!({"pattern": "^[a-z]+$"})),
        (-2i64..3, 0i64..5).prop_map(|(a, b)| json!({"minimum": a, "maximum": a + b})),
        Just(json!({"exclusiveMinimum": 0, "exclusiveMaximum": 5})),
        (0u64..3, 0u64..3).prop_map(|(a, b)| json!({"minItems": a, "maxItems": a + b, "uniqueItems": true})),
        (0u64..3, 0u64..3).prop_map(|(a, b)| json!({"minProperties": a, "maxProperties": a + b})),
        prop::collection::btree_set(prop::sample::select(names()), 0..3)
            .prop_map(|names| json!({"required": names})),
        Just(json!({"$ref": "#/definitions/tree"})),
        Just(json!({"oneOf": [{"required": ["a"]}, {"required": ["b"]}, {"required": ["c"]}]})),
        Just(json!({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]})),
        Just(json!({"oneOf": [{"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, {"required": ["c"]}]})),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        let many = || prop::collection::vec(inner.clone(), 1..4);
        let fields = || prop::collection::vec((prop::sample::select(names()), inner.clone()), 0..4);
        let object = |fields: Vec<(&str, Value)>| -> Value {
            Value::Object(fields.into_iter().map(|(k, v)| (k.to_owned(), v)).collect::<Map<_, _>>())
        };
        prop_oneof![
            many().prop_map(|s| json!({"allOf": s})),
            many().prop_map(|s| json!({"anyOf": s})),
            many().prop_map(|s| json!({"oneOf": s})),
            inner.clone().prop_map(|s| json!({"not": s})),
            (inner.clone(), inner.clone(), inner.clone())
                .prop_map(|(a, b, c)| json!({"if": a, "then": b, "else": c})),
            inner.clone().prop_map(|s| json!({"items": s})),
            (fields(), inner.clone(), prop::collection::btree_set(prop::sample::select(names()), 0..2))
                .prop_map(move |(f, more, required)| {
                    json!({"properties": object(f), "additionalProperties": more, "required": required})
                }),
            (fields(), inner.clone()).prop_map(move |(f, p)| {
                json!({"type": "object", "properties": object(f), "patternProperties": {"^[A-Zk]": p},
                       "additionalProperties": false})
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_schema_judges_any_document_as_an_independent_validator_does(
        schema in schemas(),
        documents in prop::collection::vec(documents(), 8),
    ) {
        let schema = with_definitions(schema);
        let theirs = independent(&schema);
        let ours = Schema::compile(&schema).unwrap();
        for document in &documents {
            prop_assert_eq!(accepts(&ours, document), theirs.is_valid(document), "{} {}", schema, document);
        }
    }

    #[test]
    fn the_schemas_of_the_corpus_judge_any_document_as_an_independent_validator_does(
        documents in prop::collection::vec(documents(), 4),
        at in 0..corpus().len(),
    ) {
        let schema = &corpus()[at]["schema"];
        let (ours, theirs) = (Schema::compile(schema).unwrap(), independent(schema));
        for document in &documents {
            prop_assert_eq!(accepts(&ours, document), theirs.is_valid(document), "{} {}", schema, document);
        }
    }
}

#[test]
fn mappings_of_very_many_fields_are_judged_the_same() {
    let properties: Map<_, _> = (0..300).map(|i| (format!("field{i}"), json!({"type": "integer"}))).collect();
    let schema =
        json!({"properties": properties, "required": ["field3", "field299"], "additionalProperties": false});
    let ours = Schema::compile(&schema).unwrap();
    let mut document: Map<_, _> = (0..300).map(|i| (format!("field{i}"), json!(i))).collect();
    assert!(accepts(&ours, &Value::Object(document.clone())));
    document.shift_remove("field299");
    assert!(!accepts(&ours, &Value::Object(document.clone())));
    document.insert("field299".to_owned(), json!("x"));
    assert!(!accepts(&ours, &Value::Object(document.clone())));
    document.insert("field299".to_owned(), json!(1));
    document.insert("field300".to_owned(), json!(1));
    assert!(!accepts(&ours, &Value::Object(document)));
}

#[test]
fn deep_documents_are_walked_to_the_end() {
    let schema = json!({"properties": {"next": {"anyOf": [{"type": "null"}, {"$ref": "#"}]}}, "additionalProperties": false});
    let ours = Schema::compile(&schema).unwrap();
    let deep = |inner: Value| (0..120).fold(inner, |inner, _| json!({"next": inner}));
    assert!(accepts(&ours, &deep(Value::Null)));
    let bad = deep(json!({"nxt": 1}));
    let mut problems = Vec::new();
    check(&bad, &ours, &mut problems);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].path.ends_with("next.nxt"));
}
