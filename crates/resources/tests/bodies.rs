//! Every field of every body, in canonical order and upstream's spelling.

#![allow(clippy::unwrap_used)] // helpers of tests stand outside of test functions

mod full;

use keyloom_resources::walk::to_json;
use serde_json::Value;

fn manifests() -> Vec<Value> {
    let set = full::set();
    set.kubernetes().map(|object| to_json(object).unwrap()).collect()
}

fn named<'m>(manifests: &'m [Value], name: &str) -> &'m Value {
    manifests.iter().find(|manifest| manifest["metadata"]["name"] == name).unwrap()
}

/// One manifest a line. `UPDATE=1` writes the file anew; look at the difference before you keep it.
#[test]
fn bodies_with_every_field_are_the_expected_manifests() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/full/expected.jsonl");
    let found: String = manifests().iter().map(|manifest| format!("{manifest}\n")).collect();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &found).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), found);
}

#[test]
fn what_is_absent_or_empty_is_left_out() {
    let least = keyloom_resources::external_secret::ExternalSecret::default();
    assert_eq!(to_json(&least.spec).unwrap(), serde_json::json!({}));
    assert_eq!(to_json(&least.metadata).unwrap(), serde_json::json!({"name": ""}));
}

#[test]
fn the_order_is_the_manifest_s_own() {
    let manifests = manifests();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let secret = named(&manifests, "everything");
    assert_eq!(keys(secret), ["apiVersion", "kind", "metadata", "spec"]);
    assert_eq!(keys(&secret["metadata"]), ["name", "namespace", "labels", "annotations"]);
    assert_eq!(
        keys(&secret["spec"]),
        ["secretStoreRef", "refreshPolicy", "refreshInterval", "syncWindows", "target", "data", "dataFrom"]
    );
    assert_eq!(secret["spec"]["refreshInterval"], "10m0s");
    let store = named(&manifests, "universal");
    assert_eq!(store["kind"], "ClusterSecretStore");
    assert_eq!(store["metadata"].get("namespace"), None);
    assert_eq!(store["spec"]["refreshInterval"], 300);
}
