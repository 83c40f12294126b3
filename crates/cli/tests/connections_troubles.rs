//! Each thing that can be wrong with a connection in Infisical is told by one step of `keyloom connection test`, with an exit code, and
//! without a value: `connections_troubles.txt`.

#![cfg(feature = "live")]
#![allow(clippy::unwrap_used)] // helpers of tests stand outside of test functions

mod support;

use std::process::Stdio;

use keyloom_fake_infisical::{Access, Environment, FakeInfisical, Identity, Project, Seed};
use keyloom_stand_ins::web::{Reply, Web};
use serde_json::{Value, json};
use support::connections::at;
use support::{Run, finished};

const TROUBLES: &str = include_str!("connections_troubles.txt");

fn infisical() -> FakeInfisical {
    let details = r#""host": "db", "username": "app", "database": "shop""#;
    let whole = format!(r#"{{"type": "postgres", "details": {{{details}, "password": "canary"}}}}"#);
    let secrets = [
        ("my-postgres", whole.clone()),
        ("no-json", "canary".to_owned()),
        ("no-type", r#"{"details": {"value": "canary"}}"#.to_owned()),
        ("no-details", r#"{"type": "generic"}"#.to_owned()),
        ("no-such-type", whole.replace("postgres", "postgress")),
        ("no-password", format!(r#"{{"type": "postgres", "details": {{{details}}}}}"#)),
    ];
    let secrets: Vec<_> = secrets.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let dev = Environment::new("dev").folder("/connections", &secrets).folder("/other", &[]);
    let prod = Environment::new("prod").folder("/connections", &[]);
    let identity = |name: &str| Identity::new(name).universal(name, "canary-secret");
    let seed = Seed::new()
        .project(Project::new("shop").environment(dev).environment(prod))
        .identity(identity("app").may(Access::Read, "shop"))
        .identity(identity("blind").may(Access::Describe, "shop"))
        .identity(identity("elsewhere").may_at(Access::Read, "shop", "prod", "/**"))
        .identity(identity("stranger"));
    FakeInfisical::start(seed).unwrap()
}

/// Runs the command with one thing other than what works.
fn tested(infisical: &FakeInfisical, elsewhere: &Web, (name, value): (&str, &str)) -> Run {
    let dir = tempfile::tempdir().unwrap();
    let connection = if name == "name" { value } else { "my-postgres" };
    let args = ["connection", "test", connection, "--no-connect", "--output", "json"];
    let mut command = at(dir.path(), &[&args[..], &["--secrets-backend", "infisical"]].concat());
    let project = FakeInfisical::project_id("shop");
    for (variable, usual) in [
        ("HOST", infisical.url()),
        ("CLIENT_ID", "app"),
        ("CLIENT_SECRET", "canary-secret"),
        ("PROJECT_ID", &project),
        ("ENVIRONMENT", "dev"),
        ("SECRET_PATH", "/connections"),
    ] {
        let value = match (variable == name, value) {
            (false, _) => usual.to_owned(),
            (true, "ELSEWHERE") => elsewhere.url(),
            (true, value) => value.to_owned(),
        };
        command.env(format!("BRUIN_INFISICAL_{variable}"), value);
    }
    finished(command.stdin(Stdio::null()).output().unwrap())
}

/// The steps, in order: id, state, what was found.
fn steps(run: &Run) -> Vec<(String, String, String)> {
    let all: Value = serde_json::from_str(&run.out).unwrap();
    let of_connection = all["connections"][0]["steps"].as_array().cloned().unwrap_or_default();
    let step = |step: &Value| {
        let text = |name: &str| step[name].as_str().unwrap().to_owned();
        (text("id"), text("state"), step["found"].to_string())
    };
    std::iter::once(&all["settings"]).chain(&of_connection).map(step).collect()
}

#[test]
fn each_trouble_is_told_by_one_step() {
    let (infisical, elsewhere) =
        (infisical(), Web::start(|_| Reply::json(200, json!({"of": "another program"}))).unwrap());
    let rows = TROUBLES.lines().filter(|line| !line.starts_with('#'));
    for row in rows {
        let [trouble, change, wanted, code, words]: [&str; 5] =
            row.split('|').map(str::trim).collect::<Vec<_>>().try_into().unwrap();
        let run = tested(&infisical, &elsewhere, change.split_once('=').unwrap());
        let said = format!("{trouble}: {}{}", run.out, run.err);
        assert!(!said.contains("canary"), "{said}");
        assert_eq!(run.code.to_string(), code, "{said}");
        let steps = steps(&run);
        let failed: Vec<_> = steps.iter().filter(|(_, state, _)| state == "failed").collect();
        let ids: Vec<_> = failed.iter().map(|(id, ..)| id.as_str()).collect();
        assert_eq!(ids, if wanted.is_empty() { vec![] } else { vec![wanted] }, "{said}");
        assert!(failed.iter().all(|(_, _, found)| found.contains(words)), "{said}");
        // Nothing behind it was asked.
        let behind = steps.iter().skip_while(|(id, ..)| id != wanted).skip(1);
        assert!(behind.clone().all(|(_, state, _)| state == "skipped"), "{said}");
    }
}
