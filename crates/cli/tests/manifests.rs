//! `validate --fix`, `validate --diff` and `import`: files, streams and exit codes.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::fs;
use std::path::Path;

mod support;

use support::{run_in, run_with};

const OLD: &str = "# first\r\napiVersion: external-secrets.io/v1beta1 # old\r\nkind: ExternalSecret\r\n\
    metadata: {name: a}\r\nspec:\r\n  secretStoreRef: {name: s}\r\n  refreshInterval: 0\r\n\
    \x20 data: [{secretKey: k, remoteRef: {key: p, property: q}}]\r\n";

fn new() -> String {
    OLD.replace("v1beta1", "v1").replace("refreshInterval: 0", "refreshInterval: \"0\"")
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

fn read(dir: &Path, name: &str) -> String {
    fs::read_to_string(dir.join(name)).unwrap()
}

#[test]
fn files_are_mended_in_place_once() {
    let dir = folder(&[("deploy/old.yaml", OLD), ("deploy/good.yaml", &new().replace("name: a", "name: b"))]);
    let before = fs::metadata(dir.path().join("deploy/good.yaml")).unwrap().modified().unwrap();
    let run = run_in(dir.path(), &["validate", "--fix", "deploy"]);
    assert_eq!((run.code, run.out.contains("error")), (0, false), "{}{}", run.out, run.err);
    assert!(
        run.err.contains("mended deploy/old.yaml") && run.err.contains("mended 2 faults in 1 file"),
        "{}",
        run.err
    );
    assert_eq!(read(dir.path(), "deploy/old.yaml"), new());
    assert_eq!(fs::metadata(dir.path().join("deploy/good.yaml")).unwrap().modified().unwrap(), before);
    assert_eq!(fs::read_dir(dir.path().join("deploy")).unwrap().count(), 2, "nothing else is left behind");
    let again = run_in(dir.path(), &["validate", "--fix", "deploy"]);
    assert!(!again.err.contains("mended"), "{}", again.err);
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let dir = folder(&[("real.yaml", OLD), ("locked.yaml", OLD)]);
    let at = |name: &str| dir.path().join(name);
    let set = |name: &str, mode| fs::set_permissions(at(name), fs::Permissions::from_mode(mode)).unwrap();
    set("real.yaml", 0o640);
    symlink("real.yaml", at("link.yaml")).unwrap();
    assert_eq!(run_in(dir.path(), &["validate", "--fix", "link.yaml"]).code, 0);
    assert!(fs::symlink_metadata(at("link.yaml")).unwrap().is_symlink());
    assert_eq!(
        (read(dir.path(), "real.yaml"), fs::metadata(at("real.yaml")).unwrap().permissions().mode() & 0o777),
        (new(), 0o640)
    );
    set("locked.yaml", 0o440);
    let run = run_in(dir.path(), &["validate", "--fix", "locked.yaml"]);
    assert_eq!((run.code, read(dir.path(), "locked.yaml")), (2, OLD.to_owned()), "{}", run.err);
    assert!(run.err.contains("cannot write locked.yaml: it is read-only"), "{}", run.err);
    // The others are mended all the same, and what stands is told.
    fs::write(at("other.yaml"), format!("{OLD}  more: 1\r\n")).unwrap();
    let run = run_in(dir.path(), &["validate", "--fix", "locked.yaml", "other.yaml"]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert!(run.err.contains("mended other.yaml"), "{}", run.err);
    assert!(run.out.contains("unknown field `more`"), "{}", run.out);
}

#[test]
fn standard_input_goes_to_standard_output() {
    let run = run_with(&["validate", "--fix", "-"], OLD);
    assert_eq!((run.code, run.out), (0, new()), "{}", run.err);
    // Unchanged text goes through, and findings go where they are no part of it.
    let broken = new().replace("data:", "dota:");
    let run = run_with(&["validate", "--fix", "-"], &broken);
    assert_eq!((run.code, &run.out), (1, &broken));
    assert!(run.err.contains("unknown field `dota`"), "{}", run.err);
}

#[test]
fn a_diff_shows_and_writes_nothing() {
    let dir = folder(&[("old.yaml", OLD), ("good.yaml", &new().replace("name: a", "name: b"))]);
    let run = run_in(dir.path(), &["validate", "--diff", "old.yaml", "good.yaml"]);
    let expected = "--- old.yaml\n+++ old.yaml\n@@ -1,8 +1,8 @@\n # first\r\n\
        -apiVersion: external-secrets.io/v1beta1 # old\r\n+apiVersion: external-secrets.io/v1 # old\r\n\
        \x20kind: ExternalSecret\r\n metadata: {name: a}\r\n spec:\r\n   secretStoreRef: {name: s}\r\n\
        -  refreshInterval: 0\r\n+  refreshInterval: \"0\"\r\n   data: [{secretKey: k, remoteRef: {key: p, property: q}}]\r\n";
    assert_eq!((run.code, run.out.as_str()), (1, expected));
    assert_eq!(read(dir.path(), "old.yaml"), OLD);
    let run = run_in(dir.path(), &["validate", "--diff", "good.yaml"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
}

#[test]
fn no_diff_shows_a_value() {
    let secret = "apiVersion: v1\nkind: Secret\nstringData: {a: canary-1}\n---\n";
    let fake = "apiVersion: external-secrets.io/v1beta1\nkind: SecretStore\nmetadata: {name: s}\n\
        spec:\n  provider:\n    fake:\n      data: [{key: a, value: canary-2}]\n";
    let dir = folder(&[("old.yaml", &format!("{secret}{fake}"))]);
    for args in
        [&["validate", "--diff", "old.yaml"][..], &["validate", "--fix", "old.yaml"], &["import", "old.yaml"]]
    {
        let run = run_in(dir.path(), args);
        assert!(
            !run.out.contains("canary") && !run.err.contains("canary"),
            "{args:?}: {}{}",
            run.out,
            run.err
        );
    }
}

const STORE: &str = "apiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata: {name: s}\n\
    spec: {provider: {vault: {server: 'https://vault.example.com', path: kv}}}\n";

#[test]
fn what_is_imported_can_be_checked_and_rendered() {
    let dir = folder(&[("in/old.yaml", OLD), ("in/store.yaml", STORE)]);
    let run = run_in(dir.path(), &["import", "--out", "keyloom.yaml", "in"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    let written = read(dir.path(), "keyloom.yaml");
    assert!(written.starts_with("# yaml-language-server: $schema=https://"), "{written}");
    // The same on standard output; a file that is there stays.
    assert_eq!(run_in(dir.path(), &["import", "in"]).out, written);
    let run = run_in(dir.path(), &["import", "--out", "keyloom.yaml", "in"]);
    assert_eq!(run.code, 2, "{}", run.err);
    assert_eq!(run_in(dir.path(), &["import", "--out", "keyloom.yaml", "--force", "in"]).code, 0);
    let rendered = run_in(dir.path(), &["render"]);
    assert_eq!(rendered.code, 0, "{}", rendered.err);
    let run = run_with(&["validate", "-"], &rendered.out);
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
}

#[test]
fn where_something_would_be_lost_nothing_is_written() {
    let dir = folder(&[("a.yaml", &STORE.replace("name: s", "name: s, finalizers: [example.com/keep]"))]);
    let run = run_in(dir.path(), &["import", "--out", "keyloom.yaml", "a.yaml"]);
    assert_eq!((run.code, dir.path().join("keyloom.yaml").exists()), (1, false), "{}", run.err);
    assert!(
        run.err.contains("error[import-differs]") && run.err.contains("nothing was written"),
        "{}",
        run.err
    );
    let run = run_in(dir.path(), &["import", "--store", "s", "a.yaml"]);
    assert!(run.code == 2 && run.err.contains("--store NAME=PROVIDER"), "{}", run.err);
    let run = run_in(dir.path(), &["import", "--provider", "vualt", "a.yaml"]);
    assert!(run.code == 2 && run.err.contains("did you mean `vault`?"), "{}", run.err);
}
