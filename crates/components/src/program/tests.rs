//! Whole processes: this test binary is the program, and a script of a few lines stands for the stock command.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // helpers of tests stand outside of test functions

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use keyloom_wire::message::language::{RunRequest, RunResponse};
use keyloom_wire::property::Property;
use keyloom_wire::service::{LanguageClient, connect};
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use super::session::fake::Fake;
use super::*;

/// Says to the test `the_program` that it is a child, and with which arguments.
const ARGUMENTS: &str = "KEYLOOM_TEST_ARGUMENTS";

/// What a language host or a shell would start; on its own it is no test.
#[test]
fn the_program() {
    let Ok(arguments) = env::var(ARGUMENTS) else { return };
    let program = async |ctx: Context| {
        let region = ctx.config().require("region")?;
        if region == "nowhere" {
            std::future::pending::<()>().await;
        }
        if region == "blocked" {
            std::thread::sleep(Duration::from_secs(600));
        }
        let inputs = Block::map([("metadata", Block::map([("name", ctx.stack())]))]);
        let made = ctx.resource("kubernetes:core/v1:Namespace", "apps", inputs).await?;
        ctx.export("namespace", made.text("metadata.name")?);
        Ok(())
    };
    let code = match env::var_os(MONITOR) {
        Some(_) => hosted(&program),
        None => inline(arguments.split_whitespace().map(str::to_owned), &program),
    };
    std::process::exit(code.into());
}

/// Writes down how it was called, answers for stacks, and otherwise stays until it is told how to end.
const PULUMI: &str = r#"#!/bin/sh
echo "$@" >>"$BOOK/calls"
trap 'echo INT >>"$BOOK/signals"' INT
trap 'echo TERM >>"$BOOK/signals"' TERM
case "$1 $2" in
"stack --show-name") test -f "$BOOK/stack"; exit ;;
"stack init") touch "$BOOK/stack"; exit ;;
esac
while ! test -f "$BOOK/end"; do sleep 0.02; done
exit "$(cat "$BOOK/end")"
"#;

/// A folder with a project to be, and one in which the stock command writes down what happens.
struct Place {
    root: TempDir,
}

impl Place {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        for folder in ["bin", "book", "web-shop"] {
            fs::create_dir(root.path().join(folder)).unwrap();
        }
        let pulumi = root.path().join("bin/pulumi");
        fs::write(&pulumi, PULUMI).unwrap();
        fs::set_permissions(&pulumi, fs::Permissions::from_mode(0o755)).unwrap();
        Self { root }
    }

    fn book(&self, name: &str) -> PathBuf {
        self.root.path().join("book").join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.book(name)).unwrap_or_default()
    }

    /// The program with those arguments, in the project.
    fn program(&self, arguments: &str) -> Command {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["program::tests::the_program", "--exact", "--nocapture"]).env(ARGUMENTS, arguments);
        command.env("PATH", format!("{}:/usr/bin:/bin", self.root.path().join("bin").display()));
        command.env("BOOK", self.root.path().join("book")).current_dir(self.root.path().join("web-shop"));
        command.env_remove(MONITOR).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Waits until the stock command was called with a language runtime, and answers with its address.
    async fn address(&self) -> String {
        let found = || {
            let calls = self.read("calls");
            let line = calls.lines().find(|line| line.contains("--client="))?;
            Some(line.split_once("--client=")?.1.split(' ').next()?.to_owned())
        };
        until(found).await
    }

    fn end(&self, code: &str) {
        let new = self.book("end.new");
        fs::write(&new, code).unwrap();
        fs::rename(new, self.book("end")).unwrap();
    }
}

/// Waits for something that another process does; a test that hangs says where.
async fn until<T>(found: impl Fn() -> Option<T>) -> T {
    let waiting = async {
        loop {
            match found() {
                Some(found) => return found,
                None => sleep(Duration::from_millis(5)).await,
            }
        }
    };
    timeout(Duration::from_secs(60), waiting).await.unwrap()
}

async fn finished(child: std::process::Child) -> Output {
    let waiting = tokio::task::spawn_blocking(|| child.wait_with_output());
    timeout(Duration::from_secs(60), waiting).await.unwrap().unwrap().unwrap()
}

fn request(deployment: &Deployment, region: &str) -> RunRequest {
    RunRequest {
        project: "shop".to_owned(),
        stack: "dev".to_owned(),
        args: vec![deployment.engine.clone()],
        monitor_address: deployment.monitor.clone(),
        config: [("shop:region".to_owned(), region.to_owned())].into(),
        ..RunRequest::default()
    }
}

fn signal(process: u32, name: &str) {
    assert!(Command::new("kill").args([name, &process.to_string()]).status().unwrap().success());
}

