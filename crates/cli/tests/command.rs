//! The command as a shell sees it: output, exit codes, and what it does when things go wrong.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::fs;
use std::process::Stdio;

mod support;

use support::{cases, command, run, run_in, run_with, snapshot};

const GOOD: &str = "
stores: [{name: aws, provider: aws, aws: {service: SecretsManager, region: eu-central-1}}]
externalSecrets: [{name: api, data: [{key: token, path: api/token}]}]
";

#[test]
fn help_says_what_there_is() {
    snapshot("help", &run(&["--help"]));
    for verb in [
        "init",
        "check",
        "render",
        "validate",
        "import",
        "schema",
        "explain",
        "trace",
        "plan",
        "pulumi",
        "relay",
        "run",
        "connection",
        "completions",
        "man",
    ] {
        snapshot(&format!("help-{verb}"), &run(&[verb, "--help"]));
    }
    for verb in ["get", "list", "test", "check", "put"] {
        snapshot(&format!("help-connection-{verb}"), &run(&["connection", verb, "--help"]));
    }
}

#[test]
fn a_wrong_command_line_is_exit_2() {
    for args in [&["chekc"][..], &["check", "--outptu", "json"], &["render", "--force"], &[], &["trace"]] {
        let run = run(args);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args:?}");
        assert!(!run.err.is_empty(), "{args:?}");
    }
}

#[test]
fn several_configurations_of_terraform_are_not_printed_behind_each_other() {
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/pipeline/keyloom.yaml");
    let run = run(&["render", "--format", "terraform", document]);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
    assert!(run.err.contains("2 configurations of Terraform (lornu-ai, lornu-ai/bootstrap)"), "{}", run.err);
    assert!(run.err.contains("--out DIR"), "{}", run.err);
}

#[test]
fn what_cannot_be_read_is_exit_2_with_a_hint() {
    for (args, words) in [
        (&["check", "good.yml"][..], "cannot read good.yml: "),
        (&["check", "good.yml"], "did you mean good.yaml?"),
        (&["check", "."], ". is a directory; name its files"),
        (&["check"], "there is no keyloom.yaml here"),
        (&["check", "-", "-"], "standard input"),
        (&["check", "-", "--manifests", "-"], "standard input (`-`) can be read once"),
        (&["check", "good.yaml", "./good.yaml"], "./good.yaml is named twice"),
        (
            &["check", "good.yaml", "--env", "prod"],
            "environment `prod` is not declared; declare it under `environments`",
        ),
        (&["check", "good.yaml", "--namespace", "A B"], "error: `A B` is not a legal namespace; use 1 to 63"),
        (&["render", "good.yaml", "--namespace", ""], "error: `` is not a legal namespace"),
        (&["check", "good.yaml", "--namespace", "../x", "--env", "prod"], "ask for none"),
        (
            &["check", "good.yaml", "--namespace", "../x", "--env", "prod"],
            "; and environment `prod` is not declared",
        ),
        (
            &["render", "good.yaml", "--eso", "latest"],
            "`latest` is not a version of External Secrets Operator; write",
        ),
        (&["check", "good.yaml", "--manifests", "none.yaml"], "cannot read none.yaml"),
    ] {
        let run = run(args);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args:?}");
        assert!(run.err.contains(words), "{args:?}: {}", run.err);
    }
}

#[cfg(unix)]
#[test]
fn what_is_there_and_cannot_be_opened_has_no_other_name() {
    let dir = tempfile::tempdir().unwrap();
    for (link, to) in [("loop.yaml", "loop.yaml"), ("lost.yaml", "nowhere")] {
        std::os::unix::fs::symlink(to, dir.path().join(link)).unwrap();
        let run = run_in(dir.path(), &["check", link]);
        assert_eq!(run.code, 2, "{}", run.err);
        assert!(
            run.err.contains(&format!("cannot read {link}: ")) && !run.err.contains("did you mean"),
            "{}",
            run.err
        );
        std::fs::remove_file(dir.path().join(link)).unwrap();
    }
}

