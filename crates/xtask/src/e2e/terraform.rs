//! Terraform: what is rendered passes `keyloom validate`, and real Terraform with providers that know their schemas alone; and
//! the two agree about what is wrong with a configuration.
//!
//! Without Terraform on this machine our own checker still runs, and the rest is said to be skipped.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

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
mod roles;
mod values;

use command::Terraform;

/// A document that has something for Terraform, in one environment.
#[derive(PartialEq)]
struct Case {
    title: String,
    /// Path of the document.
    document: PathBuf,
    environment: Option<String>,
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
            roles::run(&case, keyloom, report)?;
            values::run(&case, keyloom, terraform.as_ref(), report)?;
        }
    }
    accepted::run(terraform.as_ref(), options, report)?;
    changes::run(keyloom, terraform.as_ref(), options, report)
}

/// Whether Terraform is on this machine.
pub(super) fn is_installed() -> bool {
    Terraform::version().is_some()
}

/// Name of the file that a configuration is.
const MAIN: &str = "main.tf.json";
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
    fs::write(dir.path().join(MAIN), main.to_string())?;
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
    let mut found: Vec<Case> = Vec::new();
    for folder in sorted(&root().join("examples"))?.into_iter().filter(|folder| folder.is_dir()) {
        for file in sorted(&folder)? {
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            // `terraform-PIPELINE.ENV.json`: names of pipelines have no dot.
            let Some(name) = name.strip_prefix("terraform").and_then(|rest| rest.strip_suffix(".json"))
            else {
                continue;
            };
            let environment = name.split_once('.').map(|(_, environment)| environment.to_owned());
            let title = folder.strip_prefix(root()).unwrap_or(&folder).display().to_string();
            let with = environment.as_ref().map(|env| format!(" --env {env}")).unwrap_or_default();
            let title = format!("terraform {title}{with}");
            let case = Case { title, document: folder.join("keyloom.yaml"), environment };
            if !found.contains(&case) {
                found.push(case);
            }
        }
    }
    match found.is_empty() {
        true => Err("no example has a golden for Terraform".into()),
        false => Ok(found),
    }
}

impl Case {
    /// Renders the document into a directory, and lists the folders of its configurations below `terraform/`.
    fn render(&self, keyloom: &Keyloom, dir: &Path) -> Result<Vec<String>> {
        let document = self.document.display().to_string();
        let mut args = vec!["render", "--format", "terraform", "--out", ".", document.as_str()];
        args.extend(self.environment.iter().flat_map(|environment| ["--env", environment.as_str()]));
        keyloom.run(dir, &args, &[0])?;
        let home = dir.join("terraform");
        let mut found = Vec::new();
        for folder in sorted(&home)? {
            for folder in [folder.clone(), folder.join("bootstrap")] {
                if folder.join(MAIN).is_file() {
                    found.push(folder.strip_prefix(&home)?.display().to_string());
                }
            }
        }
        Ok(found)
    }
}

/// Renders a document, and has each configuration looked at by us and by Terraform.
fn case(case: &Case, keyloom: &Keyloom, terraform: Option<&Terraform>, report: &mut Report) -> Result<()> {
    let dir = tempfile::tempdir()?;
    for folder in case.render(keyloom, dir.path())? {
        let title = format!("{} {folder}", case.title);
        let home = dir.path().join("terraform").join(&folder);
        let found = findings(keyloom, &home)?;
        let errors: Vec<String> = found
            .iter()
            .filter(|(severity, _)| severity == "error")
            .map(|(_, words)| words.clone())
            .collect();
        report.settle(&format!("{title}: keyloom validate"), &errors)?;
        for verb in ["validate", "plan"] {
            let check = format!("{title}: terraform {verb}");
            match terraform {
                None => report.not_run(&check, SKIPPED)?,
                Some(terraform) if verb == "validate" => {
                    report.settle(&check, &terraform.validate(&home)?)?
                }
                Some(terraform) => report.settle(&check, &planned(terraform, &home)?)?,
            }
        }
    }
    Ok(())
}

/// What is wrong with a plan of a configuration.
fn planned(terraform: &Terraform, home: &Path) -> Result<Vec<String>> {
    let dir = stateless(home)?;
    let text = fs::read_to_string(dir.path().join(MAIN))?;
    terraform.plan(dir.path(), &text)
}

/// The configuration of a folder once more, with a state that is kept nowhere.
fn stateless(home: &Path) -> Result<TempDir> {
    let mut main: Value = serde_json::from_str(&fs::read_to_string(home.join(MAIN))?)?;
    if let Some(settings) = main["terraform"].as_object_mut() {
        settings.shift_remove("backend");
        settings.shift_remove("cloud");
    }
    let dir = tempfile::tempdir()?;
    fs::write(dir.path().join(MAIN), main.to_string())?;
    Ok(dir)
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
