use serde_json::{Value, json};

use crate::check::{check, fits};
use crate::schema::Schema;
use crate::view::{View, ViewKind};

/// A JSON value in which "?" is a node not known yet and "?text" is text whose value is not known.
#[derive(Clone, Copy)]
struct Holey<'v>(&'v Value);

impl View for Holey<'_> {
    type At = ();

    fn at(&self) {}

    fn kind(&self) -> ViewKind {
        if self.0 == "?" { ViewKind::Unknown } else { self.0.kind() }
    }

    fn text(&self) -> Option<&str> {
        self.0.as_str().filter(|text| *text != "?text")
    }

    fn number(&self) -> Option<f64> {
        self.0.number()
    }

    fn boolean(&self) -> Option<bool> {
        self.0.boolean()
    }

    fn items(&self) -> impl Iterator<Item = Self> {
        self.0.as_array().into_iter().flatten().map(Holey)
    }

    fn entries(&self) -> impl Iterator<Item = (&str, (), Self)> {
        self.0.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), (), Holey(value)))
    }
}

#[test]
fn what_is_not_known_passes_and_leaves_choices_open() {
    let discriminated = json!({"oneOf": [
        {"properties": {"kind": {"const": "A"}}, "required": ["kind", "a"]},
        {"properties": {"kind": {"const": "B"}}, "required": ["kind", "b"]},
    ]});
    let conditional = json!({"if": {"properties": {"p": {"const": "x"}}}, "then": false, "else": false});
    let never_a = json!({"not": {"properties": {"k": {"const": "a"}}, "required": ["k"]}});
    for (schema, document, passes) in [
        (json!({"type": "object"}), json!("?"), true),
        (json!(false), json!("?"), true),
        (json!({"type": "string", "pattern": "^a$", "maxLength": 1, "enum": ["a"]}), json!("?text"), true),
        (json!({"type": "integer"}), json!("?text"), false),
        (json!({"uniqueItems": true}), json!(["?", "?", "?text", "?text"]), true),
        (json!({"uniqueItems": true}), json!(["?", "a", "a"]), false),
        (discriminated.clone(), json!({"kind": "?text", "b": 1}), true),
        (discriminated.clone(), json!({"kind": "?", "a": 1, "b": 1}), true),
        (discriminated, json!({"kind": "?"}), false),
        (conditional.clone(), json!({"p": "?"}), true),
        (conditional, json!({"p": "y"}), false),
        (never_a.clone(), json!({"k": "?text"}), true),
        (never_a, json!({"k": "a"}), false),
        (json!({"const": {"a": 1}}), json!({"a": "?"}), true),
        (json!({"const": {"a": 1}}), json!({"b": "?"}), false),
        (json!({"enum": [1, "a"]}), json!("?text"), true),
    ] {
        let compiled = Schema::compile(&schema).unwrap();
        let mut problems = Vec::new();
        check(Holey(&document), &compiled, &mut problems);
        assert_eq!(problems.is_empty(), passes, "{schema} {document} {problems:?}");
        assert_eq!(fits(Holey(&document), &compiled), passes, "{schema} {document}");
    }
}
