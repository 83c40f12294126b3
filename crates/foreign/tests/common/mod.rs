//! Importing and rendering as the command does, and a comparison of objects that knows nothing of import's own.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;

use keyloom_foreign::import::{self, Imported, import};
use keyloom_foreign::{Options, fix::fix};
use keyloom_models::{Config, Duration, read};
use keyloom_resources::walk::to_completed_json;
use keyloom_resources::{Resource, resources, synthesize};
use keyloom_syntax::Sources;
use keyloom_upstream::eso::{self, EsoVersion, Kind};
use serde::Deserialize;
use serde_json::{Value, json};

/// The texts after mending.
pub(crate) fn mended(sources: &Sources) -> Sources {
    fix(sources, &Options::default()).sources(sources)
}

/// What a declaration is rendered to, as the command tells import.
pub(crate) fn rendered(config: &Config) -> Vec<Value> {
    let json = |resource: Resource| {
        let object = resource.kubernetes()?;
        Some(to_completed_json(object, object.defaults(config.eso())).unwrap())
    };
    resources(config).filter_map(json).collect()
}

/// What import says.
pub(crate) fn imported(sources: &Sources, options: &import::Options) -> Imported {
    import(sources, options, rendered)
}

/// The declaration, or every problem as a line.
pub(crate) fn declaration(sources: &Sources) -> Result<String, String> {
    let imported = imported(sources, &import::Options::default());
    imported.text.ok_or_else(|| {
        let line = |one: &keyloom_syntax::Diagnostic| {
            let at = one.primary.span.and_then(|span| sources.locate(span));
            let at = at.map(|at| format!("{}:{}:{}", at.file, at.line, at.column)).unwrap_or_default();
            format!("{at}: {}: {}", one.code, one.message)
        };
        imported.diagnostics.iter().map(line).collect::<Vec<_>>().join("\n")
    })
}

/// Manifests beside what is rendered under the same identity.
pub(crate) struct Twins {
    pub(crate) pairs: Vec<(Value, Value)>,
    pub(crate) lost: Vec<String>,
    pub(crate) added: Vec<String>,
}

/// Reads the manifests, renders the declaration as YAML and reads that too; every object as a cluster would hold it.
pub(crate) fn twins(manifests: &Sources, declaration: &str) -> Twins {
    let mut sources = Sources::new();
    sources.add("keyloom.yaml", declaration.to_owned()).unwrap();
    let config =
        read::load(&sources, &read::Options::default()).config.expect("a declaration without errors");
    let mut yaml = Vec::new();
    keyloom_codegen::kubernetes::render(&synthesize(&config), &mut yaml).unwrap();
    let mut made = objects(std::str::from_utf8(&yaml).unwrap());
    let (mut pairs, mut lost) = (Vec::new(), Vec::new());
    for (_, file) in manifests.files() {
        for (identity, manifest) in objects(file.text.trim_start_matches('\u{feff}')) {
            match made.remove(&identity) {
                Some(twin) => pairs.push((manifest, twin)),
                None => lost.push(identity),
            }
        }
    }
    Twins { pairs, lost, added: made.into_keys().collect() }
}

/// The operator's objects in a text, by kind, namespace and name.
fn objects(text: &str) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for document in yaml_serde::Deserializer::from_str(text) {
        let mut value = yaml_serde::Value::deserialize(document).unwrap();
        value.apply_merge().unwrap();
        let value = serde_json::to_value(value).unwrap();
        let items = value["items"].as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
        for object in items.into_iter().filter(Value::is_object) {
            let name = |path| object.pointer(path).and_then(Value::as_str).unwrap_or("-").to_owned();
            let identity = [name("/kind"), name("/metadata/namespace"), name("/metadata/name")].join(" ");
            if let Some(kind) = Kind::of(&name("/apiVersion"), &name("/kind")) {
                found.insert(identity, held(kind, object));
            }
        }
    }
    found
}

/// An object as a cluster holds and the operator reads it.
fn held(kind: Kind, mut object: Value) -> Value {
    let name = object["metadata"]["name"].clone();
    let metadata = object["metadata"].as_object_mut().unwrap();
    metadata.retain(|name, _| {
        ["name", "namespace", "labels", "annotations", "finalizers"].contains(&name.as_str())
    });
    if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
        annotations.remove("kubectl.kubernetes.io/last-applied-configuration");
        if annotations.is_empty() {
            metadata.remove("annotations");
        }
    }
    object.as_object_mut().unwrap().remove("status");
    let spec = &mut object["spec"];
    eso::fill_defaults(EsoVersion::newest(), kind, spec);
    if kind == Kind::ExternalSecret {
        let absent = [
            ("/refreshPolicy", json!("Periodic")),
            ("/target/name", name),
            ("/secretStoreRef/kind", json!("SecretStore")),
        ];
        for (path, value) in absent {
            let (parent, field) = path.rsplit_once('/').unwrap();
            if let Some(parent) = spec.pointer_mut(parent).and_then(Value::as_object_mut) {
                parent.entry(field).or_insert(value);
            }
        }
    }
    if let Some(inner) = spec.get_mut("externalSecretSpec") {
        inner["refreshPolicy"] = json!("Periodic");
    }
    let durations = [
        "/refreshInterval",
        "/refreshTime",
        "/externalSecretSpec/refreshInterval",
        "/pushSecretSpec/refreshInterval",
        "/syncWindows/windows/0/duration",
    ];
    for path in durations {
        let Some(value) = spec.pointer_mut(path) else { continue };
        let text =
            value.as_i64().map_or_else(|| value.as_str().unwrap().to_owned(), |secs| format!("{secs}s"));
        if let Ok(duration) = text.parse::<Duration>() {
            *value = duration.to_string().into();
        }
    }
    object
}