#[test]
fn success_is_quiet() {
    let run = run(&["check", "good.yaml"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", "no problems in good.yaml\n"));
    let run = run_with(&["render", "-"], GOOD);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(run.out.starts_with("apiVersion: external-secrets.io/v1\nkind: SecretStore\n"), "{}", run.out);
}

#[test]
fn nothing_declared_is_a_warning() {
    let run = run_with(&["check", "-"], "");
    assert_eq!((run.code, run.err.as_str()), (0, "1 warning in standard input\n"));
    assert!(run.out.starts_with("warning[nothing-declared]"), "{}", run.out);
    let run = run_with(&["render", "-"], "");
    assert!(run.code == 0 && run.err.starts_with("warning[nothing-declared]"), "{}", run.err);
}

#[test]
fn standard_input_is_a_file_like_others() {
    let run = run_with(&["check", "-"], "stores: [{name: aws, providr: aws}]");
    assert_eq!((run.code, run.err.as_str()), (1, "1 error in standard input\n"));
    assert!(run.out.contains("--> <stdin>:1:22\n"), "{}", run.out);
    let run = run_with(&["check", "-"], "a: \0");
    assert_eq!(run.code, 1, "a NUL byte is a finding: {}", run.err);
    assert!(run.out.contains("error[nul-byte]"), "{}", run.out);
    let run = run_with(&["check", "-", "--max-bytes", "10"], GOOD);
    assert!(run.code == 1 && run.out.contains("error[too-large]"), "{}", run.out);
    for args in [["check", "-"], ["check", "good.yaml"]] {
        let run = run_with(&[&args[..], &["--max-bytes", &usize::MAX.to_string()]].concat(), GOOD);
        assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    }
}

#[test]
fn twenty_mistakes_are_reported_each_at_its_place() {
    let text = fs::read_to_string(cases().join("twenty-mistakes.yaml")).unwrap();
    let mut expected: Vec<(u64, &str)> = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        if let Some((_, code)) = text.split_once("#! ") {
            expected.push((line, code.trim()));
        }
    }
    assert!(expected.len() >= 20);
    let json = run(&["check", "twenty-mistakes.yaml", "--output", "json"]);
    assert_eq!(json.code, 1);
    let found: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    let found: Vec<(u64, &str)> = found
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["line"].as_u64().unwrap(), one["code"].as_str().unwrap()))
        .collect();
    assert_eq!(found, expected);
    snapshot("twenty-mistakes", &run(&["check", "twenty-mistakes.yaml"]));
}

#[test]
fn json_is_one_array_of_objects_with_stable_fields() {
    snapshot("json", &run(&["check", "two-methods.yaml", "--output", "json"]));
    let run = run(&["check", "good.yaml", "--output", "json"]);
    assert_eq!((run.code, run.out.as_str()), (0, "[]\n"));
}

#[test]
fn labels_far_apart_and_in_other_files_are_shown() {
    snapshot("two-files", &run(&["check", "good.yaml", "same-store.yaml"]));
}

#[test]
fn only_so_many_problems_are_printed() {
    let run = run(&["check", "twenty-mistakes.yaml", "--max-problems", "2"]);
    assert_eq!(run.out.matches("\n  --> ").count() + run.out.matches("\n --> ").count(), 2, "{}", run.out);
    assert!(run.out.contains(" more; --max-problems shows more of them\n"), "{}", run.out);
    assert!(run.err.contains(" errors"), "the summary counts all: {}", run.err);
}

#[test]
fn colour_is_for_terminals_or_those_who_ask() {
    let plain = run(&["check", "two-methods.yaml"]);
    assert!(!plain.out.contains('\u{1b}'));
    let coloured = run(&["check", "two-methods.yaml", "--color", "always"]);
    assert!(coloured.out.contains('\u{1b}'));
    let mut asked = command(&cases(), &["check", "two-methods.yaml", "--color", "auto"]);
    let output = asked.env("NO_COLOR", "1").output().unwrap();
    assert!(!output.stdout.contains(&0x1b));
}

#[test]
fn hostile_text_cannot_move_the_cursor() {
    let long = "x".repeat(100_000);
    let run = run_with(
        &["check", "-"],
        &format!("\"a\\u001b[2J\u{85}\t\u{202e}b\": 1\nstoress: [{long}]\n{long}: 1\n"),
    );
    assert_eq!(run.code, 1);
    let bad = run.out.chars().find(|c| c.is_control() && *c != '\n' || *c == '\u{202e}');
    assert_eq!(bad, None, "{}", run.out);
    assert!(run.out.lines().all(|line| line.len() < 400), "long lines are cut");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let many: String =
        (0..5_000).map(|n| format!("- {{name: api-{n}, data: [{{key: token, path: api/{n}}}]}}\n")).collect();
    let dir = tempfile::tempdir().unwrap();
    let store =
        "stores: [{name: aws, provider: aws, aws: {service: SecretsManager, region: eu-central-1}}]\n";
    fs::write(dir.path().join("keyloom.yaml"), format!("{store}externalSecrets:\n{many}")).unwrap();
    let mut command = command(dir.path(), &["render"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap()), (Some(0), String::new()));
}

