//! Typed connections of `e2e/connections`, and what becomes of them, from whichever store.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

use super::{ARRIVAL, is_ready, object};
use crate::e2e::cluster::Cluster;
use crate::e2e::objects::Objects;
use crate::e2e::process::{Server, wait_until};
use crate::e2e::sync::case::Case;
use crate::{Result, root};

/// External secrets of connections that are not what they should be, and what is said of each.
const FAILING: [(&str, &str); 5] = [
    ("typed-other-type", "connection other-type: the secret is no JSON with type mysql"),
    ("typed-no-password", "connection no-password: details.password is missing or no text"),
    ("typed-text-port", "connection text-port: details.port is no port"),
    ("typed-far-host", "connection far-host: details.host holds more than a host"),
    ("typed-no-json", "connection no-json: the secret is no JSON with type postgres"),
];

/// What is in the store: by name a connection, or a text that is none.
pub(super) fn secrets() -> Result<BTreeMap<String, Value>> {
    Ok(serde_json::from_str(&read("secrets.json")?)?)
}

/// The same as texts.
pub(super) fn texts() -> Result<Value> {
    let text = |value: Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let texts = secrets()?.into_iter().map(|(name, value)| (name, Value::from(text(value))));
    Ok(Value::Object(texts.collect()))
}

/// The case of a folder, with the connections and their Secrets put to its own, in that namespace.
pub(super) fn case(dir: &Path, namespace: &str) -> Result<Case> {
    let here = |name: &str| read(name).map(|text| text.replace("NAMESPACE", namespace));
    let document = dir.join("keyloom.yaml");
    fs::write(&document, format!("{}---\n{}", fs::read_to_string(&document)?, here("keyloom.yaml")?))?;
    let file = dir.join("expected.json");
    let own = if file.is_file() { fs::read_to_string(&file)? } else { "{}".to_owned() };
    let mut expected: Map<String, Value> = serde_json::from_str(&own)?;
    expected.extend(serde_json::from_str::<Map<String, Value>>(&here("expected.json")?)?);
    fs::write(&file, Value::Object(expected).to_string())?;
    Case::read(dir)
}

/// What is no connection of its type becomes no Secret: the external secret is not ready, and an event and the
/// controller's log say why.
pub(super) fn fail(cluster: &mut Cluster, operator: &Server, namespace: &str) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for (name, words) in FAILING {
        let objects = &mut cluster.objects;
        let secret = object("ExternalSecret", namespace, name);
        let failed =
            wait_until(ARRIVAL, || Ok(is_ready(&objects.get(&secret)?.json(), "False").then_some(())))?;
        if failed.is_none() {
            wrong.push(format!("external secret {name} does not fail"));
        }
        if objects.get(&Objects::secret(namespace, name))?.status != 404 {
            wrong.push(format!("external secret {name} made a Secret"));
        }
        let mut said = Vec::new();
        let told = wait_until(ARRIVAL, || {
            said = objects.events(&secret)?;
            Ok(said.iter().any(|it| it.contains(words)).then_some(()))
        })?;
        if told.is_none() {
            wrong.push(format!("external secret {name}: no event says `{words}`, but {said:?}"));
        }
        let whose = [name, namespace].map(|it| format!("\"{it}\""));
        let is_told = |line: &str| line.contains(words) && whose.iter().all(|it| line.contains(it));
        if !operator.log().lines().any(is_told) {
            wrong.push(format!("external secret {name}: the controller does not say `{words}`"));
        }
    }
    Ok(wrong)
}

fn read(name: &str) -> Result<String> {
    let file = root().join("e2e/connections").join(name);
    Ok(fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?)
}
