//! `keyloom run` with connections in a file.

#![cfg(all(feature = "live", unix))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::path::Path;
use std::process::{Command, Stdio};

mod support;

use support::connections::{CANARY, POSTGRES, at, put, run};
use support::{Run, finished};

fn running(dir: &Path, more: &[&str], script: &str) -> Run {
    let args = [&["run", "--connections", "my-db,token"], more, &["--", "sh", "-c", script]].concat();
    let mut command = at(dir, &args);
    command.env("BRUIN_VAULT_TOKEN", "canary of the backend").env("TOKEN_VALUE", "old");
    finished(command.stdin(Stdio::null()).output().unwrap())
}

#[test]
fn a_command_gets_connections_and_no_credentials() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    put(dir, "my-db", POSTGRES, &[]);
    put(dir, "token", r#"{"type": "generic", "details": {"value": "canary 3"}}"#, &[]);
    let ran = running(
        dir,
        &[],
        "printf '%s|' \"$MY_DB_PASSWORD\" \"$MY_DB_PORT\" \"$TOKEN_VALUE\" \"$BRUIN_VAULT_TOKEN\" \"$KEYLOOM_SECRETS_BACKEND:$BRUIN_SECRETS_BACKEND\"; exit 42",
    );
    assert_eq!((ran.code, ran.out.as_str()), (42, "canary $(id) '|1|canary 3||environment:file|"));
    assert!(
        ran.err.contains("TOKEN_VALUE of the environment is replaced") && !ran.err.contains(CANARY),
        "{}",
        ran.err
    );
    let kept = running(
        dir,
        &["--keep-credentials"],
        "printf '%s|' \"$BRUIN_VAULT_TOKEN\" \"$KEYLOOM_SECRETS_BACKEND\"",
    );
    assert_eq!(kept.out, "canary of the backend|file|");
    // What it starts is a keyloom too, which finds them by the backend `environment`.
    let keyloom = env!("CARGO_BIN_EXE_keyloom");
    let within = running(dir, &[], &format!("'{keyloom}' connection get my-db --field password"));
    assert_eq!(within.out, "canary $(id) '");
}

#[test]
fn nothing_is_started_unless_all_are_there() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    put(dir, "my-db", POSTGRES, &[]);
    std::fs::write(
        dir.join("connections.json"),
        format!(
            r#"{{"my-db": {POSTGRES}, "my.db": {POSTGRES}, "bad": {{"type": "canary", "details": {{}}}}}}"#
        ),
    )
    .unwrap();
    let ran = |names: &str, command: &[&str]| {
        let args = [&["run", "--connections", names, "--"], command].concat();
        let ran = run(dir, &args);
        assert_eq!(ran.out, "");
        (ran.code, ran.err)
    };
    let (code, said) = ran("my-db,nope,bad", &["touch", "started"]);
    assert_eq!(code, 125);
    assert!(said.contains("'nope'") && said.contains("connection 'bad'"), "{said}");
    let (code, said) = ran("my-db,my.db", &["touch", "started"]);
    assert_eq!(code, 125);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("'my-db' and connection 'my.db'") && !said.contains("canary"), "{said}");
    assert_eq!(ran("my-db, ", &["touch", "started"]).0, 125);
    assert_eq!(ran("my-db , my-db", &["true"]).0, 0);
    assert!(!dir.join("started").exists());
    assert_eq!(ran("my-db", &["no-such-command"]).0, 127);
    assert_eq!(ran("my-db", &["./connections.json"]).0, 126);
}

#[cfg(target_os = "linux")]
#[test]
fn a_value_that_no_variable_holds_is_said_before_anything_starts() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    let big = format!(r#"{{"type": "generic", "details": {{"value": "canary{}"}}}}"#, "x".repeat(128 * 1024));
    put(dir, "big", &big, &[]);
    let ran = run(dir, &["run", "-c", "big", "--", "touch", "started"]);
    assert_eq!(ran.code, 125, "{}", ran.err);
    assert!(ran.err.contains("connection 'big'") && ran.err.contains("128 KiB"), "{}", ran.err);
    assert!(!ran.err.contains(CANARY) && !dir.join("started").exists());
}

