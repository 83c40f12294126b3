//! The life of a stack: what a preview says is what an update does, a new name moves nothing, providers are those that
//! were asked for, and things go in the order that they need.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::Result;
use crate::e2e::pulumi::home::Home;
use crate::e2e::pulumi::scene::{Scene, files};
use crate::e2e::pulumi::stack::{Stack, changes, urn_name};

/// Runs every check.
pub(super) fn run(scene: &mut Scene<'_>) -> Result<()> {
    scene.check("plan", plan)?;
    scene.check("rename", rename)?;
    scene.check("destroy order", destroy_order)?;
    scene.check("explicit provider", explicit_provider)?;
    scene.check("refresh", refresh)
}

/// A preview with unknowns lists what the update does, and the engine itself holds the update to it.
fn plan(home: &Home) -> Result<Vec<String>> {
    let stack = files(home, "unknown", "unknown")?;
    let steps = match stack.preview()? {
        Ok(steps) => steps,
        Err(words) => return Ok(vec![words]),
    };
    let planned: BTreeSet<String> = steps.into_iter().map(|step| step.urn).collect();
    let mut wrong = stack.constrained_up()?;
    let made: BTreeSet<String> = stack.resources()?.iter().map(|it| text(it, "urn")).collect();
    let made: BTreeSet<String> = made.into_iter().filter(|urn| !urn.contains("::default")).collect();
    let difference = |left: &BTreeSet<String>, right: &BTreeSet<String>, words: &str| {
        left.difference(right).map(|urn| format!("{urn} {words}")).collect::<Vec<_>>()
    };
    wrong.extend(difference(&planned, &made, "was planned and not made"));
    wrong.extend(difference(&made, &planned, "was made and not planned"));
    wrong.extend(unchanged(&stack)?);
    Ok(wrong)
}

/// A component under another name, which says what it was called: nothing is made again.
fn rename(home: &Home) -> Result<Vec<String>> {
    let stack = files(home, "rename", "rename")?;
    let up = stack.up()?;
    if up.code != Some(0) {
        return Ok(vec![up.all]);
    }
    stack.declare("rename", "renamed")?;
    let mut wrong = unchanged(&stack)?;
    let up = stack.up()?;
    if up.code != Some(0) {
        wrong.push(up.all);
    }
    let names: Vec<String> = stack.resources()?.iter().map(|it| urn_name(&text(it, "urn"))).collect();
    if names.iter().any(|name| name.starts_with("before")) {
        wrong.push(format!("the old name is still there: {names:?}"));
    }
    Ok(wrong)
}

/// What reads goes before what is read: external secrets, stores, credentials.
fn destroy_order(home: &Home) -> Result<Vec<String>> {
    const CHAINS: [&[&str]; 2] = [
        &["ExternalSecret::postgres", "SecretStore::vault", "Secret::vault-credentials"],
        &["ExternalSecret::app-externalsecret-apps-session", "SecretStore::app-secretstore-apps-whole"],
    ];
    let stack = files(home, "order", "order")?;
    let up = stack.up()?;
    if up.code != Some(0) {
        return Ok(vec![up.all]);
    }
    let events = stack.destroy_events()?;
    let at = |event: &str, resource: &str| {
        let resource = format!(":{resource}");
        events.iter().position(|(name, urn)| name == event && urn.ends_with(&resource))
    };
    let mut wrong = Vec::new();
    for pair in CHAINS.iter().flat_map(|chain| chain.windows(2)) {
        match (at("resOutputsEvent", pair[0]), at("resourcePreEvent", pair[1])) {
            (Some(gone), Some(goes)) if gone < goes => {}
            _ => wrong.push(format!("{} should be gone before {} goes:\n{events:#?}", pair[0], pair[1])),
        }
    }
    Ok(wrong)
}

/// A provider that the program made serves the children of a component that was given it.
fn explicit_provider(home: &Home) -> Result<Vec<String>> {
    let stack = Stack::new(home, "explicit", "explicit")?;
    let rendered = stack.dir().join("own");
    stack.set("dir", &rendered.to_string_lossy())?;
    let up = stack.up()?;
    if up.code != Some(0) {
        return Ok(vec![up.all]);
    }
    let mut wrong = Vec::new();
    if fs::read_dir(rendered.join("1-manifest")).map(Iterator::count).unwrap_or_default() == 0 {
        wrong.push("the explicit provider wrote nothing".to_owned());
    }
    for resource in stack.resources()? {
        if text(&resource, "type").starts_with("kubernetes:")
            && !text(&resource, "provider").contains("::own::")
        {
            wrong.push(format!("{} is served by {}", text(&resource, "urn"), text(&resource, "provider")));
        }
    }
    wrong.extend(unchanged(&stack)?);
    Ok(wrong)
}

/// Reading everything again finds nothing to change.
fn refresh(home: &Home) -> Result<Vec<String>> {
    let stack = files(home, "refresh", "refresh")?;
    let up = stack.up()?;
    if up.code != Some(0) {
        return Ok(vec![up.all]);
    }
    let refreshed = stack.said(&["refresh", "--yes", "--skip-preview", "--expect-no-changes"])?;
    Ok((refreshed.code != Some(0)).then_some(refreshed.all).into_iter().collect())
}

/// What a further preview would change, which is nothing.
fn unchanged(stack: &Stack<'_>) -> Result<Vec<String>> {
    Ok(match stack.preview()? {
        Ok(steps) => changes(&steps).into_iter().map(|step| format!("a preview would {step}")).collect(),
        Err(words) => vec![words],
    })
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}
