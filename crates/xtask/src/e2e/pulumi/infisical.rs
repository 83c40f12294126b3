//! App connections and secret syncs: the ids go from one resource to the other, in one component and between two, and the
//! provider's schema takes what it is told.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::Result;
use crate::e2e::pulumi::home::Home;
use crate::e2e::pulumi::scene::Scene;
use crate::e2e::pulumi::stack::{Stack, changes, urn_name};

/// What must not be seen.
const CANARY: &str = "canary-8d21f0";
/// The declaration that the program reads.
const DECLARATION: &str = "examples/secret-syncs/keyloom.yaml";

/// Runs every check.
pub(super) fn run(scene: &mut Scene<'_>) -> Result<()> {
    scene.check("infisical", syncs)
}

fn syncs(home: &Home) -> Result<Vec<String>> {
    let stack = Stack::new(home, "infisical", "infisical")?;
    fs::copy(crate::root().join(DECLARATION), stack.dir().join("infisical-declaration.yaml"))?;
    stack.set_secret("accessKey", CANARY)?;
    let mut said = Vec::new();
    for args in [&["preview", "--diff"][..], &["up", "--yes", "--skip-preview"], &["stack", "export"]] {
        let words = stack.said(args)?;
        if words.code != Some(0) {
            return Ok(vec![words.all]);
        }
        said.push((args.join(" "), words.all));
    }
    let mut wrong = resources(&stack.resources()?);
    match stack.preview()? {
        Ok(steps) => wrong.extend(changes(&steps)),
        Err(words) => wrong.push(words),
    }
    said.push(("destroy".to_owned(), stack.destroy()?.all));
    let seen = said.iter().filter(|(_, words)| words.contains(CANARY));
    wrong.extend(seen.map(|(what, _)| format!("`{what}` shows the secret")));
    Ok(wrong)
}

/// Every sync has the id of the connection that it uses, and depends on it.
fn resources(resources: &[Value]) -> Vec<String> {
    let expected = BTreeMap::from([
        ("api", "id-of-aws"),
        (
            "declared-secretsync-aws-secrets-sync",
            "id-of-declared-appconnection-aws-secrets-manager-connection",
        ),
        ("declared-secretsync-github-secrets-sync", "6f1f2c5e-6a8e-4f3a-9a5b-0d3c1f7e2b11"),
    ]);
    let syncs = resources.iter().filter_map(|resource| {
        let is_sync = resource["type"].as_str()?.starts_with("infisical:index/secretSync");
        is_sync.then(|| (urn_name(resource["urn"].as_str().unwrap_or_default()), resource))
    });
    let syncs: BTreeMap<String, &Value> = syncs.collect();
    let mut wrong = Vec::new();
    if !syncs.keys().eq(expected.keys()) {
        wrong.push(format!("syncs: {:?}", syncs.keys()));
    }
    for (name, id) in expected {
        let Some(sync) = syncs.get(name) else { continue };
        let connection = &sync["inputs"]["connectionId"];
        if connection != id {
            wrong.push(format!("{name} uses {connection}, not {id}"));
        }
        let depends = sync["propertyDependencies"]["connectionId"].as_array().map_or(0, Vec::len);
        if (depends > 0) != id.starts_with("id-of-") {
            wrong.push(format!("{name}: its connection is among {depends} dependencies"));
        }
    }
    wrong
}
