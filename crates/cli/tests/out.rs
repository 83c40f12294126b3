//! `render --out DIR` on a real directory.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::fs;
use std::path::{Path, PathBuf};

use keyloom_cli::out::{Conflict, DocumentSet, LIST, OutError, OutOptions, Outcome, Reason, write_out};
use keyloom_codegen::{File, Format};
use tempfile::TempDir;

const A: &str = "kubernetes/my-app/externalsecret-a.yaml";
const B: &str = "kubernetes/other/externalsecret-b.yaml";
const FOREIGN: &str = "kubernetes/foreign.d/x.yaml";
const NEW: &str = "kubernetes/new/x.yaml";

fn dir() -> (TempDir, PathBuf) {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("deploy/prod");
    (root, dir)
}

fn options(env: Option<&str>) -> OutOptions {
    OutOptions {
        force: false,
        formats: vec![Format::Kubernetes],
        document_set: DocumentSet { inputs: vec!["../keyloom.yaml".into()], env: env.map(str::to_owned) },
    }
}

fn forced() -> OutOptions {
    OutOptions { force: true, ..options(None) }
}

fn files(files: &[(&str, &str)]) -> Vec<File> {
    let file = |(path, contents): &(&str, &str)| File {
        path: (*path).to_owned(),
        format: Format::Kubernetes,
        contents: (*contents).into(),
    };
    files.iter().map(file).collect()
}

fn write(dir: &Path, list: &[(&str, &str)]) -> Result<Outcome, OutError> {
    write_out(dir, &files(list), &options(None))
}

fn conflicts(result: Result<Outcome, OutError>) -> Vec<Conflict> {
    match result {
        Err(OutError::Conflicts(conflicts)) => conflicts,
        other => panic!("no conflicts: {other:?}"),
    }
}

fn conflict(path: &str, reason: Reason) -> Conflict {
    Conflict { path: path.to_owned(), reason }
}

fn read(dir: &Path, path: &str) -> String {
    fs::read_to_string(dir.join(path)).unwrap()
}

/// Every file below the directory.
fn tree(dir: &Path) -> Vec<String> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        match path.is_dir() {
            true => paths.extend(tree(&path).into_iter().map(|below| format!("{name}/{below}"))),
            false => paths.push(name),
        }
    }
    paths.sort();
    paths
}

#[test]
fn the_first_run_writes_everything_and_the_same_again_touches_nothing() {
    let (_root, dir) = dir();
    let outcome = write(&dir, &[(B, "b"), (A, "a")]).unwrap();
    assert_eq!(outcome, Outcome { written: vec![A.into(), B.into()], ..Outcome::default() });
    assert_eq!(tree(&dir), [LIST, A, B]);
    let list: serde_json::Value = serde_json::from_str(&read(&dir, LIST)).unwrap();
    assert_eq!(list["sets"][0]["set"], serde_json::json!({"inputs": ["../keyloom.yaml"]}));
    assert_eq!(
        list["sets"][0]["files"][0],
        serde_json::json!({"path": A, "format": "kubernetes",
            "sha256": "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"})
    );

    let times = || [LIST, A, B].map(|path| fs::metadata(dir.join(path)).unwrap().modified().unwrap());
    let before = times();
    let outcome = write(&dir, &[(A, "a"), (B, "b")]).unwrap();
    assert_eq!(outcome, Outcome { unchanged: vec![A.into(), B.into()], ..Outcome::default() });
    assert_eq!(times(), before);
}

/// Of all that begins with a dot, the folder of GitHub's workflows alone is written to.
#[test]
fn a_workflow_is_written_where_github_looks_and_goes_again() {
    const WORKFLOW: &str = ".github/workflows/keyloom-shop.yml";
    let (_root, dir) = dir();
    fs::create_dir_all(dir.join(".github/workflows")).unwrap();
    fs::write(dir.join(".github/workflows/ci.yml"), "mine").unwrap();
    let all = OutOptions { formats: Format::ALL.to_vec(), ..options(None) };
    let mut list = files(&[(A, "a")]);
    list.push(File { path: WORKFLOW.to_owned(), format: Format::Workflow, contents: "w".into() });
    let outcome = write_out(&dir, &list, &all).unwrap();
    assert_eq!(outcome.written, [WORKFLOW, A]);
    let outcome = write_out(&dir, &list[..1], &all).unwrap();
    assert_eq!(
        (outcome.removed.as_slice(), outcome.unchanged.as_slice()),
        ([WORKFLOW.into()].as_slice(), [A.into()].as_slice())
    );
    assert_eq!(tree(&dir), [".github/workflows/ci.yml", LIST, A]);
}

