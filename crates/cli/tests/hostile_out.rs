//! `render --out DIR` where somebody prepared DIR, or is at work in it at the same time.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use sha2::{Digest, Sha256};
use tempfile::TempDir;

mod support;

use support::{Run, command, run_in};

const DOCUMENT: &str = "
stores: [{name: aws, provider: aws, clusterScoped: true, aws: {service: SecretsManager, region: eu-central-1}}]
externalSecrets:
  - {name: api, namespace: aa, data: [{key: token, path: api/token}]}
  - {name: api, namespace: bb, data: [{key: other, path: api/other}]}
environments: {prod: {}}
";
const LIST: &str = "d/.keyloom.json";
const AA: &str = "d/kubernetes/aa/externalsecret-api.yaml";

/// A folder with a declaration and a directory `d` for its output.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("keyloom.yaml"), DOCUMENT).unwrap();
    fs::create_dir(folder.path().join("d")).unwrap();
    folder
}

fn render(folder: &TempDir, more: &[&str]) -> Run {
    run_in(folder.path(), &[&["render", "--out", "d"], more].concat())
}

/// Runs and expects exit code, words, and nothing written.
#[track_caller]
fn refused(folder: &TempDir, more: &[&str], code: i32, words: &str) {
    let before = names(folder.path());
    let run = render(folder, more);
    assert!(run.code == code && run.err.contains(words), "{}: {}", run.code, run.err);
    assert_eq!(names(folder.path()), before);
}

/// All names below a directory, links not followed.
fn names(dir: &Path) -> Vec<String> {
    let mut all = Vec::new();
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        all.push(entry.path().display().to_string());
        if entry.file_type().unwrap().is_dir() {
            all.extend(names(&entry.path()));
        }
    }
    all.sort();
    all
}

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// A list that has one file, with the right digest.
fn list(folder: &TempDir, path: &str, format: &str) -> String {
    let contents = fs::read(folder.path().join("d").join(path)).unwrap_or_default();
    let digest: String = Sha256::digest(contents).iter().map(|byte| format!("{byte:02x}")).collect();
    let file = serde_json::json!({"path": path, "format": format, "sha256": digest});
    let set = serde_json::json!({"set": {"inputs": ["../keyloom.yaml"]}, "files": [file]});
    serde_json::json!({"//": "", "version": 1, "sets": [set]}).to_string()
}

#[test]
fn two_outputs_never_become_one_file_behind_a_link() {
    let folder = folder();
    fs::create_dir_all(folder.path().join("d/kubernetes/bb")).unwrap();
    symlink("bb", folder.path().join("d/kubernetes/aa")).unwrap();
    for more in [&[][..], &["--force"]] {
        refused(&folder, more, 1, "error[output-link]: kubernetes/aa/externalsecret-api.yaml");
    }
}

#[test]
fn a_list_cannot_have_files_removed_that_keyloom_does_not_write() {
    let folder = folder();
    fs::create_dir_all(folder.path().join("d/.git")).unwrap();
    fs::write(folder.path().join("d/.git/config"), "[core]").unwrap();
    fs::create_dir_all(folder.path().join("d/kubernetes/aa")).unwrap();
    for path in [".git/config", ".keyloom.json", "kubernetes/aa", "../keyloom.yaml", "/etc/hostname"] {
        fs::write(folder.path().join(LIST), list(&folder, path, "kubernetes")).unwrap();
        for more in [&[][..], &["--force"]] {
            refused(&folder, more, 1, "which keyloom does not write; restore it");
        }
    }
    fs::write(folder.path().join(LIST), list(&folder, ".git/config", "git")).unwrap();
    refused(&folder, &[], 1, "knows no format");
    // A link has no digest that a list could give.
    symlink("../../.git/config", folder.path().join("d/kubernetes/aa/old.yaml")).unwrap();
    let text = list(&folder, "kubernetes/aa/old.yaml", "kubernetes");
    let digest = text.split('"').find(|part| part.len() == 64).unwrap();
    fs::write(folder.path().join(LIST), text.replace(digest, "a link")).unwrap();
    refused(&folder, &[], 1, "no digest for kubernetes/aa/old.yaml");
    assert_eq!(fs::read_to_string(folder.path().join("d/.git/config")).unwrap(), "[core]");
}

