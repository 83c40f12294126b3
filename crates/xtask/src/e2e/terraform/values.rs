//! Values that Terraform writes: none that is empty is taken, and no plan holds one.

use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{Case, MAIN, SKIPPED, Terraform, stateless};
use crate::Result;
use crate::e2e::keyloom::Keyloom;
use crate::e2e::report::Report;

/// What stands for every value.
const CANARY: &str = "canary-6b1f2c93";

/// Plans each configuration of the document that has variables, with values and without.
pub(super) fn run(
    case: &Case,
    keyloom: &Keyloom,
    terraform: Option<&Terraform>,
    report: &mut Report,
) -> Result<()> {
    let dir = tempfile::tempdir()?;
    for folder in case.render(keyloom, dir.path())? {
        let home = dir.path().join("terraform").join(&folder);
        let main: Value = serde_json::from_str(&fs::read_to_string(home.join(MAIN))?)?;
        // Infisical's credentials are in its state, as its provider wants it, and `check` says so.
        if folder == "infisical" || main.get("variable").is_none() {
            continue;
        }
        let check = format!("{} {folder}: values in a plan", case.title);
        match terraform {
            None => report.not_run(&check, SKIPPED)?,
            Some(terraform) => report.settle(&check, &wrong(terraform, stateless(&home)?.path())?)?,
        }
    }
    Ok(())
}

fn wrong(terraform: &Terraform, home: &Path) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for (value, words) in [(Some(""), "is missing or empty"), (None, "No value for required variable")] {
        let (planned, said) = terraform.plan_to(home, "empty.tfplan", value)?;
        if planned || !said.contains(words) {
            wrong.push(format!(
                "with {value:?} for every value, a plan is not refused by \"{words}\"\n{said}"
            ));
        }
    }
    let (planned, mut said) = terraform.plan_to(home, "value.tfplan", Some(CANARY))?;
    if !planned {
        wrong.push(format!("no plan with values\n{said}"));
        return Ok(wrong);
    }
    said.push_str(&terraform.output(home, &["show", "-json", "value.tfplan"])?);
    if said.contains(CANARY) {
        wrong.push("a plan holds a value".to_owned());
    }
    Ok(wrong)
}
