//! `keyloom listen` against a server that answers as Infisical does.

#![cfg(all(feature = "live", unix))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use keyloom_fake_infisical::{Access, Environment, FakeInfisical, Identity, Project, Seed};
use yaml_serde::Value;

mod support;

use support::{Run, finished};

/// Stands in every value and credential; nothing that is said may hold it.
const CANARY: &str = "canary-value";

struct Place {
    infisical: FakeInfisical,
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let secrets = [("DATABASE_URL", CANARY), ("a.b", "1"), ("WEBHOOK_SECRET", CANARY)];
        let production = Environment::new("production").folder("/services/my-service", &secrets);
        let seed = Seed::new()
            .project(Project::new("shop").environment(production))
            .identity(Identity::new("my-service").universal("client", CANARY).may(Access::Read, "shop"));
        let dir = tempfile::tempdir().unwrap();
        fs::copy(root().join("e2e/listen/annotations"), dir.path().join("annotations")).unwrap();
        Self { infisical: FakeInfisical::start(seed).unwrap(), dir }
    }

    /// With a client secret in place of the token of a pod, and a port that is free.
    fn command(&self, args: &[&str]) -> Command {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new(env!("CARGO_BIN_EXE_keyloom"));
        command.arg("listen").args(args).current_dir(self.dir.path()).env_clear().stdin(Stdio::null());
        command
            .env("PATH", std::env::var_os("PATH").unwrap())
            .env("INFISICAL_AUTH_METHOD", "universal")
            .env("INFISICAL_API_URL", format!("{}/api", self.infisical.url()))
            .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_ID", "client")
            .env("INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET", CANARY)
            .env("INFISICAL_PROJECT_ID", FakeInfisical::project_id("shop"))
            .env("KEYLOOM_ANNOTATIONS", self.dir.path().join("annotations"))
            .env("WEBHOOK_PORT", port.to_string());
        command
    }

    fn run(&self, args: &[&str]) -> Run {
        ran(self.command(args))
    }
}

fn ran(mut command: Command) -> Run {
    let run = finished(command.output().unwrap());
    assert!(!run.err.contains(CANARY) && !run.out.contains(CANARY), "{}{}", run.out, run.err);
    run
}

fn root() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn a_command_has_the_secrets_and_its_exit_code_is_handed_on() {
    let place = Place::new();
    let script = "test \"$DATABASE_URL\" = canary-value || exit 1
        test -z \"$WEBHOOK_SECRET$INFISICAL_UNIVERSAL_AUTH_CLIENT_SECRET\" || exit 2
        test \"$(cat secrets/DATABASE_URL)\" = canary-value || exit 3
        test \"$(cat secrets/a.b)\" = 1 || exit 4
        . ./secrets.env && exit 42";
    let run = place.run(&["--dir", "secrets", "--file", "secrets.env", "--", "sh", "-c", script]);
    assert_eq!((run.code, run.out.as_str()), (42, ""), "{}", run.err);
    assert!(run.err.contains("wrote 2 secrets to secrets\n"), "{}", run.err);
    assert!(run.err.contains("\"a.b\" is not written to secrets.env"), "{}", run.err);
}

#[test]
fn failures_of_its_own_are_told_from_those_of_the_command() {
    let place = Place::new();
    assert_eq!(place.run(&["--", "no-such-command"]).code, 127);
    assert_eq!(place.run(&["--", "./annotations"]).code, 126);
    let lost = ["--secret-path", "/nowhere", "--dir", "secrets"];
    assert_eq!(place.run(&lost).code, 2);
    assert_eq!(place.run(&[&lost[..], &["--", "true"]].concat()).code, 125);
    let both = place.run(&["--serve", "0.0.0.0:1", "--token-file", "token", "--file", "not/there/file"]);
    assert_eq!(both.code, 2);
    assert!(both.err.contains("not/there/file") && both.err.contains("127.0.0.1 or [::1]"), "{}", both.err);
    let none = place.run(&[]);
    assert!(none.code == 2 && none.err.contains("say where the secrets go"), "{}", none.err);
}

