//! `keyloom validate` as a shell sees it.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

mod support;

use support::{run, run_in, run_with, snapshot};

/// What stands before it in the page is written by hand.
const MARK: &str = "--test validate`. -->\n";
const GOOD: &str = "{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: a}, \
    spec: {secretStoreRef: {name: b}, dataFrom: [{extract: {key: c}}]}}";

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/validate")
}

fn manifests() -> Vec<PathBuf> {
    let files = fs::read_dir(docs()).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> =
        files.filter(|path| path.extension().is_some_and(|ending| ending == "yaml")).collect();
    // Beside them is a store that is right, which most of them read.
    files.retain(|path| path.file_name().unwrap() != "store.yaml");
    files.sort();
    files
}

#[test]
fn ten_broken_manifests_are_explained_as_the_page_says() {
    let page = docs().join("README.md");
    let written = fs::read_to_string(&page).unwrap();
    let (intro, _) = written.split_once(MARK).unwrap();
    let mut now = format!("{intro}{MARK}");
    let manifests = manifests();
    assert_eq!(manifests.len(), 10);
    for (number, path) in (1..).zip(&manifests) {
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = fs::read_to_string(path).unwrap();
        let (title, _) = text.split_once('\n').unwrap();
        let title = title.trim_start_matches("# ");
        let run = run_in(&docs(), &["validate", name]);
        let found = run.out.matches("error[").count() + run.out.matches("warning[").count();
        assert_eq!(found, 1, "one mistake: {}", run.out);
        assert!(run.out.contains(&format!("--> {name}:")), "it has a place: {}", run.out);
        assert!(run.out.contains("fix: ") || run.out.contains("did you mean"), "and a remedy: {}", run.out);
        let _ = write!(now, "\n## {number}. {title}\n\n```yaml\n{text}```\n\n");
        let _ = write!(now, "```console\n$ keyloom validate {name}\n{}{}```\n", run.out, run.err);
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&page, &now).unwrap();
    }
    assert!(fs::read_to_string(&page).unwrap() == now, "{} should be\n{now}", page.display());
}

#[test]
fn a_directory_is_read_with_all_that_is_below() {
    let run = run_in(&docs(), &["validate", "."]);
    assert_eq!(run.code, 1);
    assert!(run.err.ends_with(" in 11 files (14 objects of External Secrets Operator)\n"), "{}", run.err);
    let json = run_in(&docs(), &["validate", ".", "--output", "json"]);
    let found: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(found.as_array().unwrap().len(), 10);
}

#[test]
fn standard_input_and_versions() {
    let run = run_with(&["validate", "-"], GOOD);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    assert_eq!(run.err, "no problems in standard input (1 object of External Secrets Operator)\n");
    let run = run_with(&["validate", "--eso", "2.1", "-"], GOOD);
    assert!(
        run.code == 0 && run.err.starts_with("External Secrets Operator 2.1 is checked as 0.20\n"),
        "{}",
        run.err
    );
    for version in ["latest", "0.16"] {
        let run = run_with(&["validate", "--eso", version, "-"], GOOD);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
    }
    let run = run_with(&["validate", "-"], "kind: ConfigMap\napiVersion: v1\n");
    assert!(run.code == 0 && run.out.starts_with("warning[no-manifest]"), "{}", run.out);
    let run = run_with(&["validate", "--max-bytes", "10", "-"], GOOD);
    assert!(run.code == 1 && run.out.contains("error[too-large]"), "{}", run.out);
}

