//! A case: a document, what exists before, and the Secrets that must appear.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use keyloom_syntax::check::fits;
use keyloom_syntax::schema::Schema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::Result;
use crate::e2e::base64;
use crate::e2e::manifests::Manifest;
use crate::e2e::moto::Moto;
use crate::e2e::objects::Objects;

/// What exists beforehand.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Remote {
    /// Secrets Manager: name to text, or to a JSON value.
    #[serde(default)]
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
    /// In plain text; these keys, those of `forms`, and no others.
    #[serde(default)]
    data: BTreeMap<String, String>,
    /// Regular expressions for values that nobody knows before.
    #[serde(default)]
    forms: BTreeMap<String, String>,
}

/// What the backend must hold in the end.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pushed {
    /// Secrets Manager: name to text, or to a JSON value.
    aws: BTreeMap<String, Value>,
}

/// One case, read from its folder.
#[derive(Debug)]
pub(in crate::e2e) struct Case {
    /// The document to render.
    pub(in crate::e2e) document: PathBuf,
    /// What Secrets Manager holds.
    pub(in crate::e2e) aws: BTreeMap<String, Value>,
    /// Objects that must be there first.
    pub(in crate::e2e) kubernetes: Vec<Manifest>,
    /// By namespace and name.
    expected: BTreeMap<(String, String), Expected>,
    pushed: Pushed,
}

impl Case {
    /// Reads `keyloom.yaml`, and `remote.json`, `expected.json` and, if it is there, `pushed.json` beside it or in `e2e`.
    pub(in crate::e2e) fn read(dir: &Path) -> Result<Self> {
        let inner = dir.join("e2e");
        let notes = if inner.is_dir() { inner.as_path() } else { dir };
        let remote: Remote = read_json(&notes.join("remote.json"))?;
        let expected: BTreeMap<String, Expected> = read_json(&notes.join("expected.json"))?;
        let pushed = notes.join("pushed.json");
        let pushed = if pushed.is_file() { read_json(&pushed)? } else { Pushed::default() };
        if expected.is_empty() && pushed.aws.is_empty() {
            return Err(format!("{} expects nothing", dir.display()).into());
        }
        let manifest = |value: Value| Manifest { text: value.to_string(), value };
        Ok(Self {
            document: dir.join("keyloom.yaml"),
            aws: remote.aws,
            kubernetes: remote.kubernetes.into_iter().map(manifest).collect(),
            expected: expected.into_iter().map(addressed).collect::<Result<_>>()?,
            pushed,
        })
    }

    /// The addresses of the Secrets that must appear.
    pub(in crate::e2e) fn targets(&self) -> Vec<Manifest> {
        self.expected.keys().map(|(namespace, name)| Objects::secret(namespace, name)).collect()
    }

    /// What is not as expected now. Values are compared, never shown.
    pub(in crate::e2e) fn missing(&self, objects: &mut Objects, moto: &Moto) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        for (name, value) in &self.pushed.aws {
            match moto.secret(name)? {
                None => wrong.push(format!("{name} was not pushed")),
                Some(found) if holds(&found, value) => {}
                Some(_) => wrong.push(format!("{name} was pushed with another value")),
            }
        }
        wrong.extend(self.absent(objects)?);
        Ok(wrong)
    }

    /// What of the Secrets is not as expected now.
    pub(in crate::e2e) fn absent(&self, objects: &mut Objects) -> Result<Vec<String>> {
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
        let keys: BTreeSet<&String> = self.data.keys().chain(self.forms.keys()).chain(data.keys()).collect();
        for key in keys {
            let value = data.get(key).and_then(Value::as_str).and_then(base64::decode);
            let expected = match (self.data.get(key), self.forms.get(key)) {
                (Some(text), _) => value.as_ref().map(|value| text.as_bytes() == value),
                (None, Some(form)) => value.as_ref().map(|value| has_form(value, form)),
                (None, None) => {
                    wrong.push(format!("key {key} is not expected"));
                    continue;
                }
            };
            match expected {
                Some(true) => {}
                Some(false) => wrong.push(format!("key {key} has another value")),
                None => wrong.push(format!("key {key} is missing")),
            }
        }
        wrong
    }
}

/// Whether a backend holds that text, or that JSON value.
fn holds(found: &[u8], value: &Value) -> bool {
    match value {
        Value::String(text) => found == text.as_bytes(),
        value => serde_json::from_slice::<Value>(found).is_ok_and(|found| found == *value),
    }
}

fn has_form(value: &[u8], form: &str) -> bool {
    let schema = Schema::compile(&json!({"type": "string", "pattern": form}));
    let text = std::str::from_utf8(value).map(Value::from);
    schema.is_ok_and(|schema| text.is_ok_and(|text| fits(&text, &schema)))
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
    use super::*;

    #[test]
    fn keys_are_compared_one_by_one_and_values_not_shown() {
        let expected: Expected =
            serde_json::from_value(json!({"type": "Opaque", "data": {"a": "x", "b": "y", "c": "z"}, "forms": {"f": "^x$", "g": "^y$"}}))
                .unwrap();
        let stored = json!({"type": "Opaque", "data": {"a": "eA==", "b": "eA==", "d": "eA==", "f": "eA==", "g": "eA=="}});
        assert_eq!(
            expected.differences(&stored),
            [
                "key b has another value",
                "key c is missing",
                "key d is not expected",
                "key g has another value"
            ]
        );
    }
}