/// A pod may be ended while Infisical is away: that is no failure, unless a command was to run.
#[test]
fn who_ends_it_while_it_loads_has_ended_it() {
    let place = Place::new();
    for (args, code) in [(&["--dir", "secrets"][..], 0), (&["--", "true"][..], 143)] {
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let mut command = place.command(args);
        command.env("INFISICAL_API_URL", format!("http://{}", silent.local_addr().unwrap()));
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let _logging_in = silent.accept().unwrap();
        let kill = Command::new("sh").args(["-c", &format!("kill -s TERM {}", child.id())]).status().unwrap();
        assert!(kill.success());
        assert_eq!(child.wait().unwrap().code(), Some(code), "{args:?}");
    }
}

#[test]
fn all_that_is_missing_is_said_at_once_and_nobody_logs_in() {
    let place = Place::new();
    let mut command = place.command(&["--check"]);
    for name in ["INFISICAL_AUTH_METHOD", "INFISICAL_PROJECT_ID"] {
        command.env_remove(name);
    }
    command.env("WEBHOOK_PORT", "many");
    let run = ran(command);
    assert_eq!(run.code, 2);
    assert_eq!(
        run.err,
        "error: INFISICAL_IDENTITY_ID is not set; INFISICAL_PROJECT_ID is not set; \
         WEBHOOK_PORT is no number from 1 to 65535\n"
    );
    assert!(place.infisical.requests().is_empty());
}

/// What the page shows is what is printed.
#[test]
fn the_page_shows_who_said_what() {
    let page = fs::read_to_string(root().join("docs/listen.md")).unwrap();
    let shown = page.split("```console\n$ keyloom listen --check").nth(1).unwrap();
    let shown = shown.split_once('\n').unwrap().1.split("```").next().unwrap();
    let place = Place::new();
    let mut command = place.command(&["--check", "--environment", "production"]);
    for name in ["API_URL", "AUTH_METHOD", "UNIVERSAL_AUTH_CLIENT_ID", "UNIVERSAL_AUTH_CLIENT_SECRET"] {
        command.env_remove(format!("INFISICAL_{name}"));
    }
    command
        .env_remove("WEBHOOK_PORT")
        .env("INFISICAL_IDENTITY_ID", "1f0e6f3e-1a2b-4c3d-9e8f-00aabbccddee")
        .env("INFISICAL_PROJECT_ID", "my-project")
        .env("KEYLOOM_ANNOTATIONS", "annotations");
    let run = ran(command);
    assert_eq!((run.code, run.out.as_str()), (0, shown), "{}", run.err);
}

/// The sidecar of the example is told what it understands, and mounts what it has.
#[test]
fn the_sidecar_of_the_example_begins_as_it_is_written() {
    let text = fs::read_to_string(root().join("examples/listen/sidecar.yaml")).unwrap();
    let deployment: Value = yaml_serde::from_str(&text).unwrap();
    let pod = &deployment["spec"]["template"]["spec"];
    let sidecar = &pod["initContainers"][0];
    let list = |value: &Value| value.as_sequence().cloned().unwrap_or_default();
    let args: Vec<_> = list(&sidecar["args"]).iter().map(|it| it.as_str().unwrap().to_owned()).collect();
    let place = Place::new();
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyloom"));
    command
        .args(&args)
        .arg("--check")
        .env_clear()
        .env("KEYLOOM_ANNOTATIONS", place.dir.path().join("annotations"));
    for variable in list(&sidecar["env"]) {
        let value = variable["value"].as_str().unwrap_or("10.0.0.1").to_owned();
        command.env(variable["name"].as_str().unwrap(), value);
    }
    let run = ran(command);
    assert_eq!(run.code, 0, "{}", run.err);
    let volumes: Vec<_> = list(&pod["volumes"]).iter().map(|it| it["name"].clone()).collect();
    for container in list(&pod["initContainers"]).iter().chain(&list(&pod["containers"])) {
        for mount in list(&container["volumeMounts"]) {
            assert!(volumes.contains(&mount["name"]), "{mount:?}");
        }
    }
}
