//! `keyloom pulumi` up to the Pulumi CLI, for which a script of a few lines stands. What the CLI then asks for is tried with the
//! real one, end to end.

#![cfg(all(feature = "pulumi", unix))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use tempfile::TempDir;

mod support;

use support::{Run, cases, command};

/// Writes down how it was called, and answers as it is told.
const PULUMI: &str = "#!/bin/sh\necho \"$@\" >>\"$BOOK\"\nexit \"$ANSWER\"\n";

struct Place {
    root: TempDir,
}

impl Place {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("web-shop")).unwrap();
        let pulumi = root.path().join("pulumi");
        fs::write(&pulumi, PULUMI).unwrap();
        fs::set_permissions(&pulumi, fs::Permissions::from_mode(0o755)).unwrap();
        Self { root }
    }

    fn project(&self) -> PathBuf {
        self.root.path().join("web-shop")
    }

    fn run(&self, answer: u8, args: &[&str]) -> Run {
        let path = format!("{}:/usr/bin:/bin", self.root.path().display());
        let mut command = command(&self.project(), args);
        command
            .env("PATH", path)
            .env("BOOK", self.root.path().join("book"))
            .env("ANSWER", answer.to_string());
        support::finished(command.stdin(std::process::Stdio::null()).output().unwrap())
    }

    /// How the CLI was called, without the address that changes.
    fn calls(&self) -> Vec<String> {
        let book = fs::read_to_string(self.root.path().join("book")).unwrap_or_default();
        let words = |line: &str| {
            let words = line.split(' ').filter(|word| !word.starts_with("--client=127.0.0.1:"));
            words.collect::<Vec<_>>().join(" ")
        };
        book.lines().map(words).collect()
    }
}

fn case(name: &str) -> String {
    cases().join(name).display().to_string()
}

#[test]
fn the_cli_is_called_and_its_code_handed_on() {
    let place = Place::new();
    let run = place.run(
        0,
        &["pulumi", "up", &case("good.yaml"), "--stack", "dev", "--yes", "--color=never", "--", "--diff"],
    );
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    let project = fs::read_to_string(place.project().join("Pulumi.yaml")).unwrap();
    let description = "description: run by `keyloom pulumi up`, not by `pulumi up`\n";
    assert_eq!(project, format!("name: web-shop\nruntime: keyloom\n{description}"));
    let asked = "stack --show-name --non-interactive --stack dev";
    let run = place.run(7, &["pulumi", "destroy", "--stack", "dev", "-C", "."]);
    assert_eq!((run.code, run.err.as_str()), (7, ""), "destroy reads no declaration");
    assert_eq!(
        place.calls(),
        [
            asked,
            "up --exec-kind=auto.inline --stack dev --yes --color=never --diff",
            "destroy --exec-kind=auto.inline --stack dev",
        ]
    );
}

#[test]
fn findings_come_first_and_errors_keep_pulumi_from_being_run() {
    let place = Place::new();
    let run = place.run(0, &["pulumi", "preview", &case("two-methods.yaml")]);
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert!(run.err.contains("error[two-auth-methods]"), "{}", run.err);
    assert!(place.calls().is_empty() && !place.project().join("Pulumi.yaml").exists());
    let warned = place.run(0, &["pulumi", "preview", &case("warned.yaml"), "--stack", "dev"]);
    assert!(warned.code == 0 && warned.err.contains("warning[refresh-out-of-range]"), "{}", warned.err);
    let denied = place.run(0, &["pulumi", "preview", &case("warned.yaml"), "--deny-warnings"]);
    assert_eq!((denied.code, place.calls().len()), (1, 2));
}

#[test]
fn an_up_that_would_leave_nothing_must_be_insisted_on() {
    let place = Place::new();
    let empty = place.root.path().join("empty.yaml");
    fs::write(&empty, "# nothing yet\n").unwrap();
    let empty = empty.display().to_string();
    let up = ["pulumi", "up", &empty, "--stack", "dev", "--yes"];
    let refused = place.run(0, &up);
    assert_eq!((refused.code, place.calls()), (1, Vec::new()), "{}", refused.err);
    assert!(refused.err.contains("error[output-all-gone]: the declaration makes nothing"), "{}", refused.err);
    assert!(!place.project().join("Pulumi.yaml").exists());
    let shown = place.run(0, &["pulumi", "preview", &empty, "--stack", "dev"]);
    assert!(shown.code == 0 && shown.err.contains("warning[nothing-declared]"), "{}", shown.err);
    let insisted = place.run(0, &[&up[..], &["--force"]].concat());
    assert_eq!((insisted.code, place.calls().len()), (0, 4), "{}", insisted.err);
}

#[test]
fn a_project_of_another_program_is_left_alone() {
    let place = Place::new();
    let file = place.root.path().join("Pulumi.yaml");
    fs::write(&file, "name: shop\nruntime: yaml\n").unwrap();
    for operation in ["preview", "up", "refresh", "destroy"] {
        let refused = place.run(0, &["pulumi", operation, &case("good.yaml"), "--stack", "dev"]);
        assert_eq!((refused.code, place.calls()), (2, Vec::new()), "{}", refused.err);
        assert!(
            refused.err.contains("is the project of another program, with `runtime: yaml`"),
            "{}",
            refused.err
        );
    }
}

#[test]
fn what_cannot_be_run_is_exit_2() {
    let place = Place::new();
    let none = place.run(0, &["pulumi", "refresh", "--stack", "dev"]);
    assert!(none.code == 2 && none.err.contains("no Pulumi.yaml in "), "{}", none.err);
    let none = place.run(0, &["pulumi", "preview", &case("good.yaml")]);
    assert!(none.code == 2 && none.err.contains("name one with --stack, and both are made"), "{}", none.err);
    assert!(!place.project().join("Pulumi.yaml").exists() && place.calls().is_empty());
    fs::remove_file(place.root.path().join("pulumi")).unwrap();
    let missing = place.run(0, &["pulumi", "preview", &case("good.yaml")]);
    assert!(
        missing.code == 2 && missing.err.contains("there is no `pulumi` on PATH; install"),
        "{}",
        missing.err
    );
}