#[test]
fn completions_and_schema_are_whole() {
    for shell in ["bash", "zsh", "fish"] {
        let script = run(&["completions", shell]).out;
        assert!(script.contains("kustomization"), "{shell}");
        // The types of connections, of `connection put --type`.
        assert!(script.contains("planetscale_mysql"), "{shell}");
    }
    for (args, file) in [
        (vec!["schema"], "keyloom.schema.json"),
        (vec!["schema", "document"], "keyloom.schema.json"),
        (vec!["schema", "connection"], "connection.schema.json"),
        (vec!["schema", "connections"], "connections.schema.json"),
    ] {
        let committed = format!("{}/../../schemas/{file}", env!("CARGO_MANIFEST_DIR"));
        assert!(run(&args).out == fs::read_to_string(committed).unwrap(), "{args:?} is the committed file");
    }
}

#[test]
fn every_verb_has_a_manual_page() {
    let dir = tempfile::tempdir().unwrap();
    let all = run_in(dir.path(), &["man", "--out", "man1"]);
    assert_eq!((all.code, all.out.as_str(), all.err.as_str()), (0, "", "man1: wrote 22 pages\n"));
    let check = run(&["man", "check"]).out;
    assert_eq!(fs::read_to_string(dir.path().join("man1/keyloom-check.1")).unwrap(), check);
    assert!(check.contains(".SH NAME\nkeyloom\\-check \\- Look for mistakes"), "{check}");
    assert!(check.contains("\n  keyloom check \\-\\-env prod \\-\\-manifests"), "{check}");
    for entry in fs::read_dir(dir.path().join("man1")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(text.contains(".TH keyloom"), "{text}");
        assert!(!text.contains(env!("CARGO_PKG_VERSION")), "the version is not in it: {text}");
    }
    let none = run(&["man", "chekc"]);
    assert!(none.code == 2 && none.err.contains("did you mean check?"), "{}", none.err);
    assert_eq!(run(&["man"]).out, fs::read_to_string(dir.path().join("man1/keyloom.1")).unwrap());
}

#[test]
fn init_writes_what_passes_and_never_overwrites() {
    let dir = tempfile::tempdir().unwrap();
    for provider in ["infisical", "vault", "aws"] {
        let name = format!("{provider}.yaml");
        assert_eq!(run_in(dir.path(), &["init", "--provider", provider, &name]).code, 0);
        let check = run_in(dir.path(), &["check", &name]);
        assert_eq!((check.code, check.out.as_str()), (0, ""), "{}", check.err);
    }
    assert_eq!(run_in(dir.path(), &["init", "deploy/shop/keyloom.yaml"]).code, 0);
    assert!(dir.path().join("deploy/shop/keyloom.yaml").is_file());
    fs::write(dir.path().join("keyloom.yaml"), "mine").unwrap();
    let again = run_in(dir.path(), &["init"]);
    assert!(again.code == 2 && again.err.contains("is there already"), "{}", again.err);
    assert_eq!(fs::read_to_string(dir.path().join("keyloom.yaml")).unwrap(), "mine");
}

#[cfg(unix)]
#[test]
fn names_of_files_cannot_move_the_cursor() {
    const EVIL: &str = "a\u{1b}[2J\u{9b}31m\n\u{7}.yaml";
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("good.yaml"), GOOD).unwrap();
    fs::write(dir.path().join("b\u{1b}c.yaml"), "").unwrap();
    let out = ["render", "good.yaml", "--out", EVIL];
    let mut lines = 0;
    for args in [
        &["check", EVIL][..],
        &["check", "b\u{9b}c.yaml"],
        &out,
        &out,
        &["init", EVIL],
        &["init", &format!("{EVIL}/x")],
        &["init", &format!("{EVIL}.1")],
        &["render", "good.yaml", "--out", &format!("{EVIL}.1")],
        &["render", "good.yaml", "--env", EVIL],
    ] {
        let run = run_in(dir.path(), args);
        let bad = run.err.chars().find(|c| c.is_control() && *c != '\n');
        assert!(bad.is_none() && !run.err.is_empty(), "{args:?}: {:?}", run.err);
        assert!(!run.err.contains("\n\u{fffd}.yaml"), "{args:?}: {:?}", run.err);
        lines += run.err.lines().count();
    }
    assert!(lines >= 9);
    // What stands in the way is named too.
    fs::write(dir.path().join(EVIL).join(".keyloom.json"), "{").unwrap();
    let refused = run_in(dir.path(), &out);
    assert_eq!((refused.code, refused.err.contains('\u{1b}')), (1, false));
}
