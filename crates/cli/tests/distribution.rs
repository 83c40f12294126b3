//! What others run keyloom with: the hooks of pre-commit, the action of GitHub, and the example that deployments point at.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

mod support;

use support::{cases, run_in};

fn root() -> PathBuf {
    fs::canonicalize(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).unwrap()
}

fn yaml(path: &str) -> Value {
    yaml_serde::from_str(&fs::read_to_string(root().join(path)).unwrap()).unwrap()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_else(|| panic!("no {key} in {value}"))
}

/// A folder with a declaration.
fn folder(case: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::copy(cases().join(case), dir.path().join("keyloom.yaml")).unwrap();
    dir
}

#[test]
fn hooks_of_pre_commit_run_what_they_say() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    for hook in hooks.as_array().unwrap() {
        // pre-commit puts the folder of this repository before the first word.
        assert_eq!(text(hook, "language"), "script");
        let mut words = text(hook, "entry").split(' ');
        let script = root().join(words.next().unwrap());
        let words: Vec<&str> = words.collect();
        let cases = match text(hook, "id") {
            "keyloom-check" => [("good.yaml", 0), ("two-methods.yaml", 1)],
            "keyloom-validate" => [("pods.yaml", 0), ("manifest.yaml", 1)],
            other => panic!("no cases for {other}"),
        };
        for (case, code) in cases {
            let dir = folder(case);
            let args = hook["args"].as_array().into_iter().flatten().map(|arg| arg.as_str().unwrap());
            let output = Command::new(&script)
                .args(&words)
                .args(args)
                .current_dir(dir.path())
                .env("KEYLOOM_BIN", env!("CARGO_BIN_EXE_keyloom"))
                .output()
                .unwrap();
            assert_eq!(output.status.code(), Some(code), "{hook}: {output:?}");
        }
    }
}

/// A `cargo` that writes down what it was asked for, and puts the built command where cargo would.
fn cargo(dir: &Path) -> String {
    let script = dir.join("bin/cargo");
    fs::create_dir_all(script.parent().unwrap()).unwrap();
    let text = format!(
        "#!/bin/sh\necho \"$@\" > '{0}/asked'\nwhile [ $# -gt 0 ]; do\ncase $1 in\n--target-dir) at=$2/release;;\n\
         --root) at=$2/bin;;\nesac\nshift\ndone\nmkdir -p \"$at\" && ln -sf '{1}' \"$at/keyloom\"\n",
        dir.display(),
        env!("CARGO_BIN_EXE_keyloom")
    );
    fs::write(&script, text).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    format!("{}:{}", script.parent().unwrap().display(), std::env::var("PATH").unwrap())
}

