//! The policies of pipelines, evaluated as rendered: each declared name for the writer and the reader, and nothing beside it.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::collections::{BTreeMap, BTreeSet};

use keyloom_codegen::terraform;
use keyloom_models::Config;
use keyloom_models::config::pipeline::Pipeline;
use keyloom_models::read::{Options, load};
use keyloom_resources::synthesize;
use keyloom_stand_ins::iam::pipeline::{Declared, broken};
use keyloom_syntax::Sources;
use serde_json::Value;

fn config(text: &str) -> Config {
    let mut sources = Sources::new();
    sources.add("keyloom.yaml", text.to_owned()).unwrap();
    let outcome = load(&sources, &Options::default());
    outcome.config.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics))
}

/// The configurations, by their folders.
fn rendered(config: &Config) -> BTreeMap<String, Value> {
    let set = synthesize(config);
    let one = |configuration: &terraform::Configuration<'_>| {
        let mut text = Vec::new();
        configuration.render(&mut text).unwrap();
        (configuration.module().folder(), serde_json::from_slice(&text).unwrap())
    };
    terraform::configurations(&set).iter().map(one).collect()
}

fn declared(pipeline: &Pipeline) -> Declared {
    let github = &pipeline.github;
    Declared {
        repository: github.in_subjects(),
        workflow: pipeline.trusted_workflow(),
        branch: github.branch.clone(),
        environment: github.environment.clone(),
        prefix: pipeline.aws.policy_prefix.clone(),
        reader: pipeline.reader_role.clone(),
    }
}

/// What is broken of the pipelines of a document, after the bootstrap configurations are changed.
fn judged(text: &str, change: impl Fn(String) -> String) -> Vec<String> {
    let config = config(text);
    let all = rendered(&config);
    let of = |pipeline: &Pipeline| {
        let bootstrap = change(all[&format!("{}/bootstrap", pipeline.name)].to_string());
        let bootstrap = serde_json::from_str(&bootstrap).unwrap();
        broken(&all[&pipeline.name], &bootstrap, &declared(pipeline)).unwrap()
    };
    config.pipelines().iter().flat_map(of).collect()
}

const EXAMPLE: &str = include_str!("../../../examples/pipeline/keyloom.yaml");
/// Every kind of pipeline whose roles are asked.
const DOCUMENTS: [&str; 5] = [
    EXAMPLE,
    include_str!("../../../examples/all-of-pipelines/keyloom.yaml"),
    include_str!("data/iam/china.yaml"),
    include_str!("data/iam/prefix.yaml"),
    include_str!("data/iam/apart.yaml"),
];

#[test]
fn roles_may_what_is_declared_and_nothing_else() {
    for text in DOCUMENTS {
        assert_eq!(judged(text, |same| same), [""; 0], "{text}");
    }
}

#[test]
fn many_names_are_cut_into_policies_that_iam_takes() {
    let names: String = (0..120).map(|number| format!("  - SERVICE_{number}_TOKEN\n")).collect();
    let text = include_str!("data/iam/many.yaml").to_owned() + &names;
    let bootstrap = &rendered(&config(&text))["shop/bootstrap"];
    let policies = bootstrap["resource"]["aws_iam_policy"].as_object().unwrap();
    assert_eq!(policies.keys().collect::<Vec<_>>(), ["writer_1", "writer_2", "reader_1", "reader_2"]);
    assert_eq!(judged(&text, |same| same), [""; 0]);
}

#[test]
fn what_would_be_wrong_is_seen() {
    for (from, to, words) in [
        // Names with a slash, and a pattern with a hyphen.
        ("lornu-ai/resend-api-key-??????", "lornu-ai-*", "resend-api-key-AbC1d2 is NotAllowed"),
        ("resend-api-key-??????", "resend-api-key-*", "resend-api-key-2-AbC1d2 is Allowed"),
        ("us-east-2:123456789012:secret", "*:123456789012:secret", "xx-other-1:123456789012"),
        ("123456789012:secret", "*:secret", "999999999999"),
        ("secretsmanager:UpdateSecret\"", "iam:*\"", "iam:PassRole"),
        (
            "keyloom/lornu-ai\"]},{\"sid\":\"LockState",
            "keyloom/*\"]},{\"sid\":\"LockState",
            "keyloom/lornu-ai.bootstrap is Allowed",
        ),
        (
            "\"test\":\"StringEquals\",\"variable\":\"token.actions.githubusercontent.com:sub\",\"values\":[\"repo:lornu-ai/lornu-ai:ref:refs/heads/main",
            "\"test\":\"StringLike\",\"variable\":\"token.actions.githubusercontent.com:sub\",\"values\":[\"repo:lornu-ai/lornu-ai:*",
            ":pull_request",
        ),
        (
            "keyloom-lornu-ai.yml@",
            "*@",
            "keyloom-lornu-ai.yml@refs/heads/main for sts.amazonaws.com is NotAllowed",
        ),
        ("\"external-secrets\"", "\"another\"", "another role"),
    ] {
        let change = |text: String| {
            assert!(text.contains(from), "{from} in {text}");
            text.replace(from, to)
        };
        let broken = judged(EXAMPLE, change);
        assert!(broken.iter().any(|one| one.contains(words)), "{from} to {to}: {broken:#?}");
    }
}

#[test]
fn every_right_is_needed() {
    for text in DOCUMENTS {
        let config = config(text);
        let all = rendered(&config);
        for pipeline in config.pipelines() {
            let bootstrap = &all[&format!("{}/bootstrap", pipeline.name)];
            for (place, right) in rights(bootstrap) {
                let mut less = bootstrap.clone();
                let actions = less.pointer_mut(&place).and_then(Value::as_array_mut).unwrap();
                actions.retain(|action| *action != right);
                // No statement is without an action.
                actions.push("none:None".into());
                let broken = broken(&all[&pipeline.name], &less, &declared(pipeline)).unwrap();
                assert!(!broken.is_empty(), "{place} of {} without {right}", pipeline.name);
            }
        }
    }
}

/// The lists of actions of a configuration, as pointers, with each of their actions.
fn rights(bootstrap: &Value) -> Vec<(String, Value)> {
    let documents = bootstrap["data"]["aws_iam_policy_document"].as_object().unwrap();
    let mut found = Vec::new();
    for (label, document) in documents {
        for (at, statement) in document["statement"].as_array().unwrap().iter().enumerate() {
            let place = format!("/data/aws_iam_policy_document/{label}/statement/{at}/actions");
            found.extend(
                statement["actions"].as_array().unwrap().iter().map(|it| (place.clone(), it.clone())),
            );
        }
    }
    found
}

#[test]
fn environments_of_one_account_have_policies_of_their_own() {
    let names = |text: &str| -> BTreeSet<String> {
        let bootstrap = &rendered(&config(text))["lornu-ai/bootstrap"];
        let policies = bootstrap["resource"]["aws_iam_policy"].as_object().unwrap();
        policies.values().map(|policy| policy["name"].as_str().unwrap().to_owned()).collect()
    };
    let staging =
        EXAMPLE.replace("prefix: lornu-ai/", "prefix: staging/\n    writerRoleName: keyloom-staging");
    let (own, staging) = (names(EXAMPLE), names(&staging));
    assert!(
        own.contains("keyloom-lornu-ai-writer-1") && own.contains("keyloom-lornu-ai-reader-1"),
        "{own:?}"
    );
    assert!(staging.contains("keyloom-staging-reader-1"), "{staging:?}");
    assert!(own.is_disjoint(&staging), "{own:?} {staging:?}");
}
