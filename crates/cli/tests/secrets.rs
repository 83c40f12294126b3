//! No output holds a credential that somebody wrote into a document by mistake.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::fs;

mod support;

use support::{Run, cases, run, snapshot};

const CANARY: &str = "canary";
/// A password of digits alone.
const PIN: &str = "7707707";

fn without_canaries(args: &[&str], run: &Run) {
    for (name, text) in [("standard output", &run.out), ("standard error", &run.err)] {
        let text = text.to_lowercase();
        let line = text.lines().find(|line| line.contains(CANARY) || line.contains(PIN));
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
        &["check", "pasted.yaml"],
        &["check", "pasted.yaml", "--output", "json"],
        &["check", "pasted.yaml", "--env", "prod"],
        &["check", "pasted-alias.yaml"],
        &["check", "pasted-broken.yaml"],
        &["check", "pasted-broken.yaml", "--output", "json"],
        &["check", "pasted-carried.yaml"],
        &["check", "pasted-carried.yaml", "--output", "json"],
        &["render", "pasted-carried.yaml", "--out", out],
        &["trace", "hook", "pasted-carried.yaml"],
        &["check", "good.yaml", "--manifests", "pasted-pod.yaml"],
        &["check", "good.yaml", "--manifests", "pasted-pod.yaml", "--output", "json"],
        &["check", "leaked.yaml", "--manifests", "pasted-pod.yaml"],
        &["render", "pasted.yaml"],
        &["trace", "constants", "pasted.yaml"],
        &["check", "good.yaml", "--manifests", "leaked.yaml"],
        &["check", "good.yaml", "--manifests", "leaked-pod.yaml"],
        &["check", "good.yaml", "--manifests", "leaked-pod.yaml", "--output", "json"],
        &["check", "good.yaml", "--manifests", "leaked-writers.yaml"],
        &["check", "good.yaml", "--manifests", "leaked-writers.yaml", "--output", "json"],
        &["check", "leaked-service.yaml"],
        &["render", "leaked-service.yaml"],
        &["trace", "web", "leaked-service.yaml"],
        &["render", "leaked.yaml"],
        &["render", "leaked.yaml", "--out", out],
        &["trace", "constants", "leaked.yaml"],
        &["explain", "literal-secret"],
    ] {
        without_canaries(args, &run(args));
    }
    for form in ["text", "json", "sarif", "junit", "github"] {
        for file in ["leaked.yaml", "pasted.yaml", "pasted-alias.yaml", "pasted-broken.yaml"] {
            let args = ["check", file, "--output", form, "--manifests", "pasted-pod.yaml", "leaked-pod.yaml"];
            let found = run(&args);
            assert_eq!(found.code, 1, "{}", found.err);
            without_canaries(&args, &found);
        }
        let args = ["check", "leaked-comment.yaml", "--output", form];
        let found = run(&args);
        assert!(found.out.contains("suppression-unknown-code"), "{}", found.out);
        without_canaries(&args, &found);
        let args = ["validate", "manifest.yaml", "leaked-pod.yaml", "pasted-pod.yaml", "--output", form];
        without_canaries(&args, &run(&args));
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
fn what_is_pasted_where_nothing_is_known_is_hidden() {
    snapshot("pasted", &run(&["check", "pasted.yaml"]));
}

#[test]
fn what_is_pasted_into_a_carried_block_is_hidden() {
    snapshot("pasted-carried", &run(&["check", "pasted-carried.yaml"]));
}

#[test]
fn names_of_keys_are_shown() {
    let run = run(&["check", "key-names.yaml"]);
    for shown in [
        "data: [{key: password, path: database/password, property: api_token, oops: ********}]",
        "data: [{secretKey: password, path: database/password}]",
        "databaseCredentials: {path: database/password, keys: {password: DB_PASSWORD}, oops: ********}",
        "valueFrom: {secretKeyRef: {name: database-password, key: password}}",
    ] {
        assert!(run.out.contains(shown), "{shown}: {}", run.out);
    }
}

#[test]
fn constants_that_are_no_secrets_are_rendered_but_traced_by_name() {
    let run = run(&["trace", "web-config", "constants.yaml"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("-> LOG_LEVEL") && !run.out.contains("debug"), "{}", run.out);
}
