//! The exit codes of `keyloom connection` and `keyloom run`, which are one rule: 1 where it is the connection, 2 where nothing can be
//! said of any, 125 of `run` in place of both.

#![cfg(all(feature = "live", unix))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

use keyloom_fake_infisical::{Access, Environment, FakeInfisical, Identity, Project, Seed};

mod support;

use support::connections::{CANARY, POSTGRES, at};
use support::finished;

/// The verbs, each with what it is asked for: a connection of this name.
fn verbs(name: &str) -> [(&'static str, Vec<&str>); 6] {
    [
        ("get", vec!["connection", "get", name]),
        ("list", vec!["connection", "list", "--types"]),
        ("test", vec!["connection", "test", name, "--no-connect"]),
        ("put", vec!["connection", "put", name, "--file", "given.json"]),
        ("check", vec!["connection", "check"]),
        ("run", vec!["run", "--connections", name, "--", "true"]),
    ]
}

/// What each of them answers; nothing where it is not asked.
type Codes = [Option<i32>; 6];

fn assert_codes(dir: &Path, what: &str, name: &str, environment: &[(&str, &str)], codes: Codes) {
    for ((verb, args), code) in verbs(name).into_iter().zip(codes) {
        let Some(code) = code else { continue };
        let mut command = at(dir, &args);
        command.envs(environment.iter().copied());
        let run = finished(command.stdin(Stdio::null()).output().unwrap());
        assert_eq!(run.code, code, "{what}, {verb}: {}{}", run.out, run.err);
        assert!(!run.out.contains(CANARY) && !run.err.contains(CANARY), "{what}, {verb}: {}", run.err);
    }
}

/// One number for all but `run`.
fn all(code: i32, of_run: i32) -> Codes {
    [Some(code), Some(code), Some(code), Some(code), Some(code), Some(of_run)]
}

fn private(file: &Path, text: &str) {
    fs::write(file, text).unwrap();
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn of_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    private(&dir.join("given.json"), POSTGRES);
    let file = dir.join("connections.json");
    private(&file, &format!(r#"{{"my-db": {POSTGRES}}}"#));
    assert_codes(dir, "all is well", "my-db", &[], all(0, 0));
    let none = [Some(1), Some(0), Some(1), None, Some(0), Some(125)];
    assert_codes(dir, "there is no such connection", "my-dv", &[], none);
    let elsewhere = [("KEYLOOM_CONNECTIONS_FILE", "nowhere/connections.json")];
    assert_codes(dir, "there is no such file", "my-db", &elsewhere, all(2, 125));
    for (what, backend) in [("no backend", ""), ("an unknown backend", "banana")] {
        let mut codes = all(2, 125);
        codes[4] = None;
        assert_codes(dir, what, "my-db", &[("BRUIN_SECRETS_BACKEND", backend)], codes);
    }
    let wrong = POSTGRES.replace("password", "pasword");
    private(&dir.join("given.json"), &wrong);
    private(&file, &format!(r#"{{"my-db": {wrong}}}"#));
    assert_codes(dir, "the connection is wrong", "my-db", &[], all(1, 125));
    private(&dir.join("given.json"), &POSTGRES.replace("shop", "store"));
    private(&file, &format!(r#"{{"my-db": {POSTGRES}}}"#));
    let other = [None, None, None, Some(1), None, None];
    assert_codes(dir, "another one is there", "my-db", &[], other);
    for (field, code) in [("port", 0), ("schema", 1), ("pasword", 2)] {
        let run = finished(at(dir, &["connection", "get", "my-db", "--field", field]).output().unwrap());
        assert_eq!(run.code, code, "{field}: {}", run.err);
    }
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let open = [Some(2), Some(2), Some(2), Some(2), Some(0), Some(125)];
    assert_codes(dir, "everybody may read the file", "my-db", &[], open);
}

#[test]
fn of_a_server() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    fs::write(dir.join("given.json"), POSTGRES).unwrap();
    let dev = Environment::new("dev").folder("/connections", &[("my-db", POSTGRES), ("bad", CANARY)]);
    let seed = Seed::new()
        .project(Project::new("shop").environment(dev))
        .identity(Identity::new("me").universal("client", CANARY).may(Access::Write, "shop"));
    let infisical = FakeInfisical::start(seed).unwrap();
    let project = FakeInfisical::project_id("shop");
    let with = |name: &'static str, value: &'static str| {
        let mut all = vec![
            ("BRUIN_SECRETS_BACKEND", "infisical"),
            ("BRUIN_INFISICAL_HOST", infisical.url()),
            ("BRUIN_INFISICAL_CLIENT_ID", "client"),
            ("BRUIN_INFISICAL_CLIENT_SECRET", CANARY),
            ("BRUIN_INFISICAL_PROJECT_ID", &project),
            ("BRUIN_INFISICAL_ENVIRONMENT", "dev"),
            ("BRUIN_INFISICAL_SECRET_PATH", "/connections"),
        ];
        all.push((name, value));
        all
    };
    let same = with("BRUIN_SECRETS_BACKEND", "infisical");
    let well = [Some(0), None, Some(0), Some(0), None, Some(0)];
    assert_codes(dir, "all is well", "my-db", &same, well);
    // Of several the list tells of the one that is wrong.
    let wrong = [Some(1), Some(1), Some(1), Some(1), None, Some(125)];
    assert_codes(dir, "the connection is wrong", "bad", &same, wrong);
    assert_codes(dir, "there is none", "my-dv", &same, [Some(1), None, Some(1), None, None, Some(125)]);
    let mut nothing = all(2, 125);
    nothing[4] = None;
    for (name, value) in [
        ("BRUIN_INFISICAL_SECRET_PATH", "/nowhere"),
        ("BRUIN_INFISICAL_ENVIRONMENT", "nowhere"),
        ("BRUIN_INFISICAL_CLIENT_SECRET", "wrong"),
        ("BRUIN_INFISICAL_CLIENT_ID", ""),
    ] {
        assert_codes(dir, name, "my-db", &with(name, value), nothing);
    }
}
