//! Terraform for pipelines: where values are, and where they are not.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use keyloom_codegen::terraform;
use keyloom_models::read::{Options, load};
use keyloom_resources::terraform::{Module, Terraform, aws};
use keyloom_resources::{ResourceSet, synthesize};
use keyloom_syntax::Sources;
use serde_json::{Value, json};

const EXAMPLE: &str = include_str!("../../../examples/pipeline/keyloom.yaml");

/// The configuration that the workflow of a document's one pipeline applies.
fn rendered(text: &str) -> Value {
    let mut sources = Sources::new();
    sources.add("keyloom.yaml", text.to_owned()).unwrap();
    let outcome = load(&sources, &Options::default());
    let set = synthesize(&outcome.config.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics)));
    let configurations = terraform::configurations(&set);
    let own = configurations.iter().find(|one| matches!(one.module(), Module::Pipeline(_))).unwrap();
    let mut text = Vec::new();
    own.render(&mut text).unwrap();
    serde_json::from_slice(&text).unwrap()
}

#[test]
fn where_the_workflow_writes_values_terraform_has_none() {
    let made = rendered(EXAMPLE);
    let types: Vec<_> = made["resource"].as_object().unwrap().keys().collect();
    assert_eq!(types, ["aws_secretsmanager_secret"]);
    assert!(made.get("variable").is_none() && made.get("data").is_none());
    assert_eq!(made["terraform"]["required_version"], ">= 1.10");
    assert!(!made.to_string().contains("force_overwrite"));
}

#[test]
fn where_terraform_writes_them_they_are_kept_nowhere() {
    let text = EXAMPLE.replace("    backend: {s3", "    values: writeOnly\n    backend: {s3");
    let made = rendered(&text);
    assert_eq!(made["terraform"]["required_version"], ">= 1.11");
    for (name, variable) in made["variable"].as_object().unwrap() {
        assert_eq!([&variable["ephemeral"], &variable["sensitive"]], [true, true], "{name}");
        assert!(variable.get("default").is_none(), "{name}");
        assert_eq!(variable["validation"][0]["condition"], format!("${{length(var.{name}) > 0}}"));
    }
    let versions = made["resource"]["aws_secretsmanager_secret_version"].as_object().unwrap();
    assert_eq!(
        versions["resend_api_key"],
        json!({
            "secret_id": "${aws_secretsmanager_secret.resend_api_key.id}",
            "secret_string_wo": "${jsonencode({\"RESEND_API_KEY\" = var.resend_api_key})}",
            "secret_string_wo_version": 1,
        })
    );
    // Outputs are ARNs and names.
    assert!(!made["output"].to_string().contains("var."));
}

#[test]
fn a_configuration_nobody_set_up_is_not_written() {
    let role = aws::Role {
        pipeline: "shop".to_owned(),
        label: "writer".to_owned(),
        name: "keyloom-shop".to_owned(),
        description: String::new(),
        trust: "trust".to_owned(),
        tags: Vec::new(),
    };
    let resources = vec![Terraform::Role(Box::new(role)).into()];
    let set = ResourceSet { resources, ..ResourceSet::default() };
    let error = terraform::configurations(&set)[0].render(&mut Vec::new()).unwrap_err();
    assert_eq!(error.to_string(), "no settings of shop/bootstrap");
}
