//! The rules of every CRD: each is compiled, and both kept and broken by some object.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use keyloom_syntax::{Block, Text};
use keyloom_upstream::Cursor;
use keyloom_upstream::eso::{EsoVersion, Kind, apis};
use keyloom_upstream::rules::cel::holds;
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

#[test]
fn every_rule_can_be_kept_and_broken() {
    let rules = rules();
    assert!(rules.len() >= 15, "only {}", rules.len());
    for rule in rules {
        let objects = objects(&fields(rule));
        let answers: BTreeSet<_> = objects.iter().map(|object| holds(rule, object).unwrap()).collect();
        assert!(answers.contains(&Some(true)) && answers.contains(&Some(false)), "{rule}: {answers:?}");
    }
}

#[test]
fn what_cannot_be_evaluated_breaks_no_rule() {
    let value = json!({"a": [], "n": 1.5, "b": true, "t": "x", "m": {"k": 1, "gone": null}});
    for (rule, expected) in [
        ("has(self.a) && !has(self.z)", Some(true)),
        ("has(self.m.gone)", Some(false)),
        ("self.z.y == 'x'", None),
        ("self.t", None),
        ("self.n > 1.0 || self.b", Some(true)),
        ("'k' in self.m && !('x' in self.m)", Some(true)),
        ("size(self.a) == 0 && self.m.size() <= 1", Some(true)),
        ("[1, 2, 3].filter(x, x >= 2).size() == 2", Some(true)),
        ("self.t.matches('^x$') && self.t.split(',').size() == 1", Some(true)),
    ] {
        assert_eq!(holds(rule, &value).unwrap(), expected, "{rule}");
    }
    assert!(holds("(true", &value).is_err());
}

/// What Flux fills in: there, and not known.
#[test]
fn what_is_not_known_yet_is_there_and_is_not_read() {
    let placeholder = Block::Text(Text::placeholder("${X}"));
    let inner = Block::Map(vec![("name".into(), placeholder.clone())]);
    let block = Block::Map(vec![
        ("a".into(), placeholder),
        ("m".into(), inner),
        ("t".into(), Block::Text("x".into())),
    ]);
    for (rule, expected) in [
        ("has(self.a) != has(self.b)", Some(true)),
        ("[has(self.a), has(self.t)].filter(x, x == true).size() == 1", Some(false)),
        ("has(self.m.name)", Some(true)),
        ("self.t == 'y'", Some(false)),
        ("self.a == 'y'", None),
        ("self.a != 'y'", None),
        ("self.m.name == ''", None),
        ("self.m.all(key, key != '')", None),
        ("has(self.a.b) || self.t == 'y'", None),
        ("'t' in self", None),
    ] {
        assert_eq!(holds(rule, &block).unwrap(), expected, "{rule}");
    }
}
