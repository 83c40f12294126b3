//! Terraform: what is rendered passes `keyloom validate`, and real Terraform with providers that know their schemas alone; and
//! the two agree about what is wrong with a configuration.
//!
//! Without Terraform on this machine our own checker still runs, and the rest is said to be skipped.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::codegen::terraform::rebuilt;
use crate::e2e::engines;
use crate::e2e::keyloom::Keyloom;
use crate::e2e::manifests::sorted;
use crate::e2e::options::Options;
use crate::e2e::report::Report;
use crate::{Result, root};

mod accepted;
mod changes;
mod command;

use command::Terraform;

/// A document that has something for Terraform, in one environment.
struct Case {
    title: String,
    args: Vec<String>,
}

/// Runs every check.
pub(super) fn run(keyloom: &Keyloom, options: &Options, report: &mut Report) -> Result<()> {
    let cache = crate::cache::dir()?;
    let scratch = tempfile::tempdir()?;
    let terraform = match Terraform::version() {
        Some(_) => {
            let provider = engines::terraform_provider(&root().join("e2e"), &cache)?;
            Some(Terraform::with(scratch.path(), &provider, &rebuilt()?)?)
        }
        None => None,
    };
    if options.selects("schemas") {
        schemas(terraform.as_ref(), report)?;
    }
    for case in cases()? {
        if options.selects(&case.title) {
            self::case(&case, keyloom, terraform.as_ref(), report)?;
        }
    }
    accepted::run(terraform.as_ref(), options, report)?;
    changes::run(keyloom, terraform.as_ref(), options, report)
}

/// The words for what cannot run here.
const SKIPPED: &str = "SKIPPED, terraform is not installed";

/// What Terraform prints of the providers is what is condensed.
fn schemas(terraform: Option<&Terraform>, report: &mut Report) -> Result<()> {
    let check = "terraform schemas";
    let Some(terraform) = terraform else { return report.not_run(check, SKIPPED) };
    let dir = tempfile::tempdir()?;
    let required: serde_json::Map<_, _> = rebuilt()?
        .iter()
        .filter_map(|(address, _)| {
            let name = address.rsplit('/').next()?;
            Some((name.to_owned(), serde_json::json!({"source": address})))
        })
        .collect();
    let main = serde_json::json!({"terraform": {"required_providers": required}});
    fs::write(dir.path().join("main.tf.json"), main.to_string())?;
    let printed: Value =
        serde_json::from_str(&terraform.output(dir.path(), &["providers", "schema", "-json"])?)?;
    let mut wrong = Vec::new();
    for (address, schema) in rebuilt()? {
        let mut printed = printed["provider_schemas"][&address].clone();
        without_prose(&mut printed);
        if printed != schema["provider_schemas"][&address] {
            wrong.push(format!("{address}: Terraform does not print what the provider was made of"));
        }
    }
    report.settle(check, &wrong)
}

/// Terraform says of each description that it is plain, though there is none.
fn without_prose(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, value| name != "description_kind" || !value.is_string());
            members.values_mut().for_each(without_prose);
        }
        Value::Array(items) => items.iter_mut().for_each(without_prose),
        _ => {}
    }
}

/// Every example with a golden for Terraform, and each environment that has one.
fn cases() -> Result<Vec<Case>> {
    let mut found = Vec::new();
    for folder in sorted(&root().join("examples"))?.into_iter().filter(|folder| folder.is_dir()) {
        for file in sorted(&folder)? {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let Some(middle) = name.strip_prefix("terraform").and_then(|rest| rest.strip_suffix(".json"))
            else {
                continue;
            };
            let title = folder.strip_prefix(root()).unwrap_or(&folder).display().to_string();
            let mut args = vec!["render".to_owned(), "--format".to_owned(), "terraform".to_owned()];
            let environment = middle.strip_prefix('.');
            args.extend(environment.iter().flat_map(|env| ["--env".to_owned(), (*env).to_owned()]));
            args.push(folder.join("keyloom.yaml").display().to_string());
            let environment = environment.map(|env| format!(" --env {env}")).unwrap_or_default();
            found.push(Case { title: format!("terraform {title}{environment}"), args });
        }
    }
    match found.is_empty() {
        true => Err("no example has a golden for Terraform".into()),
        false => Ok(found),
    }
}

/// Renders a document, and has the result looked at by us and by Terraform.
fn case(case: &Case, keyloom: &Keyloom, terraform: Option<&Terraform>, report: &mut Report) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let args: Vec<&str> = case.args.iter().map(String::as_str).collect();
    let text = keyloom.run(dir.path(), &args, &[0])?;
    fs::write(dir.path().join("main.tf.json"), &text)?;
    let found = findings(keyloom, dir.path())?;
    let errors: Vec<String> =
        found.iter().filter(|(severity, _)| severity == "error").map(|(_, words)| words.clone()).collect();
    report.settle(&format!("{}: keyloom validate", case.title), &errors)?;
    for verb in ["validate", "plan"] {
        let check = format!("{}: terraform {verb}", case.title);
        match terraform {
            None => report.not_run(&check, SKIPPED)?,
            Some(terraform) if verb == "validate" => {
                report.settle(&check, &terraform.validate(dir.path())?)?
            }
            Some(terraform) => report.settle(&check, &terraform.plan(dir.path(), &text)?)?,
        }
    }
    Ok(())
}

/// What `keyloom validate` says of a folder: severity, then code and message.
fn findings(keyloom: &Keyloom, dir: &Path) -> Result<Vec<(String, String)>> {
    let json = keyloom.run(dir, &["validate", ".", "--output", "json"], &[0, 1])?;
    let found: Value = serde_json::from_str(&json)?;
    let text = |one: &Value, name: &str| one[name].as_str().unwrap_or_default().to_owned();
    let line =
        |one: &Value| (text(one, "severity"), format!("{}: {}", text(one, "code"), text(one, "message")));
    Ok(found.as_array().into_iter().flatten().map(line).collect())
}