#[test]
fn files_change_and_go_with_the_directories_they_leave_empty() {
    let (_root, dir) = dir();
    write(&dir, &[(A, "a"), (B, "b")]).unwrap();
    let outcome = write(&dir, &[(A, "new")]).unwrap();
    assert_eq!(outcome, Outcome { changed: vec![A.into()], removed: vec![B.into()], ..Outcome::default() });
    assert_eq!(tree(&dir), [LIST, A]);
    assert!(!dir.join("kubernetes/other").exists());
    assert_eq!(read(&dir, A), "new");

    fs::write(dir.join("kubernetes/notes.txt"), "mine").unwrap();
    // That nothing is made at all is seldom meant.
    assert_eq!(conflicts(write(&dir, &[])), [conflict(LIST, Reason::AllGone(1))]);
    assert_eq!(read(&dir, A), "new");
    write_out(&dir, &[], &forced()).unwrap();
    assert_eq!(tree(&dir), [LIST, "kubernetes/notes.txt"]);
    // A listed file that somebody removed is no longer listed.
    write(&dir, &[(A, "a")]).unwrap();
    fs::remove_file(dir.join(A)).unwrap();
    assert_eq!(write(&dir, &[]).unwrap(), Outcome::default());
}

#[test]
fn edited_and_foreign_files_are_findings_and_then_nothing_is_written() {
    let (_root, dir) = dir();
    write(&dir, &[(A, "a"), (B, "b")]).unwrap();
    fs::write(dir.join(A), "edited").unwrap();
    fs::write(dir.join(B), "edited too").unwrap();
    fs::create_dir(dir.join("kubernetes/foreign.d")).unwrap();
    fs::write(dir.join(FOREIGN), "mine").unwrap();
    let list = read(&dir, LIST);
    let wanted = [(A, "new"), (FOREIGN, "x"), (NEW, "x")];
    assert_eq!(
        conflicts(write(&dir, &wanted)),
        [conflict(FOREIGN, Reason::NotOurs), conflict(A, Reason::Edited), conflict(B, Reason::Edited)]
    );
    assert_eq!(
        (read(&dir, LIST), read(&dir, A), read(&dir, B)),
        (list, "edited".into(), "edited too".into())
    );
    assert!(!dir.join(NEW).exists());

    let outcome = write_out(&dir, &files(&wanted), &forced()).unwrap();
    assert_eq!(outcome.changed, [FOREIGN, A]);
    assert_eq!((outcome.written, outcome.removed), (vec![NEW.to_owned()], vec![B.to_owned()]));
    assert_eq!((read(&dir, A), read(&dir, FOREIGN)), ("new".into(), "x".into()));
    assert_eq!(write(&dir, &wanted).unwrap().unchanged.len(), 3);
}

#[test]
fn an_unlisted_file_that_is_right_already_is_taken_in() {
    let (_root, dir) = dir();
    write(&dir, &[(A, "a")]).unwrap();
    fs::remove_file(dir.join(LIST)).unwrap();
    assert_eq!(write(&dir, &[(A, "a")]).unwrap().unchanged, [A]);
    assert_eq!(write(&dir, &[(A, "b")]).unwrap().changed, [A]);
}

#[test]
fn document_sets_and_formats_leave_each_other_alone() {
    let (_root, dir) = dir();
    write(&dir, &[(A, "a")]).unwrap();
    let outcome = write_out(&dir, &files(&[(B, "b")]), &options(Some("prod"))).unwrap();
    assert_eq!(outcome, Outcome { written: vec![B.into()], kept: vec![A.into()], ..Outcome::default() });
    assert_eq!(write(&dir, &[(A, "a2")]).unwrap().kept, [B]);
    assert_eq!((read(&dir, A), read(&dir, B)), ("a2".into(), "b".into()));

    let both = [(A, "a2"), (B, "b")];
    let other = conflicts(write(&dir, &both));
    assert!(matches!(&other[..], [Conflict { path, reason: Reason::OtherSet(set) }]
        if path == B && set.ends_with("/deploy/keyloom.yaml --env prod")));
    write_out(&dir, &files(&both), &forced()).unwrap();
    let outcome = write_out(&dir, &[], &options(Some("prod"))).unwrap();
    assert_eq!(outcome, Outcome { kept: vec![A.into(), B.into()], ..Outcome::default() });

    let no_format = OutOptions { formats: vec![], ..options(None) };
    assert_eq!(write_out(&dir, &[], &no_format).unwrap().kept, [A, B]);
}

