//! `keyloom plan` with names from a file: rows, findings, exit codes, and no network.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

mod support;

use support::{Run, cases, run_in, snapshot};

fn plan(args: &[&str]) -> Run {
    run_in(&cases().join("plan"), &[&["plan"], args].concat())
}

/// A folder with a declaration and names, which may differ from those of the case.
fn folder(change: impl Fn(String) -> String, state: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(cases().join("plan/keyloom.yaml")).unwrap();
    fs::write(dir.path().join("keyloom.yaml"), change(text)).unwrap();
    fs::write(dir.path().join("names.json"), state).unwrap();
    dir
}

fn with_state(state: &str, args: &[&str]) -> Run {
    let dir = folder(|text| text, state);
    run_in(dir.path(), &[&["plan", "--state", "names.json"], args].concat())
}

#[test]
fn every_kind_of_row_is_told_with_its_reason() {
    snapshot("plan", &plan(&["--state", "names.json"]));
    snapshot("plan-json", &plan(&["--state", "names.json", "--output", "json"]));
}

#[test]
fn json_is_json_and_says_the_same() {
    let run = plan(&["--state", "names.json", "-o", "json"]);
    let value: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(value["syncs"].as_array().unwrap().len(), 3);
    assert_eq!(value["syncs"][1]["counts"]["delete"], 2);
    assert_eq!(value["findings"][0]["code"], "sync-deletes-foreign-secrets");
    assert_eq!(run.code, 1);
    let empty = run_in(&cases(), &["plan", "good.yaml", "-o", "json"]);
    let value: Value = serde_json::from_str(&empty.out).unwrap();
    assert_eq!((empty.code, value["syncs"].as_array().unwrap().len()), (0, 0));
}

#[test]
fn exit_codes_say_what_came_of_it() {
    let code = |args: &[&str]| plan(&[&["--state", "names.json"], args].concat()).code;
    assert_eq!(code(&[]), 1);
    assert_eq!(code(&["--detailed-exitcode"]), 1, "an error goes before changes");
    assert_eq!(code(&["--sync", "parameters"]), 0);
    assert_eq!(code(&["--sync", "parameters", "--sync", "aws-secrets-sync", "--detailed-exitcode"]), 4);
    let nothing = r#"{"aws-secrets-sync": {"source": [], "destination": []}, "parameters": {"source": [], "destination": ["x"]},
        "github-secrets-sync": {"source": [], "destination": []}}"#;
    let run = with_state(nothing, &["--detailed-exitcode"]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(run.out.contains("no names at either end"), "{}", run.out);
}

#[test]
fn allowed_deletions_and_other_remedies_are_no_error() {
    let state = fs::read_to_string(cases().join("plan/names.json")).unwrap();
    let mended = |from: &str, to: &str| {
        let dir = folder(|text| text.replace(from, to), &state);
        run_in(dir.path(), &["plan", "--state", "names.json"])
    };
    let schema = "keySchema: \"{{secretKey}}\"";
    let run = mended(schema, "keySchema: \"INFISICAL_{{secretKey}}\"");
    assert_eq!(run.code, 0, "{}", run.out);
    assert!(run.out.contains("  = AWS_ACTIONS_ROLE_ARN and 2 more    kept: not claimed by"), "{}", run.out);
    assert_eq!(mended(schema, "disableSecretDeletion: true").code, 0);
    let allowed = mended(
        "environment: prod\n  secretPath: /ci-cd",
        "environment: prod\n  allowDeletions: [AWS_ACTIONS_ROLE_ARN, npm_token]\n  secretPath: /ci-cd",
    );
    assert_eq!(allowed.code, 0, "{}", allowed.out);
    assert!(allowed.out.contains("claims every name; allowed by allowDeletions"), "{}", allowed.out);
}

#[test]
fn foreign_names_are_red_where_there_are_colours() {
    let red = "\u{1b}[31mAWS_ACTIONS_ROLE_ARN\u{1b}[0m";
    assert!(plan(&["--state", "names.json", "--color", "always"]).out.contains(red));
    assert!(!plan(&["--state", "names.json"]).out.contains('\u{1b}'));
}

#[test]
fn what_cannot_be_planned_is_exit_2_and_says_why() {
    let said = |run: Run, words: &str| {
        assert_eq!(run.code, 2, "{}{}", run.out, run.err);
        assert!(run.err.contains(words), "{}", run.err);
        assert_eq!(run.out, "");
    };
    said(plan(&["--state", "gone.json"]), "cannot read gone.json");
    said(plan(&["--state", "name.json"]), "did you mean names.json?");
    said(plan(&["--sync", "parameter", "--state", "names.json"]), "did you mean parameters?");
    said(
        with_state("{}", &[]),
        "names.json has no names of aws-secrets-sync, github-secrets-sync, parameters",
    );
    said(
        with_state(r#"{"parameter": {"source": [], "destination": []}}"#, &["--sync", "parameters"]),
        "did you mean parameter?",
    );
    said(plan(&["--state", "-", "-"]), "standard input (`-`) can be read once");
}

#[test]
fn a_declaration_with_errors_is_not_planned() {
    let dir = folder(|text| text.replace("type: github", "type: githib"), "{}");
    let run = run_in(dir.path(), &["plan", "--state", "names.json"]);
    assert_eq!(run.code, 1, "{}", run.out);
    assert!(run.out.contains("keyloom.yaml") && !run.out.contains("->  GitHub"), "{}", run.out);
}

#[test]
fn no_value_is_repeated() {
    for state in [
        r#"{"parameters": {"source": {"DATABASE_URL": "hunter2-canary"}, "destination": []}}"#,
        r#"{"parameters": {"source": "hunter2-canary", "destination": []}}"#,
        r#"{"parameters": "hunter2-canary"}"#,
    ] {
        let run = with_state(state, &["--sync", "parameters"]);
        assert_eq!(run.code, 2);
        assert!(!run.err.contains("canary") && !run.out.contains("canary"), "{}", run.err);
        assert!(run.err.contains("names.json: line 1, column "), "{}", run.err);
    }
}

#[test]
fn hostile_names_cannot_move_the_cursor() {
    let state = r#"{"parameters": {"source": ["a\u001b[2J\nb"], "destination": ["prod/\u0007x"]}}"#;
    let run = with_state(state, &["--sync", "parameters"]);
    let seen = format!("{}{}", run.out, run.err);
    assert!(!seen.contains('\u{1b}') && !seen.contains('\u{7}'), "{seen:?}");
    assert!(run.out.contains("+ prod/a\u{fffd}[2J b"), "{}", run.out);
}

#[cfg(not(feature = "live"))]
#[test]
fn without_the_feature_the_verb_says_how_to_get_it() {
    let run = plan(&[]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("--features live") && run.err.contains("--state FILE"), "{}", run.err);
}

/// The blocks of a language in a page.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_page_shows_what_the_command_prints() {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/plan.md");
    let page = fs::read_to_string(path).unwrap();
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("keyloom.yaml"), &blocks(&page, "yaml")[0]).unwrap();
    fs::write(dir.path().join("names.json"), &blocks(&page, "json")[0]).unwrap();
    let run = run_in(dir.path(), &["plan", "--state", "names.json"]);
    let shown = format!("$ keyloom plan --state names.json\n{}\n", run.out.trim_end());
    assert_eq!(blocks(&page, "console")[0], shown);
}
