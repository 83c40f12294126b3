//! The examples, as a user of the command sees them: `trace.txt` and `plan.txt` in `examples/CASE/` are transcripts, and so is
//! the README's.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use support::{cases, run_in};

const PROMPT: &str = "$ keyloom ";
const TRANSCRIPTS: [&str; 2] = ["trace.txt", "plan.txt"];

#[test]
fn transcripts_of_examples_are_what_the_command_says() {
    let mut seen = BTreeSet::new();
    let dirs = examples();
    for (dir, name) in dirs.iter().flat_map(|dir| TRANSCRIPTS.map(|name| (dir, name))) {
        let transcript = dir.join(name);
        let Ok(written) = fs::read_to_string(&transcript) else { continue };
        let now = played(dir, &written);
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&transcript, &now).unwrap();
        }
        assert!(
            fs::read_to_string(&transcript).unwrap() == now,
            "{}: the command now says\n{now}",
            transcript.display()
        );
        seen.insert(name);
    }
    assert_eq!(seen.len(), TRANSCRIPTS.len(), "{seen:?}");
}

#[test]
fn every_example_checks_without_errors() {
    for dir in examples() {
        let run = run_in(&dir, &["check"]);
        assert_eq!(run.code, 0, "{}: {}{}", dir.display(), run.out, run.err);
    }
}

#[test]
fn the_readme_shows_what_the_command_says() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let run = run_in(&cases().join("readme"), &["check"]);
    let shown = format!("$ keyloom check\n{}\n\n{}\n", run.out.trim_end(), run.err.trim());
    assert!(readme.contains(&shown), "README.md should show\n{shown}");
    let trace = run_in(&root().join("examples/complete-workflow-aws"), &["trace", "postgres"]);
    assert!(readme.contains(&trace.out), "README.md should show\n{}", trace.out);
}

/// The transcript with the commands of `written` and what they say now.
fn played(dir: &Path, written: &str) -> String {
    let mut sessions = Vec::new();
    for command in written.lines().filter_map(|line| line.strip_prefix(PROMPT)) {
        let args: Vec<_> = command.split(' ').collect();
        let run = run_in(dir, &args);
        sessions.push(format!("{PROMPT}{command}\n{}{}", run.out, run.err));
    }
    sessions.join("\n")
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn examples() -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("examples")).unwrap();
    // What has no document is a program.
    let is_declared = |path: &PathBuf| path.join("keyloom.yaml").is_file();
    let mut dirs: Vec<_> = entries.map(|entry| entry.unwrap().path()).filter(is_declared).collect();
    dirs.sort();
    dirs
}
