//! Every template that is written for the operator is one that it can parse and execute, and reads only what is fetched.

#![allow(clippy::unwrap_used)] // helpers of tests stand outside of test functions

use std::fs;
use std::path::Path;

use keyloom_syntax::Severity;
use keyloom_upstream::template::{Given, Known, Position, check};
use serde::Deserialize;
use serde_json::Value;

/// The external secrets of all goldens.
fn external_secrets() -> Vec<(String, Value)> {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let mut all = Vec::new();
    for example in fs::read_dir(examples).unwrap() {
        let Ok(files) = fs::read_dir(example.unwrap().path()) else { continue };
        for file in files {
            let path = file.unwrap().path();
            let name = path.display().to_string();
            if !path.file_name().unwrap().to_string_lossy().starts_with("kubernetes") {
                continue;
            }
            for document in yaml_serde::Deserializer::from_str(&fs::read_to_string(&path).unwrap()) {
                let object = Value::deserialize(document).unwrap();
                if object["kind"] == "ExternalSecret" {
                    all.push((name.clone(), object["spec"].clone()));
                }
            }
        }
    }
    all
}

/// Texts of a mapping.
fn texts(mapping: &Value) -> impl Iterator<Item = &str> {
    mapping.as_object().into_iter().flatten().filter_map(|(_, text)| text.as_str())
}

/// Items of a list.
fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

#[test]
fn what_is_written_for_the_operator_is_what_it_takes() {
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (file, spec) in external_secrets() {
        let keys: Vec<_> = items(&spec["data"]).filter_map(|entry| entry["secretKey"].as_str()).collect();
        let fetched = Known { known: &keys, complete: items(&spec["dataFrom"]).next().is_none() };
        let template = &spec["target"]["template"];
        let mut all: Vec<_> = texts(&template["data"]).map(|text| (text, Position::Value, fetched)).collect();
        for of in ["labels", "annotations"] {
            all.extend(texts(&template["metadata"][of]).map(|text| (text, Position::Value, fetched)));
        }
        let literals = items(&template["templateFrom"]).filter_map(|from| from["literal"].as_str());
        all.extend(literals.map(|text| (text, Position::KeysAndValues, fetched)));
        for rewrite in items(&spec["dataFrom"]).flat_map(|entry| items(&entry["rewrite"])) {
            let value = Known { known: &["value"], complete: true };
            all.extend(
                rewrite["transform"]["template"].as_str().map(|text| (text, Position::Transform, value)),
            );
        }
        for (text, position, keys) in all {
            seen += usize::from(text.contains("{{"));
            let faults = check(text, &Given { eso: None, position, keys });
            let faults: Vec<_> = faults.iter().filter(|fault| fault.severity != Severity::Note).collect();
            if !faults.is_empty() {
                wrong.push(format!("{file}: {text}\n{faults:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 15, "only {seen}");
}