#[test]
fn names_that_differ_in_case_alone_clash() {
    let (_root, dir) = dir();
    assert_eq!(
        conflicts(write(&dir, &[("a/x", "1"), ("A/X", "2"), ("a/x", "3")])),
        [
            conflict("A/X", Reason::TwoOutputs("a/x".into())),
            conflict("a/x", Reason::TwoOutputs("A/X".into())),
        ]
    );
    assert_eq!(
        conflicts(write(&dir, &[(".KEYLOOM.json", "1")])),
        [conflict(".KEYLOOM.json", Reason::TwoOutputs(LIST.into()))]
    );
    assert!(!dir.exists());

    fs::create_dir_all(dir.join("a/Sub")).unwrap();
    fs::write(dir.join("a/File"), "").unwrap();
    let wanted = files(&[("a/file", "1"), ("a/sub/x", "2")]);
    let expected = [
        conflict("a/file", Reason::OtherCase("a/File".into())),
        conflict("a/sub/x", Reason::OtherCase("a/Sub".into())),
    ];
    assert_eq!(conflicts(write_out(&dir, &wanted, &options(None))), expected);
    assert_eq!(conflicts(write_out(&dir, &wanted, &forced())), expected, "force does not help");
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;
    let (root, dir) = dir();
    let outside = root.path().join("outside");
    fs::create_dir_all(&outside).unwrap();
    fs::create_dir_all(dir.join("kubernetes/in")).unwrap();
    symlink(&outside, dir.join("kubernetes/out")).unwrap();
    symlink("../nowhere", dir.join("kubernetes/dangling")).unwrap();
    symlink("in", dir.join("kubernetes/inside")).unwrap();
    symlink(outside.join("x"), dir.join("kubernetes/in/x.yaml")).unwrap();
    let below = ["out/x", "dangling/x", "inside/x", "in/x"].map(|path| format!("kubernetes/{path}.yaml"));
    let wanted = files(&below.each_ref().map(|path| (path.as_str(), "1")));
    let link = |path, link: &str| conflict(path, Reason::Link(link.to_owned()));
    let expected = [
        link("kubernetes/dangling/x.yaml", "kubernetes/dangling"),
        link("kubernetes/in/x.yaml", "kubernetes/in/x.yaml"),
        link("kubernetes/inside/x.yaml", "kubernetes/inside"),
        link("kubernetes/out/x.yaml", "kubernetes/out"),
    ];
    assert_eq!(conflicts(write_out(&dir, &wanted, &forced())), expected);
    assert!(tree(&outside).is_empty());

    // A link where a file should be is not ours; force replaces the link, not what it points to.
    fs::write(dir.join("target"), "kept").unwrap();
    let file = "kubernetes/in/file.yaml";
    symlink("../../target", dir.join(file)).unwrap();
    let wanted = files(&[(file, "1")]);
    assert_eq!(conflicts(write_out(&dir, &wanted, &options(None))), [conflict(file, Reason::NotOurs)]);
    write_out(&dir, &wanted, &forced()).unwrap();
    assert_eq!((read(&dir, file), read(&dir, "target")), ("1".into(), "kept".into()));

    // The list itself is no link either.
    fs::rename(dir.join(LIST), outside.join("list")).unwrap();
    symlink(outside.join("list"), dir.join(LIST)).unwrap();
    assert!(matches!(write(&dir, &[]), Err(OutError::DamagedList { .. })));
}

#[test]
fn errors_say_what_was_tried_with_which_path() {
    let (root, dir) = dir();
    fs::write(root.path().join("deploy"), "a file").unwrap();
    let error = write(&dir, &[(A, "a")]).unwrap_err();
    assert!(matches!(error, OutError::NotADirectory { .. }));
    let message = error.to_string();
    assert!(message.starts_with("cannot ") && message.contains(&dir.display().to_string()), "{message}");

    fs::remove_file(root.path().join("deploy")).unwrap();
    write(&dir, &[(A, "a")]).unwrap();
    fs::create_dir_all(dir.join("d/x")).unwrap();
    assert_eq!(conflicts(write(&dir, &[(A, "a"), ("d", "1")])), [conflict("d", Reason::WrongKind)]);
    let below = format!("{A}/below");
    let wanted = [(A, "a"), (below.as_str(), "1")];
    assert_eq!(conflicts(write(&dir, &wanted)), [conflict(&below, Reason::WrongKind)]);
    for damage in ["{", r#"{"//": "", "version": 9, "sets": []}"#] {
        fs::write(dir.join(LIST), damage).unwrap();
        assert!(matches!(write(&dir, &[]), Err(OutError::DamagedList { .. })));
    }
    assert_eq!(read(&dir, A), "a");
}

#[cfg(unix)]
#[test]
fn written_files_are_readable_as_any_other() {
    use std::os::unix::fs::PermissionsExt;
    let (root, dir) = dir();
    write(&dir, &[(A, "a")]).unwrap();
    fs::write(root.path().join("plain"), "").unwrap();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode(dir.join(A)), mode(root.path().join("plain")));
}
