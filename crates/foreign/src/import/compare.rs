//! Whether what a declaration is rendered to equals the manifests it was made of.
//!
//! Both are looked at as the cluster does. Equal are:
//!
//! - a field that is absent and the default that the API server writes for it, in the operator's version;
//! - two spellings of a duration (`1h`, `1h0m0s`, of a store also seconds);
//! - what the operator itself takes for the same: no `kind` of a store and `SecretStore`, no name of the Secret and
//!   the object's own, no `refreshPolicy` and `Periodic`, an empty list or map of texts and none, `null` and nothing.
//!
//! What only a cluster writes (`status`, `uid`, `managedFields` ...) is no part of a manifest.

use keyloom_models::duration::Duration;
use keyloom_upstream::eso::{self, EsoVersion, Kind};
use serde_json::{Map, Value};

use crate::object::LAST_APPLIED;

/// A place where both differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) path: Vec<String>,
    pub(super) how: How,
}

/// How both differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    /// It would be lost.
    Missing,
    /// It would be new.
    Added,
    /// It would be another.
    Other,
}

/// Metadata that a cluster writes.
const OF_CLUSTER: [&str; 8] = [
    "creationTimestamp",
    "deletionGracePeriodSeconds",
    "deletionTimestamp",
    "generation",
    "managedFields",
    "resourceVersion",
    "selfLink",
    "uid",
];
/// Maps of texts, of which an empty one says nothing.
const TEXTS: [&str; 5] = ["labels", "annotations", "data", "matchLabels", "tags"];

/// The differences between two whole objects of that kind.
pub(super) fn differences(kind: Kind, eso: EsoVersion, manifest: Value, rendered: Value) -> Vec<Difference> {
    let (manifest, rendered) = (seen(kind, eso, manifest), seen(kind, eso, rendered));
    let mut found = Vec::new();
    compare(&manifest, &rendered, &mut Vec::new(), &mut found);
    found
}

/// An object as the cluster sees it.
fn seen(kind: Kind, eso: EsoVersion, mut object: Value) -> Value {
    if let Some(fields) = object.as_object_mut() {
        fields.remove("status");
    }
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.retain(|name, _| !OF_CLUSTER.contains(&name.as_str()));
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
            annotations.remove(LAST_APPLIED);
        }
        if kind.cluster_scoped() {
            metadata.remove("namespace");
        }
    }
    let name = object.pointer("/metadata/name").cloned().unwrap_or_default();
    if let Some(spec) = object.get_mut("spec") {
        eso::fill_defaults(eso, kind, spec);
        bare(spec);
        operator(kind, spec, &name);
    }
    if let Some(metadata) = object.get_mut("metadata") {
        bare(metadata);
    }
    object
}

/// Takes out what says nothing.
fn bare(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(bare);
            let says_nothing = |name: &str, field: &Value| match field {
                Value::Null => true,
                Value::Array(items) => items.is_empty(),
                Value::Object(fields) => fields.is_empty() && TEXTS.contains(&name),
                Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
            };
            fields.retain(|name, field| !says_nothing(name, field));
        }
        Value::Array(items) => items.iter_mut().for_each(bare),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Writes what the operator takes for absent fields, and durations in one spelling.
fn operator(kind: Kind, spec: &mut Value, name: &Value) {
    let Some(fields) = spec.as_object_mut() else { return };
    match kind {
        Kind::ExternalSecret => secret(fields, name),
        Kind::SecretStore | Kind::ClusterSecretStore => {
            if let Some(interval) = fields.get_mut("refreshInterval") {
                canonical(interval);
            }
        }
        Kind::PushSecret => durations(fields, &["refreshInterval"]),
        Kind::ClusterPushSecret => {
            durations(fields, &["refreshTime"]);
            if let Some(inner) = fields.get_mut("pushSecretSpec").and_then(Value::as_object_mut) {
                durations(inner, &["refreshInterval"]);
            }
        }
        Kind::ClusterExternalSecret => {
            durations(fields, &["refreshTime"]);
            let name = fields.get("externalSecretName").unwrap_or(name).clone();
            if let Some(inner) = fields.get_mut("externalSecretSpec").and_then(Value::as_object_mut) {
                secret(inner, &name);
            }
        }
        _ => {}
    }
}

