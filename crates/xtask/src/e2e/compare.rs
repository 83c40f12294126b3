//! What the server stored, against what it was sent.

use serde_json::{Map, Value};

/// What the server put in, between the field and what it is.
const ADDED: &str = ": not rendered, the server added ";
/// Versions of Kubernetes' own kinds.
const OWN_VERSIONS: [&str; 4] = ["v1", "apps/v1", "networking.k8s.io/v1", "rbac.authorization.k8s.io/v1"];
/// Metadata that the server writes by itself.
const SERVER_METADATA: [&str; 6] =
    ["creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid"];

/// Every difference, a line each: field, rendered, stored. What the server adds to kinds of its own is none: those defaults
/// are not rendered, since everybody who compares manifests with a cluster knows them.
pub(super) fn differences(rendered: &Value, stored: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk("", rendered, &kept(rendered, stored), &mut found);
    let version = rendered.pointer("/apiVersion").and_then(Value::as_str);
    if version.is_some_and(|version| OWN_VERSIONS.contains(&version)) {
        found.retain(|line| !line.contains(ADDED));
    }
    found
}

/// What is stored, without what only the server can know.
fn kept(rendered: &Value, stored: &Value) -> Value {
    let mut stored = stored.clone();
    let unplaced = rendered.pointer("/metadata/namespace").is_none();
    if let Some(object) = stored.as_object_mut() {
        object.remove("status");
    }
    if let Some(metadata) = stored.get_mut("metadata").and_then(Value::as_object_mut) {
        metadata.retain(|key, _| !SERVER_METADATA.contains(&key.as_str()));
        // An object without a namespace was sent to this one.
        if unplaced && metadata.get("namespace").is_some_and(|it| it == "default") {
            metadata.remove("namespace");
        }
    }
    stored
}

fn walk(path: &str, rendered: &Value, stored: &Value, found: &mut Vec<String>) {
    match (rendered, stored) {
        (Value::Object(left), Value::Object(right)) => walk_maps(path, left, right, found),
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (index, (left, right)) in left.iter().zip(right).enumerate() {
                walk(&format!("{path}[{index}]"), left, right, found);
            }
        }
        _ if rendered == stored => {}
        _ => found.push(format!("{path}: rendered {rendered}, stored {stored}")),
    }
}

fn walk_maps(
    path: &str,
    rendered: &Map<String, Value>,
    stored: &Map<String, Value>,
    found: &mut Vec<String>,
) {
    for (key, left) in rendered {
        let path = join(path, key);
        match stored.get(key) {
            Some(right) => walk(&path, left, right, found),
            None => found.push(format!("{path}: rendered {left}, dropped by the server")),
        }
    }
    for (key, right) in stored.iter().filter(|(key, _)| !rendered.contains_key(*key)) {
        found.push(format!("{}{ADDED}{right}", join(path, key)));
    }
}

fn join(path: &str, key: &str) -> String {
    match path.is_empty() {
        true => key.to_owned(),
        false => format!("{path}.{key}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_the_server_must_add_may_differ() {
        let rendered = json!({"metadata": {"name": "a"}, "spec": {"x": [1, {"y": "z"}]}});
        let stored = json!({"metadata": {"name": "a", "uid": "u", "generation": 1},
            "spec": {"x": [1, {"y": "z"}]}, "status": {}});
        assert!(differences(&rendered, &stored).is_empty());
    }

    #[test]
    fn kinds_of_its_own_are_filled_in_by_the_server() {
        for version in OWN_VERSIONS {
            let rendered = json!({"apiVersion": version, "spec": {"selector": {"a": "b"}}});
            let stored =
                json!({"apiVersion": version, "spec": {"selector": {"a": "b"}, "type": "ClusterIP"}});
            assert!(differences(&rendered, &stored).is_empty(), "{version}");
        }
    }

    #[test]
    fn a_deployment_is_filled_in_by_the_server() {
        let rendered = json!({"apiVersion": "apps/v1", "spec": {"gone": 1, "template": {"spec": {}}}});
        let stored = json!({"apiVersion": "apps/v1", "spec": {"replicas": 1, "template": {"spec": {"dnsPolicy": "ClusterFirst"}}}});
        assert_eq!(differences(&rendered, &stored), ["spec.gone: rendered 1, dropped by the server"]);
    }

    #[test]
    fn pruned_added_and_changed_fields_are_named() {
        let rendered = json!({"spec": {"gone": 1, "port": "5", "list": [1]}});
        let stored = json!({"spec": {"new": true, "port": 5, "list": [1, 2]}});
        assert_eq!(
            differences(&rendered, &stored),
            [
                "spec.gone: rendered 1, dropped by the server",
                "spec.port: rendered \"5\", stored 5",
                "spec.list: rendered [1], stored [1,2]",
                "spec.new: not rendered, the server added true",
            ]
        );
    }
}
