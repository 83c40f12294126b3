//! What goes wrong is said, and leaves nothing behind that cannot go on.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use crate::e2e::engines::Pulumi;
use crate::e2e::process::{Group, Said, kill, wait_until};
use crate::e2e::pulumi::home::{Home, said};
use crate::e2e::pulumi::plugins;
use crate::e2e::pulumi::scene::{RENDER, Scene, files};
use crate::e2e::pulumi::stack::Stack;
use crate::{Result, root};

/// Within this time everything has to come to its end after a process was killed.
const END: Duration = Duration::from_secs(30);

/// Runs every check.
pub(super) fn run(pulumi: &Pulumi, scene: &mut Scene<'_>) -> Result<()> {
    scene.check("bad inputs", |home| bad_inputs(pulumi, home))?;
    scene.check("bad document", bad_document)?;
    scene.check("failing child", failing_child)?;
    scene.check("engine killed", engine_killed)?;
    scene.check("plugin killed", plugin_killed)
}

/// Every problem of a component in one preview, at its place.
fn bad_inputs(pulumi: &Pulumi, home: &Home) -> Result<Vec<String>> {
    let mut program = home.command(pulumi.python.join("bin/python"));
    let said = said(program.arg(root().join("e2e/pulumi/python/bad_inputs.py")).arg("bad-inputs"))?;
    let expected = [
        "clusterScopd",
        "missing field `environment`",
        "`projectSlug` wants text",
        "`Secrt` is not one of",
        "two-auth-methods",
    ];
    refused(&said, &expected)
}

/// The same of a whole declaration.
fn bad_document(home: &Home) -> Result<Vec<String>> {
    let said = files(home, "bad-document", "bad-document")?.said(&["preview"])?;
    refused(&said, &["two-auth-methods", "nowhere"])
}

fn refused(said: &Said, expected: &[&str]) -> Result<Vec<String>> {
    let missing: Vec<&&str> = expected.iter().filter(|words| !said.all.contains(**words)).collect();
    Ok(match (said.code, missing.as_slice()) {
        (Some(0), _) => vec!["it was accepted".to_owned()],
        (_, []) => Vec::new(),
        (_, missing) => vec![format!("nothing is said of {missing:?}:\n{}", said.all)],
    })
}

/// A child that cannot be made is named with its reason; when the reason is gone, an update goes on from there.
fn failing_child(home: &Home) -> Result<Vec<String>> {
    let stack = files(home, "failing-child", "refresh")?;
    // Nothing can be made below a file.
    let blocked = stack.dir().join("blocked");
    fs::write(&blocked, "")?;
    stack.set(RENDER, &blocked.to_string_lossy())?;
    let said = stack.up()?;
    let mut wrong = Vec::new();
    if said.code == Some(0) || !said.all.contains("kubernetes:external-secrets.io/v1:SecretStore") {
        wrong.push(format!("the child that fails is not named:\n{}", said.all));
    }
    fs::remove_file(&blocked)?;
    let said = stack.up()?;
    if said.code != Some(0) {
        wrong.push(format!("the stack cannot go on:\n{}", said.all));
    }
    Ok(wrong)
}

/// The engine dies in the middle: its plugins end with it. Whether the stack goes on is up to where its state is: a file
/// may have been cut short.
fn engine_killed(home: &Home) -> Result<Vec<String>> {
    let stack = files(home, "engine-killed", "many")?;
    let group = start_up(home, &stack)?;
    kill("KILL", &group.id().to_string())?;
    group.wait(END)?;
    let gone = wait_until(END, || Ok(plugins_of(home)?.is_empty().then_some(())))?;
    let mut wrong = Vec::new();
    if gone.is_none() {
        wrong.push(format!("plugins live on: {:?}", plugins_of(home)?));
        end_all(home)?;
    }
    Ok(wrong)
}

/// A plugin dies in the middle: the engine says so and ends, and the stack goes on later. The first that is started may only
/// have been asked for its schema, so that every one is killed until the update ends.
fn plugin_killed(home: &Home) -> Result<Vec<String>> {
    let stack = files(home, "plugin-killed", "many")?;
    let mut group = start_up(home, &stack)?;
    let ended = wait_until(END, || {
        for id in plugins_of(home)? {
            // It may have come to its own end meanwhile.
            let _ = kill("KILL", &id);
        }
        Ok(group.has_ended()?.then_some(()))
    })?;
    ended.ok_or("the update goes on without its plugin")?;
    let said = group.wait(END)?;
    let mut wrong = Vec::new();
    if said.code == Some(0) {
        wrong.push("the update took no notice".to_owned());
    }
    wrong.extend(goes_on(&stack)?);
    Ok(wrong)
}

/// Starts an update and waits until the plugin is at work.
fn start_up(home: &Home, stack: &Stack<'_>) -> Result<Group> {
    let group = Group::start(&mut stack.of_stack(&["up", "--yes", "--skip-preview"]))?;
    wait_until(END, || Ok((!plugins_of(home)?.is_empty()).then_some(())))?.ok_or("no plugin was started")?;
    Ok(group)
}

fn goes_on(stack: &Stack<'_>) -> Result<Vec<String>> {
    let said = stack.up()?;
    Ok((said.code != Some(0)).then(|| format!("the stack cannot go on:\n{}", said.all)).into_iter().collect())
}

/// The processes of the plugin under test that were started from this home.
fn plugins_of(home: &Home) -> Result<Vec<String>> {
    let program = home.bin().join(plugins::KEYLOOM).to_string_lossy().into_owned();
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let path: PathBuf = entry?.path();
        // Processes come and go while this looks.
        let line = fs::read(path.join("cmdline")).unwrap_or_default();
        if line.split(|byte| *byte == 0).next() == Some(program.as_bytes()) {
            found.extend(path.file_name().map(|id| id.to_string_lossy().into_owned()));
        }
    }
    Ok(found)
}

fn end_all(home: &Home) -> Result<()> {
    plugins_of(home)?.iter().try_for_each(|id| kill("KILL", id))
}