#[test]
fn what_is_not_there_is_built_with_the_lock_file() {
    let dir = folder("good.yaml");
    let path = cargo(dir.path());
    fs::create_dir(dir.path().join(".ci")).unwrap();
    for name in [".ci/keyloom", ".ci/action"] {
        fs::copy(root().join(name), dir.path().join(name)).unwrap();
    }
    let run = |script: &str| {
        let mut command = Command::new(dir.path().join(script));
        command.current_dir(dir.path()).env("PATH", &path).env_remove("KEYLOOM_BIN");
        command
    };
    let output = run(".ci/keyloom").args(["check", "keyloom.yaml"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let asked = || fs::read_to_string(dir.path().join("asked")).unwrap();
    assert!(asked().starts_with("build --release --locked "), "{}", asked());

    let mut versioned = run(".ci/action");
    versioned.env("INPUT_VERSION", "v1.2.3").env("INPUT_COMMAND", "check").env("INPUT_OUTPUT", "github");
    let output = versioned.env("RUNNER_TEMP", dir.path()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(asked().starts_with("install --locked ") && asked().contains(" --tag v1.2.3 "), "{}", asked());
}

/// Runs the steps of the action as a runner does.
fn action(dir: &Path, inputs: &[(&str, &str)]) -> (Output, String) {
    let action = yaml("action.yml");
    let given: BTreeMap<&str, &str> = inputs.iter().copied().collect();
    let input = |name: &str| match given.get(name) {
        Some(value) => (*value).to_owned(),
        None => text(&action["inputs"][name], "default").to_owned(),
    };
    assert!(given.keys().all(|name| !action["inputs"][name].is_null()), "{given:?}");
    let steps = action["runs"]["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 1);
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", text(&steps[0], "run")]);
    for (name, value) in steps[0]["env"].as_object().unwrap() {
        let of = value.as_str().unwrap();
        let of = of.strip_prefix("${{ inputs.").and_then(|rest| rest.strip_suffix(" }}")).unwrap();
        command.env(name, input(of));
    }
    let outputs = dir.join("github-output");
    command.env("GITHUB_ACTION_PATH", root()).env("GITHUB_OUTPUT", &outputs).env_remove("KEYLOOM_BIN");
    let output = command.current_dir(dir).output().unwrap();
    (output, fs::read_to_string(outputs).unwrap_or_default())
}

#[test]
fn the_action_annotates_and_writes_sarif() {
    let binary = ("binary", env!("CARGO_BIN_EXE_keyloom"));
    let dir = folder("two-methods.yaml");
    let (output, outputs) = action(dir.path(), &[binary, ("sarif", "out.sarif")]);
    let shown = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{shown}");
    assert!(shown.starts_with("::error file=keyloom.yaml,line="), "{shown}");
    assert_eq!(outputs, "sarif=out.sarif\n");
    let sarif = fs::read_to_string(dir.path().join("out.sarif")).unwrap();
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "two-auth-methods");

    let dir = folder("warned.yaml");
    assert_eq!(action(dir.path(), &[binary]).0.status.code(), Some(0));
    let (denied, outputs) = action(dir.path(), &[binary, ("args", "--deny-warnings --max-problems 1")]);
    assert_eq!((denied.status.code(), outputs.as_str()), (Some(1), ""));
}

#[test]
fn inputs_of_the_action_are_no_commands() {
    let dir = folder("good.yaml");
    let odd = "a b $(touch ran); touch ran.yaml";
    fs::rename(dir.path().join("keyloom.yaml"), dir.path().join(odd)).unwrap();
    let binary = ("binary", env!("CARGO_BIN_EXE_keyloom"));
    let (output, _) =
        action(dir.path(), &[binary, ("paths", &format!("\n{odd}\n")), ("args", "--color never")]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let (output, _) = action(dir.path(), &[binary, ("paths", odd), ("args", "$(touch ran) `touch ran`;")]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(!dir.path().join("ran").exists());
}

#[test]
fn the_workflow_of_the_example_says_what_the_action_knows() {
    let workflow = yaml("examples/gitops/github/workflow.yaml");
    let inputs = yaml("action.yml")["inputs"].clone();
    let steps = workflow["jobs"]["check"]["steps"].as_array().unwrap();
    let ours = steps.iter().find(|step| text(step, "uses").starts_with("keyloom/keyloom@")).unwrap();
    for name in ours["with"].as_object().unwrap().keys() {
        assert!(!inputs[name].is_null(), "{name}");
    }
}

#[test]
fn the_committed_tree_is_what_the_declaration_says() {
    let example = root().join("examples/gitops");
    let dir = tempfile::tempdir().unwrap();
    fs::copy(example.join("keyloom.yaml"), dir.path().join("keyloom.yaml")).unwrap();
    let args = ["render", "--env", "prod", "--out", "deploy/prod", "--kustomization"];
    let run = run_in(dir.path(), &args);
    assert_eq!(run.code, 0, "{}", run.err);
    let readme = fs::read_to_string(example.join("README.md")).unwrap();
    assert!(readme.contains(&format!("    keyloom {}\n", args.join(" "))));
    if std::env::var_os("UPDATE").is_some() {
        run_in(&example, &args);
    }
    assert_eq!(tree(&example.join("deploy")), tree(&dir.path().join("deploy")), "UPDATE=1 writes it anew");
}

/// Comments in the declaration are for `check`, and whatever else is there is passed over.
#[test]
fn the_committed_tree_is_validated_beside_the_declaration() {
    let dir = tempfile::tempdir().unwrap();
    fs::copy(root().join("examples/gitops/keyloom.yaml"), dir.path().join("keyloom.yaml")).unwrap();
    assert_eq!(run_in(dir.path(), &["render", "--out", "deploy"]).code, 0);
    let run = run_in(dir.path(), &["validate", ".", "--deny-warnings"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
    let run = run_in(&root().join("examples/gitops"), &["check", "--deny-warnings"]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{}", run.err);
}

/// Every file below a folder.
fn tree(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                files.insert(name, fs::read_to_string(path).unwrap());
            }
        }
    }
    files
}

#[test]
fn deployments_point_at_the_committed_tree() {
    let example = root().join("examples/gitops");
    let application = yaml("examples/gitops/argo-cd/application.yaml");
    let flux = fs::read_to_string(example.join("flux/kustomization.yaml")).unwrap();
    let flux: Value = yaml_serde::from_str(flux.split("---\n").last().unwrap()).unwrap();
    let paths = [text(&application["spec"]["source"], "path"), text(&flux["spec"], "path")];
    for path in paths {
        let kustomization = example.join(path).join("kustomization.yaml");
        let kustomization: Value = yaml_serde::from_str(&fs::read_to_string(kustomization).unwrap()).unwrap();
        for name in kustomization["resources"].as_array().unwrap() {
            assert!(example.join(path).join(name.as_str().unwrap()).is_file(), "{name}");
        }
    }
}
