//! No output holds a credential that somebody wrote into a document by mistake.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::fs;

mod support;

use support::{Run, cases, run, snapshot};

const CANARY: &str = "canary";

fn without_canaries(args: &[&str], run: &Run) {
    for (name, text) in [("standard output", &run.out), ("standard error", &run.err)] {
        let text = text.to_lowercase();
        let line = text.lines().find(|line| line.contains(CANARY));
        assert_eq!(line, None, "{args:?}: {name} of `keyloom`");
    }
}

#[test]
fn no_verb_prints_a_literal_credential() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().to_str().unwrap();
    for args in [
        &["check", "leaked.yaml"][..],
        &["check", "leaked.yaml", "--output", "json"],
        &["check", "leaked.yaml", "--env", "prod"],
        &["check", "leaked.yaml", "--color", "always"],
        &["check", "good.yaml", "--manifests", "leaked.yaml"],
        &["check", "good.yaml", "--manifests", "leaked-pod.yaml"],
        &["check", "good.yaml", "--manifests", "leaked-pod.yaml", "--output", "json"],
        &["render", "leaked.yaml"],
        &["render", "leaked.yaml", "--out", out],
        &["trace", "constants", "leaked.yaml"],
        &["explain", "literal-secret"],
    ] {
        without_canaries(args, &run(args));
    }
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0, "nothing is written");
}

#[test]
fn every_credential_is_found() {
    let text = fs::read_to_string(cases().join("leaked.yaml")).unwrap();
    let run = run(&["check", "leaked.yaml"]);
    assert_eq!(run.code, 1);
    assert!(text.contains(CANARY));
    snapshot("leaked", &run);
}

#[test]
fn constants_that_are_no_secrets_are_rendered_but_traced_by_name() {
    let run = run(&["trace", "web-config", "constants.yaml"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("-> LOG_LEVEL") && !run.out.contains("debug"), "{}", run.out);
}
