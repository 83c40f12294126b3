use serde_json::{Value, json};

use crate::check::{Problem, check};
use crate::diagnostic::Severity;
use crate::place::Span;
use crate::schema::Schema;
use crate::view::JsonAt;

fn problems<'v>(schema: &Value, document: &'v Value) -> Vec<Problem<JsonAt<'v>>> {
    let schema = Schema::compile_with_codes(schema, &["bad-name", "literal-secret", "two-auth-methods"]);
    let mut sink = Vec::new();
    check(document, &schema.unwrap(), &mut sink);
    sink
}

/// One line a problem: code, path, message, and what stands beside the caret or as the fix.
fn lines(schema: &Value, document: &Value) -> Vec<String> {
    let line = |p: Problem<JsonAt<'_>>| {
        let label = if p.label.is_empty() { String::new() } else { format!(" ^ {}", p.label) };
        let fix = p.fix.map(|fix| format!(" = {fix}")).unwrap_or_default();
        format!("{} {}: {}{label}{fix}", p.code, p.path, p.message)
    };
    problems(schema, document).into_iter().map(line).collect()
}

#[test]
fn every_case_of_the_table_says_what_it_should() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("messages.json")).unwrap();
    for case in cases {
        for pair in case["cases"].as_array().unwrap() {
            let expected: Vec<String> = serde_json::from_value(pair[1].clone()).unwrap();
            assert_eq!(lines(&case["schema"], &pair[0]), expected, "{}", pair[0]);
        }
    }
}

#[test]
fn all_problems_come_at_once_in_the_order_of_the_document() {
    let schema = json!({
        "type": "object", "additionalProperties": false, "required": ["stores"],
        "properties": {"stores": {"type": "array", "items": {
            "type": "object", "additionalProperties": false, "required": ["name", "path"],
            "properties": {"name": {"type": "string"}, "path": {"type": "string"}, "port": {"type": "integer", "maximum": 9}}
        }}}
    });
    let document = json!({"stores": [{"name": 1, "port": 12}, "x", {"pth": 1, "name": "a"}], "y/z": 1});
    assert_eq!(
        lines(&schema, &document),
        [
            "wrong-type stores[0].name: `name` wants text, found the number 1 = quote it: \"1\"",
            "out-of-range stores[0].port: `port` must be at most 9, found 12",
            "missing-field stores[0]: missing field `path`",
            "wrong-type stores[1]: `stores[1]` wants a mapping, found text",
            "unknown-field stores[2].pth: unknown field `pth` ^ did you mean `path`?",
            "unknown-field [\"y/z\"]: unknown field `y/z` = known here: `stores`",
        ]
    );
}

#[test]
fn places_are_those_of_keys_and_mappings() {
    let schema = json!({
        "properties": {"s": {"oneOf": [{"required": ["a"]}, {"required": ["b"]}], "required": ["c"]}},
    });
    let document = json!({"s": {"x": 0, "a": 1, "b": 2}});
    let found = problems(&schema, &document);
    let at = |at: &JsonAt<'_>| at.pointer_in(&document).unwrap();
    let places: Vec<_> = found.iter().map(|p| (p.code, at(&p.at))).collect();
    assert_eq!(places, [("missing-field", "/s".to_owned()), ("exactly-one", "/s/b".to_owned())]);
    assert_eq!((at(&found[1].other[0].0), found[1].other[0].1.as_str()), ("/s/a".to_owned(), "first here"));
}

#[test]
fn a_deprecated_field_is_a_warning_even_inside_a_choice() {
    let schema = json!({"anyOf": [
        {"type": "null"},
        {"type": "object", "properties": {"old": {"deprecated": true, "type": "string", "x-fix": "use new"}}}
    ]});
    let document = json!({"old": "x"});
    let found = problems(&schema, &document);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].code, found[0].severity), ("deprecated-field", Severity::Warning));
    assert_eq!(found[0].message, "`old` is deprecated");
    assert_eq!(found[0].fix.as_deref(), Some("use new"));
}

#[test]
fn no_message_repeats_what_may_be_a_secret() {
    let canary = "CANARY-4711-canary";
    let schema = json!({
        "properties": {
            "reference": {"type": "object"},
            "list": {"items": {"type": "object"}},
            "union": {"anyOf": [{"type": "object"}, {"type": "array"}]},
            "number": {"type": "integer"},
            "secret": {"x-secret": true, "pattern": "^a$", "maxLength": 3, "x-message": "{value} is wrong"},
            "inside": {"x-secret": true, "items": {"enum": ["a", "b"]}},
            "behind": {"x-secret": true, "allOf": [{"$ref": "#/definitions/word"}]},
            "constant": {"x-secret": true, "const": "a"},
            "forms": {"x-secret": true, "anyOf": [{"pattern": "^a$"}, {"pattern": "^b$"}]},
            "branch": {"anyOf": [{"const": "a"}, {"pattern": "^b$", "x-secret": true}]},
        },
        "definitions": {"word": {"enum": ["a"]}},
    });
    let document = json!({
        "reference": canary, "list": [canary], "union": canary, "number": canary, "secret": canary,
        "inside": [canary], "behind": canary, "constant": canary, "forms": canary, "branch": canary,
    });
    let found = problems(&schema, &document);
    assert_eq!(found.len(), 11);
    assert!(!format!("{found:?}").contains("CANARY"), "{found:#?}");
    let number =
        json!({"properties": {"pin": {"type": "string", "x-secret": true}, "reference": {"type": "object"}}});
    let document = json!({"pin": 471_100_815, "reference": 471_100_815});
    assert!(!format!("{:?}", problems(&number, &document)).contains("4711"));
}

#[test]
fn long_values_are_cut() {
    let document = json!("x\n".repeat(100));
    let found = problems(&json!({"enum": ["a"]}), &document);
    assert!(found[0].message.chars().count() < 150, "{}", found[0].message);
    assert!(found[0].message.starts_with("`x\\nx\\n"));
}

#[test]
fn a_problem_becomes_a_diagnostic_with_its_places() {
    let schema = json!({"oneOf": [{"required": ["a"]}, {"required": ["b"]}]});
    let document = json!({"a": 1, "b": 2});
    let problem = problems(&schema, &document).remove(0);
    let diagnostic = problem.into_diagnostic(|at| {
        Some(if at.pointer_in(&document).as_deref() == Some("/a") {
            Span::new(1, 2)
        } else {
            Span::new(5, 6)
        })
    });
    assert_eq!(diagnostic.primary.span, Some(Span::new(5, 6)));
    assert_eq!(diagnostic.primary.text, "and here");
    assert_eq!(diagnostic.secondary[0].span, Some(Span::new(1, 2)));
    assert_eq!(diagnostic.message, "only one of `a` and `b` may stand here");
}
