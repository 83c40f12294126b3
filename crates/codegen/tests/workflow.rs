//! Workflows: what stands in them, and what never does.
//!
//! `data/workflow/CASE.yml` is what the document `CASE.yaml` renders to. `UPDATE=1 cargo test -p keyloom-codegen --test
//! workflow` writes them anew: read the difference before you commit it.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use keyloom_codegen::workflow::{render, render_one};
use keyloom_codegen::{Format, files};
use keyloom_models::pipeline::Setting;
use keyloom_models::policy::OnConflict;
use keyloom_models::read::{Options, load};
use keyloom_resources::workflow::{Role, Step, Verb, Write};
use keyloom_resources::{ResourceSet, Workflow, synthesize};
use keyloom_syntax::Sources;
use proptest::prelude::*;
use regex::Regex;
use serde_json::{Value, json};

/// What GitHub reads of a file, and of one `run`.
const FILE_LIMIT: usize = 500 * 1024;
const RUN_LIMIT: usize = 20_000;

#[test]
fn documents_render_to_their_goldens() {
    for document in documents() {
        let golden = document.with_extension("yml");
        let text = rendered(&fs::read_to_string(&document).unwrap());
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&golden, &text).unwrap();
        }
        assert!(fs::read_to_string(&golden).unwrap() == text, "{} is another", golden.display());
    }
}

#[test]
fn what_a_workflow_may_is_exactly_this() {
    for (name, file) in read_all() {
        assert_eq!(file["permissions"], json!({}), "{name}");
        let jobs = file["jobs"].as_object().unwrap();
        assert_eq!(jobs.len(), 1, "{name}");
        let job = &jobs["secrets"];
        assert_eq!(job["permissions"], json!({"contents": "read", "id-token": "write"}), "{name}");
        let branch = file["on"]["push"]["branches"][0].as_str().unwrap();
        let here = job["if"].as_str().unwrap();
        let repository = here.strip_suffix(&format!(" && github.ref == 'refs/heads/{branch}'"));
        assert!(repository.is_some_and(|it| it.starts_with("github.repository == '")), "{name}: {here}");
        let triggers: Vec<_> = file["on"].as_object().unwrap().keys().collect();
        assert_eq!(triggers, ["workflow_dispatch", "workflow_call", "schedule", "push"], "{name}");
        assert_eq!(file["concurrency"]["cancel-in-progress"], false, "{name}");
    }
}

#[test]
fn actions_are_pinned_and_nothing_that_runs_holds_an_expression() {
    let pin = Regex::new("^[a-z-]+/[a-z-]+@[0-9a-f]{40}$").unwrap();
    for (name, file) in read_all() {
        for step in steps(&file) {
            match (step["uses"].as_str(), step["run"].as_str()) {
                (Some(uses), None) => assert!(pin.is_match(uses), "{name}: {uses}"),
                (None, Some(run)) => {
                    assert!(!run.contains("${{"), "{name}: {run}");
                    assert!(run.len() < RUN_LIMIT, "{name}: {run}");
                }
                other => panic!("{name}: {other:?}"),
            }
        }
    }
    let release = Regex::new(r" # v[0-9]+\.[0-9]+\.[0-9]+$").unwrap();
    for document in documents() {
        let text = rendered(&fs::read_to_string(document).unwrap());
        let mut pins = text.lines().filter(|line| line.contains("uses: "));
        assert!(pins.all(|line| release.is_match(line)));
    }
}

