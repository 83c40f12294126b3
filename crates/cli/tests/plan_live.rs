//! `keyloom plan` with names that are read: from a fake Infisical, a GitHub that stands in, and a server that answers as AWS does.
//! The same against moto is an end-to-end check.

#![cfg(feature = "live")]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use keyloom_fake_infisical::{Access, Environment, FakeInfisical, Identity, Project, Seed};
use keyloom_stand_ins::github::{Github, State};
use keyloom_stand_ins::web::{Reply, Web};
use serde_json::json;

mod support;

use support::{Run, cases, command, finished};

/// Stands in every value and credential; nothing that is printed may hold it.
const CANARY: &str = "canary-value";

struct Place {
    dir: tempfile::TempDir,
    infisical: FakeInfisical,
    github: Github,
    aws: Web,
}

impl Place {
    fn new() -> Self {
        let both: &[(&str, &str)] = &[("DATABASE_URL", CANARY), ("STRIPE_KEY", CANARY)];
        let prod = Environment::new("prod").folder("/api", both).folder("/ci-cd", both);
        let project =
            Project { id: Some("7d0c6f3e-1a2b-4c3d-9e8f-001122334455".to_owned()), ..Project::new("shop") };
        let identity = Identity::new("plan").universal("client", CANARY).may(Access::Describe, "shop");
        let seed = Seed::new().project(project.environment(prod)).identity(identity);
        let names = ["AWS_ACTIONS_ROLE_ARN", "NPM_TOKEN", "STRIPE_KEY"].map(str::to_owned).to_vec();
        let secrets = BTreeMap::from([("acme/my-app".to_owned(), names)]);
        Self {
            dir: tempfile::tempdir().unwrap(),
            infisical: FakeInfisical::start(seed).unwrap(),
            github: Github::start(State { token: CANARY.to_owned(), secrets }).unwrap(),
            aws: Web::start(|request| aws(request.header("x-amz-target").unwrap_or_default())).unwrap(),
        }
    }

    fn plan(&self, environment: &[(&str, &str)], args: &[&str]) -> Run {
        let text = fs::read_to_string(cases().join("plan/keyloom.yaml")).unwrap();
        fs::write(self.dir.path().join("keyloom.yaml"), text).unwrap();
        let mut command = command(self.dir.path(), &[&["plan"], args].concat());
        command
            .env("INFISICAL_HOST", self.infisical.url())
            .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", "client")
            .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", CANARY)
            .env("GITHUB_API_URL", self.github.url())
            .env("GITHUB_TOKEN", CANARY)
            .env("AWS_ENDPOINT_URL", self.aws.url())
            .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", CANARY)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("HOME", self.dir.path())
            .env_remove("AWS_PROFILE")
            .env_remove("INFISICAL_TOKEN")
            .env_remove("INFISICAL_ACCESS_TOKEN")
            .env_remove("INFISICAL_AUTH_METHOD")
            .envs(environment.iter().copied());
        let run = finished(command.stdin(std::process::Stdio::null()).output().unwrap());
        assert!(!run.out.contains("canary") && !run.err.contains("canary"), "{}{}", run.out, run.err);
        run
    }
}

fn aws(target: &str) -> Reply {
    match target {
        "secretsmanager.GetSecretValue" => {
            let value = json!({"STRIPE_KEY": CANARY, "LEGACY_TOKEN": CANARY}).to_string();
            Reply::json(200, json!({"Name": "myapp-secrets", "SecretString": value}))
        }
        "AmazonSSM.DescribeParameters" => {
            let names =
                ["/my-app/prod/DATABASE_URL", "/my-app/prod/RETIRED"].map(|name| json!({"Name": name}));
            Reply::json(200, json!({"Parameters": names}))
        }
        _ => Reply::json(400, json!({"__type": "UnknownOperationException"})),
    }
}

#[test]
fn names_of_all_three_are_read_and_no_value_is_shown() {
    let place = Place::new();
    let run = place.plan(&[], &[]);
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    for line in [
        "  < LEGACY_TOKEN    imported: not in /api\n",
        "  - NPM_TOKEN               deleted: same\n",
        "  - prod/RETIRED         deleted: not in /api",
        "  + prod/STRIPE_KEY\n",
        "error[sync-deletes-foreign-secrets]: the first run of \"github-secrets-sync\" deletes 2 secrets",
    ] {
        assert!(run.out.contains(line), "{line}\n{}", run.out);
    }
    let run = place.plan(&[], &["--sync", "parameters", "--detailed-exitcode", "-o", "json"]);
    assert_eq!(run.code, 4, "{}{}", run.out, run.err);
    let value: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(
        value["syncs"][0]["counts"],
        json!({"add": 1, "change": 1, "import": 0, "delete": 1, "keep": 0})
    );
}

#[test]
fn all_that_cannot_be_read_is_said_at_once() {
    let place = Place::new();
    let run = place.plan(
        &[("GITHUB_TOKEN", ""), ("AWS_ENDPOINT_URL", "http://127.0.0.1:1/canary")],
        &["--sync", "github-secrets-sync"],
    );
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert_eq!(run.err, "error: github-secrets-sync: GITHUB_TOKEN is not set\n");
    let run = place.plan(&[("GITHUB_TOKEN", ""), ("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", "")], &[]);
    assert_eq!(run.code, 2);
    let lines: Vec<_> = run.err.lines().collect();
    assert_eq!(lines.len(), 3, "{}", run.err);
    assert!(
        lines[0].contains("aws-secrets-sync: INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET is not set"),
        "{}",
        run.err
    );
}

#[test]
fn credentials_of_aws_are_looked_for_once() {
    let place = Place::new();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let container = Web::start(move |_| {
        count.fetch_add(1, Ordering::SeqCst);
        let (id, until) = ("AKIDEXAMPLE", "2099-01-01T00:00:00Z");
        Reply::json(
            200,
            json!({"AccessKeyId": id, "SecretAccessKey": CANARY, "Token": CANARY, "Expiration": until}),
        )
    })
    .unwrap();
    let run = place.plan(
        &[
            ("AWS_ACCESS_KEY_ID", ""),
            ("AWS_SECRET_ACCESS_KEY", ""),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", &container.url()),
        ],
        &[],
    );
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
    assert!(run.out.contains("LEGACY_TOKEN") && run.out.contains("prod/RETIRED"), "{}", run.out);
    assert_eq!(asked.load(Ordering::SeqCst), 1, "two syncs are with AWS");
}

#[test]
fn names_from_a_file_need_no_network() {
    let place = Place::new();
    let state = r#"{"parameters": {"source": [], "destination": ["prod/X"]}}"#;
    fs::write(place.dir.path().join("names.json"), state).unwrap();
    let run = place.plan(&[], &["--state", "names.json", "--sync", "parameters"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(place.infisical.requests().is_empty() && place.github.asked().is_empty());
}
