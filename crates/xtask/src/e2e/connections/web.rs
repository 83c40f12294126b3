//! Connections to what answers over HTTP, tried against real servers.

use std::path::Path;

use serde_json::{Value, json};

use super::bench::{Bench, CANARY, Wrong};
use crate::Result;
use crate::e2e::clickhouse::{self, ClickHouse};
use crate::e2e::opensearch::{self, OpenSearch};
use crate::e2e::options::Options;
use crate::e2e::report::Report;

/// Runs the checks; OpenSearch where it is unpacked.
pub(super) fn run(search: Option<&Path>, options: &Options, report: &mut Report) -> Result<()> {
    let check = "connections to ClickHouse";
    if options.selects(check) {
        match clickhouse::program() {
            Some(program) => report.conclude(check, clickhouse(&program))?,
            None => report.not_run(check, clickhouse::MISSING)?,
        }
    }
    let check = "connections to OpenSearch, as one to Elasticsearch";
    if options.selects(check) {
        match search {
            Some(unpacked) => report.conclude(check, opensearch(unpacked))?,
            None => report.not_run(check, opensearch::MISSING)?,
        }
    }
    Ok(())
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
    let connections = vec![
        (connection(json!({})), 0, "connection.connect: SELECT 1 is answered with 200"),
        (connection(json!({"password": CANARY})), 1, remedy),
        (connection(json!({"username": "nobody"})), 1, remedy),
        (connection(json!({"database": "nowhere"})), 1, remedy),
    ];
    tried(connections, &[])
}

fn opensearch(unpacked: &Path) -> Result<Vec<String>> {
    let server = OpenSearch::start(unpacked)?;
    let connection = |password: &str| {
        json!({"type": "elasticsearch", "details": {"host": "localhost", "port": server.port, "username": opensearch::USER,
            "password": password}})
    };
    let right = connection(opensearch::PASSWORD);
    let wrong =
        (connection(CANARY), 1, "GET / is answered with 401; see that `username` and `password` are right");
    let authority = server.authority().display().to_string();
    let trusting = [("SSL_CERT_FILE", authority.as_str())];
    let mut all = tried(vec![(right.clone(), 0, "GET / is answered with 200"), wrong], &trusting)?;
    all.extend(tried(vec![(right, 1, "certificate")], &[])?);
    Ok(all)
}

/// Tries connections that the environment holds; each must end with that code, and say these words.
fn tried(connections: Vec<(Value, i32, &str)>, variables: &[(&'static str, &str)]) -> Result<Vec<String>> {
    let home = tempfile::tempdir()?;
    let bench = Bench::new(home.path(), vec![("KEYLOOM_SECRETS_BACKEND", "environment".to_owned())])?;
    let bench = bench.with(variables);
    let mut wrong = Wrong::default();
    for (connection, code, words) in connections {
        let bench = bench.with(&[("KEYLOOM_CONNECTION_TRIED", &connection.to_string())]);
        wrong.unless(&bench.connection(&["test", "tried"])?, code, words);
    }
    Ok(wrong.0)
}