#[test]
fn a_value_is_in_the_step_that_needs_it_and_in_no_other() {
    for (name, file) in read_all() {
        let values: Vec<_> = steps(&file).iter().map(|step| (shown(step), settings(step))).collect();
        let expected: Vec<(&str, &[&str])> = match name.as_str() {
            "repository" => vec![
                ("RESEND_API_KEY", &["secrets.RESEND_API_KEY"]),
                ("STRIPE_KEY", &["secrets.STRIPE_LIVE_KEY"]),
                ("STRIPE_KEY_AGAIN", &["secrets.STRIPE_LIVE_KEY"]),
            ],
            "environment" => vec![
                ("Log in to AWS", &["secrets.AWS_ACTIONS_PROD_ROLE_ARN"]),
                ("Terraform init", &["secrets.TF_API_TOKEN"]),
                ("Terraform plan", &["secrets.TF_API_TOKEN"]),
                ("Terraform apply", &["secrets.TF_API_TOKEN"]),
                ("DATABASE_URL", &["secrets.DATABASE_URL"]),
            ],
            "write-only" => vec![
                ("Log in to AWS", &["vars.ROLE_ARN"]),
                ("Terraform init", &["secrets.TF_API_TOKEN"]),
                (
                    "Terraform plan",
                    &["secrets.DATABASE_URL", "secrets.MAIL_PASSWORD", "secrets.TF_API_TOKEN"],
                ),
                (
                    "Terraform apply",
                    &["secrets.DATABASE_URL", "secrets.MAIL_PASSWORD", "secrets.TF_API_TOKEN"],
                ),
            ],
            other => panic!("say what {other} hands to whom"),
        };
        let found: Vec<(&str, Vec<&str>)> = values
            .iter()
            .filter(|(_, values)| !values.is_empty())
            .map(|(step, values)| (step.as_str(), values.iter().map(String::as_str).collect()))
            .collect();
        let expected: Vec<_> = expected.into_iter().map(|(step, values)| (step, values.to_vec())).collect();
        assert_eq!(found, expected, "{name}");
        // What the first step asks of is all that is read later, and the job's own environment has no setting.
        let asked: BTreeSet<String> = questions(&steps(&file)[0]);
        let read: BTreeSet<String> = values.into_iter().flat_map(|(_, values)| values).collect();
        assert_eq!(asked, read, "{name}");
        let job = &file["jobs"]["secrets"];
        assert!(settings(&job["env"]).is_empty() && job.get("secrets").is_none(), "{name}");
    }
}

/// A here-document or a here-string is a file in some shells, and a redirection always may be one.
#[test]
fn the_script_that_has_a_value_writes_no_file() {
    let allowed = [
        "2>/dev/null",
        "2>&1",
        "3>&1",
        "3>&-",
        ">&3",
        "bytes > limit",
        "Settings > Environments > ",
        "Settings > Secrets and variables > Actions",
    ];
    for line in include_str!("../src/workflow/write_secret.sh").lines() {
        let rest = allowed.iter().fold(line.to_owned(), |rest, allowed| rest.replace(allowed, ""));
        assert!(rest.starts_with('#') || !rest.contains(['<', '>']), "{line}");
    }
}

#[test]
fn a_thousand_secrets_are_a_file_that_github_reads() {
    let secrets: String =
        (0..1000).map(|number| format!("  - APPLICATION_SERVICE_SECRET_{number:04}\n")).collect();
    let first = fs::read_to_string(home().join("repository.yaml")).unwrap();
    let (before, _) = first.split_once("  - RESEND").unwrap();
    // So many names are more than policies of one role hold.
    let before = before.replacen("aws: {", "aws: {policyScope: prefix, ", 1);
    let text = rendered(&format!("{before}{secrets}"));
    assert!(text.len() < FILE_LIMIT, "{} bytes", text.len());
    assert_eq!(steps(&read(&text)).len(), 1000 + 8);
}

