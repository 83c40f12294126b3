//! A value that came in secret stays one: in the state, in what is said, and at exactly the places that it gets to.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::Result;
use crate::e2e::pulumi::home::Home;
use crate::e2e::pulumi::scene::{Scene, files};
use crate::e2e::pulumi::stack::urn_name;

/// What must not be seen: the value of the stack's secret configuration.
const CANARY: &str = "canary-5f3a9c";
/// The key by which the state tells what an object is, and what it says of secrets.
const SIGNATURE: &str = "4dabf18193072939515e22adb298388d";
const SECRET: &str = "1b47061264138c4ac30d75fd1eb44270";
/// The places of `yaml/secrets.yaml` that are secret, a line each.
const EXPECTED: &str = "e2e/pulumi/yaml/secrets.expected.txt";

/// Runs every check.
pub(super) fn run(scene: &mut Scene<'_>) -> Result<()> {
    scene.check("secrets", secrets)?;
    scene.check("plain credential", plain_credential)
}

/// The canary is in what was rendered and nowhere else, and what is made of it is marked.
fn secrets(home: &Home) -> Result<Vec<String>> {
    let stack = files(home, "secrets", "secrets")?;
    stack.set_secret("token", CANARY)?;
    let mut said = Vec::new();
    for args in [
        &["preview"][..],
        &["preview", "--diff"],
        &["preview", "--json"],
        &["up", "--yes", "--skip-preview"],
        &["preview", "--expect-no-changes"],
        &["stack", "export"],
        &["stack", "output", "--json"],
    ] {
        let words = stack.said(args)?;
        if words.code != Some(0) {
            return Ok(vec![words.all]);
        }
        said.push((args.join(" "), words.all));
    }
    let marked = marks(&stack.resources()?);
    let destroyed = stack.destroy()?;
    said.push(("destroy".to_owned(), destroyed.all));
    let seen = said.iter().filter(|(_, words)| words.contains(CANARY));
    let mut wrong: Vec<String> = seen.map(|(what, _)| format!("`{what}` shows the secret")).collect();
    wrong.extend(files_with_canary(&home.path().join("state"))?);
    wrong.extend(files_with_canary(stack.dir())?);
    let expected = fs::read_to_string(crate::root().join(EXPECTED))?;
    let expected: BTreeSet<String> = expected.lines().map(str::to_owned).collect();
    wrong.extend(expected.difference(&marked).map(|place| format!("{place} is not secret")));
    wrong
        .extend(marked.difference(&expected).map(|place| format!("{place} is secret, which nobody expects")));
    Ok(wrong)
}

/// A credential that came in plain is refused, and its value is not shown.
fn plain_credential(home: &Home) -> Result<Vec<String>> {
    let stack = files(home, "plain-credential", "credential")?;
    stack.set("token", CANARY)?;
    let said = stack.said(&["preview"])?;
    let mut wrong = Vec::new();
    if said.code == Some(0) || !said.all.contains("tokenSecretRef") {
        wrong.push(format!("it should be refused with its place:\n{}", said.all));
    }
    if said.all.contains(CANARY) {
        wrong.push(format!("its value is shown:\n{}", said.all));
    }
    Ok(wrong)
}

/// Every place of inputs and of outputs of components that is secret. Outputs of other resources are their provider's.
fn marks(resources: &[Value]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for resource in resources {
        let kind = resource["type"].as_str().unwrap_or_default();
        let name = urn_name(resource["urn"].as_str().unwrap_or_default());
        let sides: &[&str] = if kind.starts_with("keyloom:") { &["inputs", "outputs"] } else { &["inputs"] };
        for side in sides {
            mark(&format!("{kind} {name} {side}"), &resource[*side], &mut found);
        }
    }
    found
}

fn mark(path: &str, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) if map.get(SIGNATURE).is_some_and(|it| it == SECRET) => {
            found.insert(path.to_owned());
        }
        Value::Object(map) => {
            for (key, value) in map {
                mark(&format!("{path}.{key}"), value, found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                mark(&format!("{path}[{index}]"), item, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn files_with_canary(folder: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files_with_canary(&path)?);
        } else if String::from_utf8_lossy(&fs::read(&path)?).contains(CANARY) {
            found.push(format!("{} holds the secret", path.display()));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn marks_are_found_at_any_depth() {
        let secret = json!({SIGNATURE: SECRET, "ciphertext": "v1:..."});
        let resource = json!({"type": "keyloom:index:ApiKey", "urn": "urn:pulumi:e2e::p::t::name",
            "inputs": {"path": secret, "data": [{"key": "a"}, {"key": secret}]}, "outputs": {"name": "x"}});
        let found: Vec<String> = marks(&[resource]).into_iter().collect();
        let head = "keyloom:index:ApiKey name inputs";
        assert_eq!(found, [format!("{head}.data[1].key"), format!("{head}.path")]);
    }
}
