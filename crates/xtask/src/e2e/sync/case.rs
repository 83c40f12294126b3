//! A case: a document, what exists before, and the Secrets that must appear.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::Result;
use crate::e2e::manifests::Manifest;
use crate::e2e::objects::Objects;
use crate::e2e::sync::base64;

/// What exists beforehand.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Remote {
    /// Secrets Manager: name to text, or to a JSON value.
    aws: BTreeMap<String, Value>,
    /// Objects, such as the Secret that the store logs in with.
    #[serde(default)]
    kubernetes: Vec<Value>,
}

/// A Secret that must appear.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[serde(rename = "type")]
    kind: String,
    /// In plain text; these keys and no others.
    data: BTreeMap<String, String>,
}

/// One case, read from its folder.
#[derive(Debug)]
pub(super) struct Case {
    /// The document to render.
    pub(super) document: PathBuf,
    /// What Secrets Manager holds.
    pub(super) aws: BTreeMap<String, Value>,
    /// Objects that must be there first.
    pub(super) kubernetes: Vec<Manifest>,
    /// By namespace and name.
    expected: BTreeMap<(String, String), Expected>,
}

impl Case {
    /// Reads `keyloom.yaml`, and `remote.json` and `expected.json` beside it or in `e2e`.
    pub(super) fn read(dir: &Path) -> Result<Self> {
        let inner = dir.join("e2e");
        let notes = if inner.is_dir() { inner.as_path() } else { dir };
        let remote: Remote = read_json(&notes.join("remote.json"))?;
        let expected: BTreeMap<String, Expected> = read_json(&notes.join("expected.json"))?;
        if expected.is_empty() {
            return Err(format!("{} expects nothing", dir.display()).into());
        }
        let manifest = |value: Value| Manifest { text: value.to_string(), value };
        Ok(Self {
            document: dir.join("keyloom.yaml"),
            aws: remote.aws,
            kubernetes: remote.kubernetes.into_iter().map(manifest).collect(),
            expected: expected.into_iter().map(addressed).collect::<Result<_>>()?,
        })
    }

    /// The addresses of the Secrets that must appear.
    pub(super) fn targets(&self) -> Vec<Manifest> {
        self.expected.keys().map(|(namespace, name)| Objects::secret(namespace, name)).collect()
    }

    /// What is not as expected now. Values are compared, never shown.
    pub(super) fn missing(&self, objects: &mut Objects) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        for ((namespace, name), expected) in &self.expected {
            let response = objects.get(&Objects::secret(namespace, name))?;
            match response.status {
                404 => wrong.push(format!("Secret {namespace}/{name} did not appear")),
                _ => {
                    let found = expected.differences(&response.json());
                    wrong.extend(found.iter().map(|it| format!("Secret {namespace}/{name}: {it}")));
                }
            }
        }
        Ok(wrong)
    }
}

impl Expected {
    fn differences(&self, stored: &Value) -> Vec<String> {
        let mut wrong = Vec::new();
        let kind = stored["type"].as_str().unwrap_or_default();
        if kind != self.kind {
            wrong.push(format!("type is {kind}, expected {}", self.kind));
        }
        let data = stored["data"].as_object().cloned().unwrap_or_default();
        let keys: BTreeSet<&String> = self.data.keys().chain(data.keys()).collect();
        for key in keys {
            let value = data.get(key).and_then(Value::as_str);
            match (self.data.get(key), value.and_then(base64::decode)) {
                (Some(expected), Some(value)) if expected.as_bytes() == value => {}
                (Some(_), Some(_)) => wrong.push(format!("key {key} has another value")),
                (Some(_), None) => wrong.push(format!("key {key} is missing")),
                (None, _) => wrong.push(format!("key {key} is not expected")),
            }
        }
        wrong
    }
}

fn addressed((address, expected): (String, Expected)) -> Result<((String, String), Expected)> {
    let (namespace, name) = address.split_once('/').ok_or("write NAMESPACE/NAME")?;
    Ok(((namespace.to_owned(), name.to_owned()), expected))
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let named = |error: &dyn std::error::Error| format!("{}: {error}", path.display());
    let text = fs::read_to_string(path).map_err(|error| named(&error))?;
    Ok(serde_json::from_str(&text).map_err(|error| named(&error))?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_compared_one_by_one_and_values_not_shown() {
        let expected: Expected =
            serde_json::from_value(json!({"type": "Opaque", "data": {"a": "x", "b": "y", "c": "z"}}))
                .unwrap();
        let stored = json!({"type": "Opaque", "data": {"a": "eA==", "b": "eA==", "d": "eA=="}});
        assert_eq!(
            expected.differences(&stored),
            ["key b has another value", "key c is missing", "key d is not expected"]
        );
    }
}
