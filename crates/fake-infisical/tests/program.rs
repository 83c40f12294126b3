//! The program: a state from a file, the address on the first line.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

const STATE: &str = r#"{
  "settings": {"time": "system", "v4": false},
  "projects": [{"slug": "payments", "environments": [{"slug": "dev", "folders": {
    "/db": {"secrets": {"PORT": "5432", "HOST": {"value": "h", "comment": "c"}}, "imports": [{"environment": "dev", "path": "/x"}]}}}]}],
  "identities": [{
    "name": "ci", "universal": {"clientId": "c", "clientSecret": "s", "tokens": {"accessTokenTTL": 60}},
    "grants": [{"project": "payments", "access": "read"}]}],
  "appConnections": [{"name": "main", "app": "aws", "method": "access-key", "credentials": {"accessKeyId": "a"}}],
  "secretSyncs": [{"name": "one", "destination": "github", "project": "payments", "environment": "dev", "path": "/db", "appConnection": "main"}]
}"#;

#[test]
fn it_says_where_it_listens() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("state.json");
    std::fs::write(&file, STATE).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_fake-infisical"))
        .arg("--state")
        .arg(&file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let status = ureq::get(format!("{}/api/status", line.trim())).call().unwrap().status();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(status, 200);
}

#[test]
fn a_file_that_is_wrong_is_not_quoted() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("state.json");
    std::fs::write(&file, STATE.replace("\"5432\"", "[\"value-canary\"]")).unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_fake-infisical")).arg("--state").arg(&file).output().unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(words.contains("line 4") && !words.contains("canary"), "{words}");
}