fn durations(fields: &mut Map<String, Value>, names: &[&str]) {
    for name in names {
        if let Some(duration) = fields.get_mut(*name) {
            canonical(duration);
        }
    }
}

fn secret(spec: &mut Map<String, Value>, name: &Value) {
    absent(spec, "refreshPolicy", "Periodic".into());
    if let Some(interval) = spec.get_mut("refreshInterval") {
        canonical(interval);
    }
    let windows = spec.get_mut("syncWindows").and_then(|windows| windows.get_mut("windows"));
    for window in windows.and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(duration) = window.get_mut("duration") {
            canonical(duration);
        }
    }
    if let Some(target) = spec.get_mut("target").and_then(Value::as_object_mut) {
        absent(target, "name", name.clone());
    }
    if let Some(store) = spec.get_mut("secretStoreRef").and_then(Value::as_object_mut) {
        absent(store, "kind", "SecretStore".into());
    }
    for list in ["data", "dataFrom"] {
        let entries = spec.get_mut(list).and_then(Value::as_array_mut);
        for entry in entries.into_iter().flatten() {
            let store = entry.pointer_mut("/sourceRef/storeRef").and_then(Value::as_object_mut);
            if let Some(store) = store {
                absent(store, "kind", "SecretStore".into());
            }
        }
    }
}

fn absent(fields: &mut Map<String, Value>, name: &str, value: Value) {
    fields.entry(name.to_owned()).or_insert(value);
}

/// One spelling of a duration; seconds are one of a store.
fn canonical(value: &mut Value) {
    let duration = match value {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_i64().map(Duration::from_secs),
        _ => None,
    };
    if let Some(duration) = duration {
        *value = duration.to_string().into();
    }
}

fn compare(manifest: &Value, rendered: &Value, path: &mut Vec<String>, found: &mut Vec<Difference>) {
    let mut at = |path: &Vec<String>, how| found.push(Difference { path: path.clone(), how });
    match (manifest, rendered) {
        (Value::Object(a), Value::Object(b)) => {
            for (name, value) in a {
                path.push(name.clone());
                match b.get(name) {
                    Some(other) => compare(value, other, path, found),
                    None => found.push(Difference { path: path.clone(), how: How::Missing }),
                }
                path.pop();
            }
            for name in b.keys().filter(|name| !a.contains_key(*name)) {
                let path = path.iter().chain([name]).cloned().collect();
                found.push(Difference { path, how: How::Added });
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (number, (value, other)) in a.iter().zip(b).enumerate() {
                path.push(number.to_string());
                compare(value, other, path, found);
                path.pop();
            }
        }
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => {}
        (a, b) if a == b => {}
        _ => at(path, How::Other),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn paths(manifest: Value, rendered: Value) -> Vec<(String, How)> {
        let whole = |spec: Value| json!({"metadata": {"name": "a", "uid": "1"}, "spec": spec});
        let found = differences(Kind::ExternalSecret, EsoVersion::newest(), whole(manifest), whole(rendered));
        found.into_iter().map(|found| (found.path.join("."), found.how)).collect()
    }

    #[test]
    fn what_the_cluster_takes_for_the_same_is_equal() {
        for (manifest, rendered) in [
            (
                json!({}),
                json!({"refreshInterval": "1h", "refreshPolicy": "Periodic", "target": {"name": "a"}}),
            ),
            (
                json!({"secretStoreRef": {"name": "b"}}),
                json!({"secretStoreRef": {"name": "b", "kind": "SecretStore"}}),
            ),
            (json!({"data": [], "target": null}), json!({"refreshInterval": "60m"})),
            (
                json!({"target": {"template": {"metadata": {"labels": {}}}}}),
                json!({"target": {"template": {"metadata": {}}}}),
            ),
        ] {
            assert_eq!(paths(manifest, rendered), []);
        }
    }

    #[test]
    fn everything_else_is_a_difference_at_its_place() {
        let manifest = json!({"a": 1, "data": [{"k": "x"}, {"k": "y"}], "target": {"template": {}}});
        let rendered = json!({"b": 1, "data": [{"k": "x"}, {"k": "z"}]});
        assert_eq!(
            paths(manifest, rendered),
            [
                ("spec.a".to_owned(), How::Missing),
                ("spec.data.1.k".to_owned(), How::Other),
                ("spec.target.template".to_owned(), How::Missing),
                ("spec.b".to_owned(), How::Added),
            ]
        );
    }
}
