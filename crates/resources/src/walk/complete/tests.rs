use std::sync::LazyLock;

use keyloom_upstream::eso::{EsoVersion, Kind, fill_defaults, spec};
use keyloom_upstream::{Cursor, Lines};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::defaults::{Defaults, writable};
use crate::walk::{Sink, Walk, map, to_completed_json};

mod bodies;

/// A JSON value as a body; it holds no `null` and no fraction.
struct Json<'v>(&'v Value);

impl Walk for Json<'_> {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        match self.0 {
            Value::Object(fields) => {
                map(sink, |m| fields.iter().try_for_each(|(key, value)| m.field(key, &Json(value))))
            }
            Value::Array(items) => {
                sink.begin_seq()?;
                items.iter().try_for_each(|item| Json(item).walk(sink))?;
                sink.end_seq()
            }
            Value::String(value) => sink.str(value),
            Value::Bool(value) => sink.bool(*value),
            other => sink.int(other.as_i64().unwrap()),
        }
    }
}

fn completed(object: &Value, defaults: &Defaults) -> Value {
    to_completed_json(&Json(object), defaults).unwrap()
}

/// Holds the sink to upstream's own filling, and to adding nothing the second time.
fn assert_filled(object: &Value, version: EsoVersion, kind: Kind) {
    let defaults = Defaults::of(version, kind);
    let ours = completed(object, defaults);
    let mut theirs = object.clone();
    fill_defaults(version, kind, &mut theirs["spec"]);
    assert_eq!(ours, theirs, "{version} {kind:?}");
    let mut again = ours.clone();
    fill_defaults(version, kind, &mut again["spec"]);
    assert_eq!(again, ours, "{version} {kind:?}");
    assert_eq!(completed(&ours, defaults).to_string(), ours.to_string(), "{version} {kind:?}");
}

/// Every field of the schema, two entries in each list and free map.
fn everything(schema: Cursor<'_>) -> Value {
    let mut fields: serde_json::Map<_, _> =
        schema.properties().map(|(name, field)| (name.to_owned(), everything(field))).collect();
    if let Some(value) = schema.value() {
        fields.extend(["one", "two"].map(|key| (key.to_owned(), everything(value))));
    }
    match (schema.item(), schema.type_name()) {
        (Some(item), _) => json!([everything(item), everything(item)]),
        (_, Some("object")) => fields.into(),
        (_, Some("boolean")) => true.into(),
        (_, Some("integer")) => 7.into(),
        _ if !fields.is_empty() => fields.into(),
        _ => "written".into(),
    }
}

/// Leaves out fields as the numbers, taken in turn, have it.
fn thin(value: &mut Value, numbers: &mut impl Iterator<Item = u8>, limit: u8) {
    match value {
        Value::Object(fields) => fields.retain(|_, value| {
            let kept = numbers.next().unwrap_or_default() < limit;
            if kept {
                thin(value, numbers, limit);
            }
            kept
        }),
        Value::Array(items) => items.iter_mut().for_each(|item| thin(item, numbers, limit)),
        _ => {}
    }
}

/// A spec with every field, of every kind that each version has.
static EVERYTHING: LazyLock<Vec<(EsoVersion, Kind, Value)>> = LazyLock::new(|| {
    let all = EsoVersion::KNOWN.into_iter().flat_map(|version| Kind::ALL.map(|kind| (version, kind)));
    let all = all.map(|(version, kind)| (version, kind, spec(version, kind)));
    let all = all.filter(|(.., spec)| spec.exists());
    all.map(|(version, kind, spec)| (version, kind, everything(spec.root()))).collect()
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_subset_of_fields_is_filled_as_upstream_fills_it(
        numbers in prop::collection::vec(any::<u8>(), 1..400), limit in 40_u8..=255,
    ) {
        for (version, kind, everything) in &*EVERYTHING {
            let mut value = everything.clone();
            thin(&mut value, &mut numbers.iter().copied().cycle(), limit);
            assert_filled(&json!({"kind": "X", "metadata": {"target": {}}, "spec": value}), *version, *kind);
        }
    }
}

#[test]
fn every_default_of_every_schema_can_be_added() {
    fn look(schema: Cursor<'_>, seen: &mut usize) {
        assert!(schema.properties().filter(|(_, field)| field.default().is_some()).count() <= 64);
        if let Some(default) = schema.default() {
            assert!(writable(default), "{default}");
            *seen += 1;
        }
        schema
            .properties()
            .map(|(_, field)| field)
            .chain(schema.item())
            .chain(schema.value())
            .for_each(|at| look(at, seen));
    }
    for version in EsoVersion::KNOWN {
        let mut all = 0;
        for kind in Kind::ALL {
            let mut seen = 0;
            look(spec(version, kind).root(), &mut seen);
            let rich = matches!(kind, Kind::SecretStore | Kind::ClusterSecretStore | Kind::ExternalSecret);
            assert!(seen > 10 || !rich, "{version} {kind:?}: {seen}");
            all += seen;
        }
        assert!(all > 100, "{version}: {all}");
    }
}

#[test]
fn free_keys_lists_and_defaults_of_defaults_are_completed() {
    let inner = json!({"properties": {"n": {"default": 1}, "list": {"default": [{}], "items": {"properties": {"a": {"default": true}}}}}});
    let schema: &'static Value = Box::leak(Box::new(json!({"properties": {
        "free": {"additionalProperties": inner, "properties": {"plain": {"type": "object"}}},
        "list": {"items": {"items": inner}},
        "made": {"default": {"x": {"n": 2}}, "properties": {"x": inner}},
        "zero": {"default": null},
    }})));
    static NONE: Lines = Lines::NONE;
    let defaults = Defaults::new(Cursor::new(schema, &NONE));
    let body = json!({"metadata": {}, "spec": {
        "free": {"a": {"n": 5}, "plain": {}}, "list": [[], [{}]], "other": {"list": {"n": []}},
    }, "status": {}});
    let full = json!({"n": 1, "list": [{"a": true}]});
    assert_eq!(
        completed(&body, &defaults),
        json!({"metadata": {}, "spec": {
            "free": {"a": {"n": 5, "list": [{"a": true}]}, "plain": {}}, "list": [[], [full]],
            "other": {"list": {"n": []}}, "made": {"x": {"n": 2, "list": [{"a": true}]}},
        }, "status": {}})
    );
    assert_eq!(completed(&json!({"kind": "X"}), &defaults), json!({"kind": "X"}));
    assert_eq!(completed(&json!([{}]), &defaults), json!([{}]));
}
