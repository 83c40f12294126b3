use std::borrow::Cow;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::verdicts::{documents, schemas, with_definitions};
use crate::check::{check, fits};
use crate::schema::Schema;
use crate::view::{View, ViewKind};

/// A JSON value in which "?" is a node not known yet, "?text" is text whose value is not known, and "#2.10" is a
/// number as written.
#[derive(Clone, Copy)]
struct Holey<'v>(&'v Value);

impl View for Holey<'_> {
    type At = ();

    fn at(&self) {}

    fn kind(&self) -> ViewKind {
        match self.0.as_str() {
            Some("?") => ViewKind::Unknown,
            Some(text) if text.starts_with('#') => ViewKind::Float,
            _ => self.0.kind(),
        }
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

    fn source(&self) -> Option<Cow<'_, str>> {
        self.0.as_str()?.strip_prefix('#').map(Cow::Borrowed)
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
        (json!({"not": {"uniqueItems": true}}), json!([null, "?"]), true),
        (json!({"not": {"uniqueItems": true}}), json!([1, "?text"]), false),
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

#[test]
fn a_number_is_shown_as_it_was_written() {
    let schema = Schema::compile(&json!({"properties": {"eso": {"type": "string"}}})).unwrap();
    let mut problems = Vec::new();
    check(Holey(&json!({"eso": "#2.10"})), &schema, &mut problems);
    assert_eq!(problems[0].message, "`eso` wants text, found the number 2.10");
    assert_eq!(problems[0].fix.as_deref(), Some("quote it: \"2.10\""));
}

/// Makes the nodes unknown whose bit is set, in the order of the document.
fn forget(value: &mut Value, bits: &mut u64) {
    let now = *bits & 1 == 1;
    *bits >>= 1;
    match value {
        _ if now && !value.is_string() => *value = json!("?"),
        Value::String(_) if now => *value = json!(if *bits & 1 == 1 { "?" } else { "?text" }),
        Value::Array(items) => items.iter_mut().for_each(|item| forget(item, bits)),
        Value::Object(map) => map.values_mut().for_each(|item| forget(item, bits)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn knowing_less_never_makes_a_fitting_document_wrong(
        schema in schemas(),
        documents in prop::collection::vec((documents(), any::<u64>(), any::<u64>()), 8),
    ) {
        let compiled = Schema::compile(&with_definitions(schema.clone())).unwrap();
        for (document, bits, more) in documents {
            if fits(&document, &compiled) {
                let mut less = document.clone();
                forget(&mut less, &mut (bits & more));
                prop_assert!(fits(Holey(&less), &compiled), "{} {} {}", schema, document, less);
                let mut problems = Vec::new();
                check(Holey(&less), &compiled, &mut problems);
                prop_assert!(problems.is_empty(), "{} {} {:?}", schema, less, problems);
            }
        }
    }
}