#[test]
fn a_damaged_list_is_told_with_what_to_do() {
    let folder = folder();
    for (damage, words) in
        [("<<<<<<< HEAD\n", "line 1 is not as"), ("", "line 1 is not as"), ("{\n\"a\": 1}", "line 2")]
    {
        fs::write(folder.path().join(LIST), damage).unwrap();
        refused(&folder, &[], 1, words);
        refused(&folder, &[], 1, "restore it as it was, or delete it and render again");
    }
    fs::remove_file(folder.path().join(LIST)).unwrap();
    assert_eq!(render(&folder, &[]).code, 0);
}

#[test]
fn what_is_no_ordinary_file_is_neither_read_nor_replaced() {
    let folder = folder();
    fifo(&folder.path().join(LIST));
    refused(
        &folder,
        &["--force"],
        1,
        "d/.keyloom.json, the list of what keyloom wrote, cannot be used: it is not an",
    );
    fs::remove_file(folder.path().join(LIST)).unwrap();
    fs::create_dir_all(folder.path().join("d/kubernetes/aa")).unwrap();
    fifo(&folder.path().join(AA));
    refused(&folder, &["--force"], 1, "error[output-not-a-file]: kubernetes/aa/externalsecret-api.yaml");
}

#[test]
fn a_lock_keeps_others_away_and_says_how_to_get_rid_of_it() {
    let folder = folder();
    let lock = folder.path().join("d/.keyloom.lock");
    fs::write(&lock, "").unwrap();
    refused(&folder, &["--force"], 2, "d/.keyloom.lock is there: another run is writing, or one was killed");
    fs::remove_file(&lock).unwrap();
    assert_eq!(render(&folder, &[]).code, 0);
    assert!(!lock.exists());
    // Who has nothing to change needs no lock, and an error takes it away.
    fs::write(&lock, "").unwrap();
    assert_eq!(render(&folder, &[]).code, 0);
    fs::remove_file(&lock).unwrap();
    fs::write(folder.path().join(AA), "mine").unwrap();
    assert_eq!((render(&folder, &[]).code, lock.exists()), (1, false));
}

#[test]
fn runs_at_the_same_time_leave_what_one_of_them_would() {
    let folder = folder();
    let more = "  - {name: NAME, namespace: aa, data: [{key: token, path: api/token}]}\nenvironments:";
    for round in 0..4 {
        let document = DOCUMENT.replace("environments:", &more.replace("NAME", &format!("round-{round}")));
        fs::write(folder.path().join("keyloom.yaml"), document).unwrap();
        let start = || command(folder.path(), &["render", "--out", "d"]).output().unwrap();
        let codes: Vec<_> = std::thread::scope(|scope| {
            let runs: Vec<_> = (0..4).map(|_| scope.spawn(start)).collect();
            runs.into_iter().map(|run| run.join().unwrap().status.code().unwrap()).collect()
        });
        assert!(codes.contains(&0) && codes.iter().all(|code| [0, 2].contains(code)), "{codes:?}");
        let after = render(&folder, &[]);
        assert!(after.code == 0 && after.err.ends_with("d: 4 unchanged\n"), "{}", after.err);
    }
}

#[test]
fn a_directory_that_is_none_is_named() {
    let folder = folder();
    fs::remove_dir(folder.path().join("d")).unwrap();
    fs::write(folder.path().join("d"), "a file").unwrap();
    refused(&folder, &[], 2, "cannot write to d: d is not a directory; ");
    let deep = run_in(folder.path(), &["render", "--out", "d/deep/er"]);
    assert!(
        deep.code == 2 && deep.err.contains("cannot write to d/deep/er: d is not a directory; "),
        "{}",
        deep.err
    );
    fs::remove_file(folder.path().join("d")).unwrap();
    symlink("nowhere", folder.path().join("d")).unwrap();
    refused(&folder, &[], 2, "cannot write to d: d is not a directory, but a link that leads nowhere; ");
}

#[test]
fn a_file_of_others_is_told_with_its_owner() {
    let folder = folder();
    assert_eq!(render(&folder, &["--env", "prod"]).code, 0);
    refused(&folder, &[], 1, "externalsecret-api.yaml belongs to keyloom.yaml --env prod; use another --out");
    let forced = render(&folder, &["--force"]);
    assert_eq!(forced.code, 0, "{}", forced.err);
    let more = DOCUMENT.replace("name: aws", "name: more").replace("name: api", "name: more");
    fs::write(folder.path().join("more.yaml"), more).unwrap();
    let more = render(&folder, &["more.yaml"]);
    assert!(
        more.err.ends_with("d: wrote 3, left 3 of other documents or environments alone\n"),
        "{}",
        more.err
    );
}
