//! The rules of every CRD, answered here and by an evaluator of the whole language that is made for Kubernetes.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use keyloom_upstream::Cursor;
use keyloom_upstream::eso::{EsoVersion, Kind, apis};
use keyloom_upstream::rules::cel::{holds, unread};
use kube_cel::cel::{Context, Program, Value as CelValue, to_value};
use serde_json::{Map, Value, json};

/// Every rule of every kind, API and version.
fn rules() -> BTreeSet<&'static str> {
    fn below(schema: Cursor<'static>, rules: &mut BTreeSet<&'static str>) {
        let own = schema.keyword("x-kubernetes-validations").and_then(Value::as_array).into_iter().flatten();
        rules.extend(own.filter_map(|rule| rule["rule"].as_str()));
        schema.properties().for_each(|(_, field)| below(field, rules));
        [schema.item(), schema.value()].into_iter().flatten().for_each(|part| below(part, rules));
    }
    let mut rules = BTreeSet::new();
    all(|schema| below(schema, &mut rules));
    rules
}

fn all(mut visit: impl FnMut(Cursor<'static>)) {
    for version in EsoVersion::KNOWN {
        for kind in Kind::ALL {
            apis(version, kind).for_each(|api| visit(api.object()));
        }
    }
}

/// The fields that a rule names, and those inside them.
fn fields(rule: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut fields: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let word = |text: &str| text.chars().take_while(char::is_ascii_alphanumeric).collect::<String>();
    for rest in rule.split("self.").skip(1) {
        let name = word(rest);
        let inner = rest[name.len()..].strip_prefix('.').map(word).filter(|inner| !inner.is_empty());
        fields.entry(name).or_default().extend(inner);
    }
    for rest in rule.split('\'').skip(1).step_by(2) {
        fields.entry(rest.to_owned()).or_default();
    }
    fields
}

/// Every way in which these fields may be there, inner ones included.
fn objects(fields: &BTreeMap<String, BTreeSet<String>>) -> Vec<Value> {
    fields.iter().fold(vec![json!({})], |objects, (name, inner)| {
        let inner = inner.iter().map(|name| (name.clone(), BTreeSet::new())).collect();
        let mut values = vec![json!([]), json!(["x"]), json!("x")];
        values.extend(if values.is_empty() { Vec::new() } else { self::objects(&inner) });
        let with = |object: &Value, value: &Value| {
            let mut object: Map<String, Value> = object.as_object().unwrap().clone();
            object.insert(name.clone(), value.clone());
            Value::Object(object)
        };
        let more: Vec<Value> =
            objects.iter().flat_map(|object| values.iter().map(move |value| with(object, value))).collect();
        objects.into_iter().chain(more).collect()
    })
}

fn theirs(program: &Program, object: &Value) -> Option<bool> {
    let mut context = Context::default();
    context.add_variable_from_value("self", to_value(object).unwrap());
    match program.execute(&context) {
        Ok(CelValue::Bool(answer)) => Some(answer),
        _ => None,
    }
}

#[test]
fn every_rule_is_read_and_answered_as_kubernetes_does() {
    all(|schema| assert_eq!(unread(schema), []));
    let rules = rules();
    assert!(rules.len() >= 15, "only {}", rules.len());
    let mut answers = BTreeMap::new();
    for rule in rules {
        let program = Program::compile(rule).unwrap();
        for object in objects(&fields(rule)) {
            let ours = holds(rule, &object).unwrap();
            let theirs = theirs(&program, &object);
            // An error of theirs is one of structure, which is reported by other means.
            assert!(
                ours == theirs || theirs.is_none() || ours.is_none(),
                "{rule}\n{object}: {ours:?}, {theirs:?}"
            );
            *answers.entry((ours, theirs)).or_insert(0) += 1;
        }
    }
    for both in [Some(true), Some(false)] {
        assert!(answers[&(both, both)] > 50, "{answers:?}");
    }
}

#[test]
fn what_is_not_known_breaks_no_rule() {
    let value = json!({"a": [], "n": 1.5, "b": true, "t": "x", "m": {"k": 1}});
    for (rule, expected) in [
        ("has(self.a) && !has(self.z)", Some(true)),
        ("self.n > 1", None),
        ("self.n > 1 || self.b", Some(true)),
        ("self.n > 1 && !self.b", Some(false)),
        ("self.z.y == 'x'", None),
        ("self.t == \"x\" && self.t != 'y'", Some(true)),
        ("'k' in self.m && !('x' in self.m)", Some(true)),
        ("size(self.a) == 0 && self.m.size() <= 1", Some(true)),
        ("[1, 2, 3].filter(x, x >= 2).size() == 2", Some(true)),
        ("self.m.all(k, k == 'k') && ![1].exists(x, x < 1)", Some(true)),
        ("1 in [2, self.n]", None),
    ] {
        assert_eq!(holds(rule, &value).unwrap(), expected, "{rule}");
    }
    for rule in [
        "self.matches('x')",
        "has(self)",
        "self.a[0] == 1",
        "(true",
        "true)",
        "'x",
        "1.5 > 1",
        "'\\n' == ''",
        "@",
    ] {
        assert!(holds(rule, &value).is_err(), "{rule}");
    }
}