#[test]
fn the_wrong_verb_and_nothing_to_look_at_are_no_success() {
    let wrong = run_with(&["validate", "-"], "stores: [{name: a}]");
    assert_eq!(wrong.code, 1, "{}", wrong.err);
    assert!(
        wrong.out.starts_with("error[no-manifest]: <stdin> is a declaration, not a manifest"),
        "{}",
        wrong.out
    );
    assert!(wrong.out.contains("`keyloom check` checks declarations"), "{}", wrong.out);
    let beside = run(&["validate", "good.yaml", "manifest.yaml"]);
    assert!(beside.out.contains("warning[no-manifest]: good.yaml is a declaration"), "{}", beside.out);
    let empty = tempfile::tempdir().unwrap();
    for (args, code) in [(&["validate", "."][..], 0), (&["validate", "--deny-warnings", "."], 1)] {
        let looked = run_in(empty.path(), args);
        assert_eq!(looked.code, code, "{}", looked.err);
        assert!(looked.out.contains("[no-manifest]: no file to check in ."), "{}", looked.out);
    }
    for (imported, words) in [
        (
            run_in(empty.path(), &["import", "."]),
            "error[no-manifest]: there is no object of External Secrets",
        ),
        (run(&["import", "good.yaml"]), "error[no-manifest]: this is a declaration already"),
    ] {
        assert_eq!((imported.code, imported.out.as_str()), (1, ""), "{}", imported.err);
        assert!(imported.err.contains(words), "{}", imported.err);
    }
}

/// No value of a Secret, a fake store or a copy of an object is printed, wherever a finding is.
#[test]
fn no_output_holds_a_value() {
    for args in [
        &["validate", "foreign-leaks.yaml"][..],
        &["validate", "foreign-leaks.yaml", "--output", "json"],
        &["validate", "foreign-leaks.yaml", "--output", "sarif"],
        &["validate", "foreign-leaks.yaml", "--output", "github"],
        &["validate", "foreign-leaks.yaml", "--output", "junit"],
        &["validate", "foreign-broken.yaml"],
        &["validate", "foreign-broken.yaml", "--output", "json"],
        &["validate", "terraform"],
        &["validate", "terraform", "--diff"],
        &["validate", "terraform", "--output", "json"],
        &["validate", "terraform", "--output", "sarif"],
        &["validate", "terraform", "--output", "github"],
        &["validate", "terraform", "--output", "junit"],
    ] {
        let run = run(args);
        assert_eq!(run.code, 1, "{}", run.err);
        for text in [&run.out, &run.err] {
            let line = text.to_lowercase().lines().find(|line| line.contains("canary")).map(str::to_owned);
            assert_eq!(line, None, "{args:?}");
        }
    }
    snapshot("foreign-leaks", &run(&["validate", "foreign-leaks.yaml"]));
    snapshot("terraform", &run(&["validate", "terraform"]));
}

/// All files of Terraform in a folder are one module: what a file refers to may stand in one that was not handed over.
#[test]
fn a_file_of_terraform_is_read_with_its_folder() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    write("main.tf.json", r#"{"output": {"a": {"value": "${var.a}"}}}"#);
    let run = run_in(dir.path(), &["validate", "main.tf.json"]);
    assert!(run.code == 1 && run.out.contains("error[unknown-reference]"), "{}", run.out);
    write("variables.tf", "variable \"a\" {}");
    assert_eq!(run_in(dir.path(), &["validate", "main.tf.json"]).code, 0);
    write("variables.tf", "");
    write("variables.tf.json", r#"{"variable": {"a": {}}}"#);
    fs::remove_file(dir.path().join("variables.tf")).unwrap();
    let run = run_in(dir.path(), &["validate", "."]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
}

/// What is generated may be piped, and a plain name is told by what stands in it.
#[test]
fn terraform_is_told_by_its_sections() {
    let text = r#"{"resource": {"infisical_secret_sync_gitub": {"a": {}}}}"#;
    let run = run_with(&["validate", "-"], text);
    assert!(run.code == 1 && run.out.contains("did you mean `infisical_secret_sync_github`?"), "{}", run.out);
    let run = run_with(&["validate", "-"], r#"{"data": {"items": []}}"#);
    assert!(run.code == 0 && run.out.starts_with("warning[no-manifest]"), "{}", run.out);
}