#[test]
fn several_are_told_apart() {
    let texts = ["repository", "environment"]
        .map(|name| fs::read_to_string(home().join(name).with_extension("yaml")).unwrap());
    let both = format!("{}{}", texts[0], texts[1].replace("pipelines:\n", ""));
    let set = set(&both);
    let mut out = Vec::new();
    render(&set, &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    let written = files(&set, &[Format::Workflow], false).unwrap();
    let [first, second] = written.as_slice() else { panic!() };
    assert!(written.iter().all(|file| Format::Workflow.makes(&file.path)));
    let text = |file: &keyloom_codegen::File| String::from_utf8(file.contents.clone()).unwrap();
    assert_eq!(out, format!("# {}\n{}---\n# {}\n{}", first.path, text(first), second.path, text(second)));
}

#[test]
fn the_token_is_for_whom_the_role_trusts_it() {
    let said = |text: &str| steps(&read(&rendered(text)))[2]["with"]["audience"].clone();
    assert_eq!(said(include_str!("data/iam/china.yaml")), "sts.amazonaws.com.cn");
    assert_eq!(said(include_str!("data/iam/prefix.yaml")), "sts.amazonaws.com");
}

proptest! {
    #[test]
    fn whatever_names_are_they_stay_data(text in any::<String>(), other in "[ -~]{0,20}", name in "[A-Z][A-Z0-9_]{0,30}") {
        let step = Write { name: text.clone(), source: name.clone(), secret: other.clone(), property: text.clone() };
        let workflow = Workflow {
            pipeline: "shop".to_owned(),
            path: ".github/workflows/keyloom-shop.yml".to_owned(),
            repository: "a/b".to_owned(),
            folder: "terraform/shop".to_owned(),
            branch: "main".to_owned(),
            environment: Some(text.clone()),
            schedule: other.clone(),
            on_conflict: OnConflict::Keep,
            steps: vec![
                Step::Script,
                Step::Credentials { role: Role::Arn(text.clone()), account: other.clone(), region: other.clone(), audience: "sts.amazonaws.com" },
                Step::Terraform { verb: Verb::Plan, env: vec![("A".to_owned(), Setting::Secret(name.clone()))] },
                Step::Write(step),
            ],
        };
        let file = read(&String::from_utf8(render_one(&workflow).unwrap()).unwrap());
        let job = &file["jobs"]["secrets"];
        prop_assert_eq!(&job["environment"], &Value::from(text.as_str()));
        prop_assert_eq!(&file["on"]["schedule"][0]["cron"], &Value::from(other.as_str()));
        let steps = steps(&file);
        prop_assert_eq!(&steps[1]["with"]["role-to-assume"], &Value::from(text.as_str()));
        prop_assert_eq!(&steps[3]["name"], &Value::from(text.as_str()));
        prop_assert_eq!(&steps[3]["env"]["KEYLOOM_PROPERTY"], &Value::from(text.as_str()));
        prop_assert_eq!(&steps[3]["env"]["KEYLOOM_VALUE"], &Value::from(format!("${{{{ secrets.{name} }}}}")));
        let constant = read(&rendered(&fs::read_to_string(home().join("repository.yaml")).unwrap()));
        let constant: BTreeSet<_> = self::steps(&constant).iter().filter_map(|it| it["run"].as_str().map(str::to_owned)).collect();
        prop_assert!(steps.iter().filter_map(|it| it["run"].as_str()).all(|run| constant.contains(run)));
    }
}

fn home() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/workflow")
}

fn documents() -> Vec<PathBuf> {
    let entries = fs::read_dir(home()).unwrap().map(|entry| entry.unwrap().path());
    let mut documents: Vec<_> =
        entries.filter(|path| path.extension().is_some_and(|it| it == "yaml")).collect();
    documents.sort();
    assert!(!documents.is_empty());
    documents
}

fn set(text: &str) -> ResourceSet {
    let mut sources = Sources::new();
    sources.add("keyloom.yaml", text.to_owned()).unwrap();
    let outcome = load(&sources, &Options::default());
    synthesize(&outcome.config.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics)))
}

fn rendered(text: &str) -> String {
    let mut out = Vec::new();
    render(&set(text), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// As a reader of YAML 1.2 has it, to whom `on` is a word.
fn read(yaml: &str) -> Value {
    yaml_serde::from_str(yaml).unwrap_or_else(|error| panic!("{error}\n{yaml}"))
}

/// Each document's workflow, by the document's name.
fn read_all() -> Vec<(String, Value)> {
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    let file = |path: PathBuf| (name(&path), read(&rendered(&fs::read_to_string(&path).unwrap())));
    documents().into_iter().map(file).collect()
}

fn steps(file: &Value) -> Vec<Value> {
    file["jobs"]["secrets"]["steps"].as_array().unwrap().clone()
}

fn shown(step: &Value) -> String {
    step["name"].as_str().unwrap_or_default().to_owned()
}

/// The settings whose values are somewhere in it.
fn settings(value: &Value) -> BTreeSet<String> {
    matches(value, r"\$\{\{ ((?:secrets|vars)\.[A-Za-z0-9_]+) \}\}")
}

/// The settings that it only asks of.
fn questions(value: &Value) -> BTreeSet<String> {
    matches(value, r"\$\{\{ ((?:secrets|vars)\.[A-Za-z0-9_]+) != '' \}\}")
}

fn matches(value: &Value, pattern: &str) -> BTreeSet<String> {
    let text = value.to_string();
    Regex::new(pattern).unwrap().captures_iter(&text).map(|found| found[1].to_owned()).collect()
}
