//! Every example through the components: each child is the object that the manifest holds.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use keyloom_components::children::Child;
use keyloom_resources::component::Component;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use support::{inputs, plan, shown};

/// An example: its document, its name, and its golden objects by kind, namespace and name.
struct Example {
    dir: PathBuf,
    text: String,
    document: Json,
    golden: BTreeMap<[String; 3], Json>,
}

fn documents(text: &str) -> Vec<Json> {
    yaml_serde::Deserializer::from_str(text).map(|document| Json::deserialize(document).unwrap()).collect()
}

fn examples() -> Vec<Example> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut dirs: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    dirs.sort();
    let example = |dir: PathBuf| {
        let text = fs::read_to_string(dir.join("keyloom.yaml")).ok()?;
        let golden = fs::read_to_string(dir.join("kubernetes.yaml")).ok()?;
        let golden = documents(&golden).into_iter().map(|object| (key(&object), object)).collect();
        let [document] = documents(&text).try_into().ok()?;
        Some(Example { dir, text, document, golden })
    };
    dirs.into_iter().filter_map(example).collect()
}

fn key(object: &Json) -> [String; 3] {
    let text = |pointer| object.pointer(pointer).and_then(Json::as_str).unwrap_or_default().to_owned();
    [text("/kind"), text("/metadata/namespace"), text("/metadata/name")]
}

/// A child's manifest. Pulumi knows one kind of number, so those of both sides are compared as such.
fn manifest(child: &Child) -> Json {
    child.inputs.properties.iter().map(|(name, property)| (name.clone(), shown(property))).collect()
}

fn numbers(json: &Json) -> Json {
    match json {
        Json::Number(number) => number.as_f64().into(),
        Json::Array(items) => items.iter().map(numbers).collect(),
        Json::Object(map) => map.iter().map(|(key, value)| (key.clone(), numbers(value))).collect(),
        other => other.clone(),
    }
}

#[test]
fn a_declaration_makes_the_objects_of_its_manifests() {
    let mut compared = 0;
    for example in examples().iter().filter(|example| !example.text.contains("substitution: flux")) {
        let plan = plan(Component::Keyloom, &inputs(json!({ "content": example.text })));
        if example.document.get("pipelines").is_some() {
            // A workflow and Terraform carry them out, and no component makes either.
            let refused = plan.unwrap_err().to_string();
            assert!(refused.contains("write it with `keyloom render --out`"), "{refused}");
            continue;
        }
        let plan = plan.unwrap();
        assert_eq!(plan.children.len(), example.golden.len(), "{:?}", example.dir);
        for child in &plan.children {
            let manifest = manifest(child);
            let golden = example.golden.get(&key(&manifest)).map(numbers);
            assert_eq!(Some(manifest), golden, "{:?}", example.dir);
            compared += 1;
        }
    }
    assert!(compared > 150, "{compared}");
}

#[test]
fn an_item_makes_the_object_of_its_manifest() {
    let mut compared = BTreeMap::new();
    for example in examples() {
        let of_whole = ["defaults", "substitution", "versions"];
        if of_whole.iter().any(|section| example.document.get(section).is_some()) {
            continue;
        }
        for (component, said) in items(&example) {
            let plan =
                plan(component, &inputs(said.clone())).unwrap_or_else(|errors| panic!("{errors}\n{said}"));
            let [child] = plan.children.as_slice() else { panic!("{said}") };
            let manifest = sorted(manifest(child));
            let golden = example.golden.get(&key(&manifest)).map(|golden| sorted(numbers(golden)));
            assert_eq!(golden, Some(manifest), "{said}");
            *compared.entry(component).or_insert(0) += 1;
        }
    }
    // A declaration is compared above, and what Infisical makes has no manifests.
    let others = [Component::AppConnection, Component::SecretSync, Component::Keyloom];
    let of_kubernetes = Component::ALL.into_iter().filter(|component| !others.contains(component));
    assert!(compared.keys().copied().eq(of_kubernetes), "{compared:?}");
    assert!(compared.values().sum::<usize>() > 50, "{compared:?}");
}

/// Members of an object have no order in Pulumi, so what a mapping `keys` becomes is in that of its names.
fn sorted(mut manifest: Json) -> Json {
    if let Some(data) = manifest.pointer_mut("/spec/data").and_then(Json::as_array_mut) {
        data.sort_by_key(|entry| entry["secretKey"].to_string());
    }
    manifest
}

/// The items of an example as components that make the same.
fn items(example: &Example) -> Vec<(Component, Json)> {
    let list = |name: &str| example.document[name].as_array().cloned().unwrap_or_default();
    let stores = list("stores");
    let declared = stores.iter().filter(|store| store["external"] != true);
    let mut items: Vec<_> = declared.map(|store| (Component::SecretStore, store.clone())).collect();
    for item in list("externalSecrets") {
        let text = |field: &str| item[field].as_str().unwrap_or_default().to_owned();
        let golden = &example.golden[&["ExternalSecret".to_owned(), text("namespace"), text("name")]];
        let mut item = item.as_object().unwrap().clone();
        let whole = |name: &Json, kind: &Json| {
            let same = |store: &&Json| {
                store["name"] == *name && (store["clusterScoped"] == true) == (kind == "ClusterSecretStore")
            };
            let store = stores.iter().find(same)?;
            let service = store.pointer("/aws/service").cloned();
            let mut reference = json!({ "name": name, "kind": kind, "provider": store["provider"] });
            reference.as_object_mut().unwrap().extend(service.map(|service| ("service".to_owned(), service)));
            Some(reference)
        };
        if let Some(connection) = item.get_mut("connection") {
            say_whole(connection, &list("connections"));
        }
        let own = &golden["spec"]["secretStoreRef"];
        if let Some(reference) = whole(&own["name"], &own["kind"]) {
            item.insert("secretStoreRef".to_owned(), reference);
        }
        for entry in
            ["data", "dataFrom"].iter().filter_map(|list| item.get(*list).cloned()).collect::<Vec<_>>()
        {
            for entry in entry.as_array().unwrap() {
                // Stores of single entries are references of their own; the components are handed whole ones.
                if entry.get("secretStoreRef").is_some() {
                    item.clear();
                }
            }
        }
        if !item.is_empty() {
            items.push(flat(item));
        }
    }
    items
}

/// A component sees no `connections`.
fn say_whole(connection: &mut Json, declared: &[Json]) {
    let Some(declared) = declared.iter().find(|it| it["name"] == connection["name"]) else { return };
    for field in ["type", "path"] {
        if let Some(said) = declared.get(field) {
            connection[field] = said.clone();
        }
    }
}

/// The component of an external secret's helper, with the helper's fields beside those of the item.
fn flat(mut item: Map<String, Json>) -> (Component, Json) {
    let helpers = [
        ("databaseCredentials", Component::DatabaseCredentials),
        ("apiKey", Component::ApiKey),
        ("tlsCertificate", Component::TlsCertificate),
    ];
    for (helper, component) in helpers {
        if let Some(Json::Object(fields)) = item.remove(helper) {
            item.extend(fields);
            return (component, item.into());
        }
    }
    (Component::ExternalSecret, item.into())
}
