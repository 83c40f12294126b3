//! Connections to what answers over HTTP, tried against real servers.

use std::path::Path;

use serde_json::{Value, json};

use super::bench::{Bench, CANARY, Wrong};
use crate::Result;
use crate::e2e::clickhouse::{self, ClickHouse};
use crate::e2e::options::Options;
use crate::e2e::report::Report;

/// Runs the checks.
pub(super) fn run(options: &Options, report: &mut Report) -> Result<()> {
    let check = "connections to ClickHouse";
    if !options.selects(check) {
        return Ok(());
    }
    match clickhouse::program() {
        Some(program) => report.conclude(check, clickhouse(&program)),
        None => report.not_run(check, clickhouse::MISSING),
    }
}

fn clickhouse(program: &Path) -> Result<Vec<String>> {
    let password = format!("{CANARY} of ClickHouse");
    let server = ClickHouse::start(program, &password)?;
    let connection = |changed: Value| {
        let mut details = json!({"host": "127.0.0.1", "port": 9000, "http_port": server.port, "username": clickhouse::USER,
            "password": password, "database": "default"});
        for (field, value) in changed.as_object().into_iter().flatten() {
            details[field] = value.clone();
        }
        json!({"type": "clickhouse", "details": details})
    };
    let remedy = "see that `username`, `password` and `database` are right";
    tried(vec![
        (connection(json!({})), 0, "connection.connect: SELECT 1 is answered with 200"),
        (connection(json!({"password": CANARY})), 1, remedy),
        (connection(json!({"username": "nobody"})), 1, remedy),
        (connection(json!({"database": "nowhere"})), 1, remedy),
    ])
}

/// Tries connections that the environment holds; each must end with that code, and say these words.
fn tried(connections: Vec<(Value, i32, &str)>) -> Result<Vec<String>> {
    let home = tempfile::tempdir()?;
    let bench = Bench::new(home.path(), vec![("KEYLOOM_SECRETS_BACKEND", "environment".to_owned())])?;
    let mut wrong = Wrong::default();
    for (connection, code, words) in connections {
        let bench = bench.with(&[("KEYLOOM_CONNECTION_TRIED", &connection.to_string())]);
        wrong.unless(&bench.connection(&["test", "tried"])?, code, words);
    }
    Ok(wrong.0)
}