#[test]
fn a_command_gets_variables_of_its_own_names() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    put(dir, "my.db", POSTGRES.replace("\"port\": 1, ", "").as_str(), &[]);
    put(dir, "token", r#"{"type": "generic", "details": {"value": "canary 3"}}"#, &[]);
    let ran = |args: &[&str], script: &str| {
        let args = [&["run"], args, &["--", "sh", "-c", script]].concat();
        let mut command = at(dir, &args);
        command.env("PGPASSWORD", "old");
        finished(command.stdin(Stdio::null()).output().unwrap())
    };
    let env = ["--env", "PGPASSWORD=my.db.password", "--env", "PGPORT=my.db.port"];
    // The connections are those that are named; a field that is not said has its default.
    for named in [&[][..], &["--connections", "token, my.db"]] {
        let script = "printf '%s|' \"$PGPASSWORD\" \"$PGPORT\" \"$MY_DB_HOST\" \"$TOKEN_VALUE\"";
        let given = ran(&[&env[..], named].concat(), script);
        let token = if named.is_empty() { "" } else { "canary 3" };
        let out = format!("canary $(id) '|5432|127.0.0.1|{token}|");
        assert_eq!((given.code, given.out, given.err.as_str()), (0, out, ""), "{named:?}");
    }
    let wrong = [
        &["--connections", "my.db,nope"][..],
        &[
            "--env",
            "A=tokn.value",
            "--env",
            "B=canary",
            "--env",
            "LD_PRELOAD=my.db.host",
            "--env",
            "1=my.db.host",
        ],
        &["--env", "C=my.db.pasword", "--env", "D=my.db.schema", "--env", "MY_DB_HOST=my.db.host"],
        &["--env", "E=my.db.host", "--env", "E=my.db.port"],
    ];
    let refused = ran(&wrong.concat(), "touch started");
    assert_eq!((refused.code, refused.out.as_str()), (125, ""));
    for words in [
        "--env A is of a connection that is not in --connections",
        "--env B names no field",
        "LD_PRELOAD of --env says how programs are found",
        "is no name of a variable",
        "--env C: `postgres` has no field `pasword`; did you mean `password`?",
        "--env D: connection 'my.db' does not say its field `schema`",
        "would both be the variable MY_DB_HOST; choose another variable for --env",
        "--env says the variable E twice",
        "connection 'nope' not found",
    ] {
        assert!(refused.err.contains(words), "{words}: {}", refused.err);
    }
    assert!(!refused.err.contains(CANARY) && !dir.join("started").exists(), "{}", refused.err);
    assert_eq!(ran(&["--env", "canary"], "touch started").code, 125);
    assert!(!dir.join("started").exists());
}

/// Signals reach a command because it takes the place of keyloom: it has its process.
#[test]
fn the_command_has_the_process() {
    let dir = tempfile::tempdir().unwrap();
    put(dir.path(), "my-db", POSTGRES, &[]);
    let args = ["run", "--connections", "my-db", "--", "sh", "-c", "echo $$; exec sleep 60"];
    let mut child = at(dir.path(), &args).stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line)
        .unwrap();
    assert_eq!(line.trim(), child.id().to_string());
    let killed = Command::new("kill").args(["-USR1", line.trim()]).status().unwrap();
    assert!(killed.success());
    let status = child.wait().unwrap();
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(10));
    // As a shell says it.
    let keyloom = env!("CARGO_BIN_EXE_keyloom");
    let script = format!("'{keyloom}' run --connections my-db -- sh -c 'kill -TERM $$'; echo $?");
    let mut sh = Command::new("sh");
    sh.current_dir(dir.path()).args(["-c", &script]).env("BRUIN_SECRETS_BACKEND", "file");
    assert_eq!(finished(sh.output().unwrap()).out, "143\n");
}
