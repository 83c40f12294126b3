//! Changes to a correct configuration, each with who catches it: Terraform must, or must not, and we always do.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{SKIPPED, Terraform, findings};
use crate::e2e::keyloom::Keyloom;
use crate::e2e::options::Options;
use crate::e2e::report::Report;
use crate::{Result, root};

/// Whoever catches these is Terraform with the schema, or the framework that real providers are written with, whose two
/// general checks our provider has.
const AT_VALIDATE: [&str; 2] = ["schema", "framework"];
/// Of the framework, our provider does not have this one: whole numbers are not in a schema.
const NOT_IN_SCHEMA: &str = "postgres: fraction as port";

/// Runs the table.
pub(super) fn run(
    keyloom: &Keyloom,
    terraform: Option<&Terraform>,
    options: &Options,
    report: &mut Report,
) -> Result<()> {
    let home = root().join("crates/foreign/tests/terraform");
    let base: Value = serde_json::from_str(&fs::read_to_string(home.join("base.tf.json"))?)?;
    let rows = fs::read_to_string(home.join("changes.jsonl"))?;
    let dir = tempfile::tempdir()?;
    let (mut own, mut theirs) = (Vec::new(), Vec::new());
    for row in rows.lines() {
        let row: Value = serde_json::from_str(row)?;
        let text = |name: &str| row[name].as_str().unwrap_or_default();
        if !options.selects(&format!("terraform changes {}", text("change"))) {
            continue;
        }
        write(dir.path(), &changed(&base, &row)?)?;
        let found = findings(keyloom, dir.path())?;
        if !found.iter().any(|(_, words)| words.starts_with(&format!("{}:", text("code")))) {
            own.push(format!("{}: keyloom says {found:?}", text("change")));
        }
        let Some(terraform) = terraform else { continue };
        let errors = terraform.validate(dir.path())?;
        let expected = AT_VALIDATE.contains(&text("caught_by")) && text("change") != NOT_IN_SCHEMA;
        if errors.is_empty() == expected {
            theirs.push(format!("{} ({}): terraform says {errors:?}", text("change"), text("caught_by")));
        }
    }
    report.settle("terraform changes: keyloom validate", &own)?;
    let check = "terraform changes: terraform validate";
    match terraform {
        Some(_) => report.settle(check, &theirs),
        None => report.not_run(check, SKIPPED),
    }
}

fn write(dir: &Path, value: &Value) -> Result<PathBuf> {
    let path = dir.join("main.tf.json");
    fs::write(&path, serde_json::to_string_pretty(value)?)?;
    Ok(path)
}

/// The base with a row's change.
fn changed(base: &Value, row: &Value) -> Result<Value> {
    let mut made = base.clone();
    let (parent, name) =
        row["at"].as_str().and_then(|at| at.rsplit_once('/')).ok_or("a change without a place")?;
    let members = made.pointer_mut(parent).and_then(Value::as_object_mut).ok_or(format!("no {parent}"))?;
    match row.get("value") {
        Some(value) => _ = members.insert(name.to_owned(), value.clone()),
        None => _ = members.shift_remove(name),
    }
    Ok(made)
}