#[tokio::test]
async fn the_stock_command_runs_the_program_as_often_as_it_likes() {
    let place = Place::new();
    let child = place.program("up --stack dev --yes").spawn().unwrap();
    let address = place.address().await;
    let runtime = LanguageClient::new(connect(&address).await.unwrap());
    assert!(!runtime.get_plugin_info(()).await.unwrap().version.is_empty());
    for dry_run in [true, false] {
        let (fake, deployment) = Fake::serve().await;
        let run = runtime.run(RunRequest { dry_run, ..request(&deployment, "eu") }).await;
        assert_eq!(run.unwrap(), RunResponse::default());
        assert_eq!(fake.names().len(), 2);
        assert_eq!(fake.outputs.lock().unwrap()[0].1["namespace"], Property::from("dev"));
    }
    let (fake, deployment) = Fake::serve().await;
    let run = runtime.run(RunRequest { config: [].into(), ..request(&deployment, "") }).await.unwrap();
    assert_eq!(run, RunResponse { bail: true, ..RunResponse::default() });
    assert_eq!(fake.messages().len(), 1);
    place.end("7");
    let output = finished(child).await;
    assert_eq!(output.status.code(), Some(7), "the code is that of the stock command");
    let calls = place.read("calls").replace(&address, "ADDRESS");
    assert_eq!(
        calls.lines().collect::<Vec<_>>(),
        [
            "stack --show-name --non-interactive --stack dev",
            "stack init --no-select dev",
            "up --client=ADDRESS --exec-kind=auto.inline --stack dev --yes",
        ]
    );
    let project = fs::read_to_string(place.root.path().join("web-shop/Pulumi.yaml")).unwrap();
    assert!(project.starts_with("name: web-shop\nruntime: rust\ndescription: run by `cargo run -- up`;"));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("wrote ") && said.lines().count() == 1, "{said}");
}

#[tokio::test]
async fn signals_are_for_the_stock_command_to_judge() {
    let place = Place::new();
    let child = place.program("preview --stack dev").spawn().unwrap();
    place.address().await;
    for (name, heard) in [("-INT", "INT\n"), ("-TERM", "INT\nTERM\n")] {
        signal(child.id(), name);
        until(|| (place.read("signals") == heard).then_some(())).await;
    }
    place.end("8");
    assert_eq!(finished(child).await.status.code(), Some(8));
}

#[tokio::test]
async fn nobody_stays_behind_when_the_stock_command_ends_midway() {
    for program in ["nowhere", "blocked"] {
        let place = Place::new();
        let child = place.program("preview --stack dev").spawn().unwrap();
        let runtime = LanguageClient::new(connect(&place.address().await).await.unwrap());
        let (fake, deployment) = Fake::serve().await;
        let run = tokio::spawn(async move { runtime.run(request(&deployment, program)).await });
        until(|| (!fake.names().is_empty()).then_some(())).await;
        signal(child.id(), "-INT");
        until(|| (place.read("signals") == "INT\n").then_some(())).await;
        place.end("255");
        assert_eq!(finished(child).await.status.code(), Some(255), "{program}");
        assert!(run.await.unwrap().is_err(), "the run ends with the process");
    }
}

#[tokio::test]
async fn a_language_host_runs_the_program_once() {
    let cases = [(r#"{"shop:region": "eu"}"#, Some(0), 0), ("{}", Some(32), 1), ("{", Some(1), 0)];
    for (config, code, logs) in cases {
        let place = Place::new();
        let (fake, deployment) = Fake::serve().await;
        let mut command = place.program("");
        command.env(MONITOR, &deployment.monitor).env("PULUMI_ENGINE", &deployment.engine);
        command.env("PULUMI_PROJECT", "shop").env("PULUMI_STACK", "dev").env("PULUMI_CONFIG", config);
        let output = finished(command.spawn().unwrap()).await;
        assert_eq!((output.status.code(), fake.messages().len()), (code, logs), "{config}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(said.lines().count(), usize::from(code == Some(1)), "an error is told once: {said}");
    }
}

#[tokio::test]
async fn what_cannot_be_run_is_said() {
    let place = Place::new();
    let cases = [
        ("", Some(0), "This is a Pulumi program."),
        ("uo", Some(2), "error: there is no verb `uo`"),
        ("destroy", Some(2), "error: no Pulumi.yaml in "),
    ];
    for (arguments, code, words) in cases {
        let output = place.program(arguments).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == code && said.starts_with(words), "{arguments}: {said}");
    }
    fs::remove_file(place.root.path().join("bin/pulumi")).unwrap();
    let without = place.program("up").env("PATH", place.root.path().join("bin")).output().unwrap();
    let said = String::from_utf8(without.stderr).unwrap();
    assert!(said.starts_with("error: there is no `pulumi` on PATH; install the Pulumi CLI"), "{said}");
    assert!(!Path::new(&place.root.path().join("web-shop/Pulumi.yaml")).exists(), "nothing was begun");
}
