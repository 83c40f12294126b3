//! The roles that a pipeline's configurations make, evaluated by a program that does as IAM documents.

use std::fs;
use std::path::Path;
use std::process::Command;

use keyloom_models::config::pipeline::Pipeline;
use keyloom_models::read::{Environment, Options as Reading, load};
use keyloom_syntax::Sources;
use serde_json::{Value, json};

use super::{Case, MAIN};
use crate::Result;
use crate::e2e::keyloom::{Keyloom, executables};
use crate::e2e::report::Report;

/// Asks of each pipeline of the document what its roles may do.
pub(super) fn run(case: &Case, keyloom: &Keyloom, report: &mut Report) -> Result<()> {
    let mut sources = Sources::new();
    sources.add("keyloom.yaml", fs::read_to_string(&case.document)?)?;
    let environment = case.environment.clone().map_or(Environment::Base, Environment::Named);
    let outcome = load(&sources, &Reading { environment, ..Reading::default() });
    let config = outcome.config.ok_or_else(|| format!("{}: not valid", case.document.display()))?;
    if config.pipelines().is_empty() {
        return Ok(());
    }
    let dir = tempfile::tempdir()?;
    case.render(keyloom, dir.path())?;
    let judge = executables(&["--package", "keyloom-stand-ins", "--bin", "stand-in-iam"])?;
    let judge = judge.first().ok_or("cargo named no binary")?;
    for pipeline in config.pipelines() {
        let broken = broken(judge, dir.path(), pipeline)?;
        report.settle(&format!("{} {}: roles in IAM", case.title, pipeline.name), &broken)?;
    }
    Ok(())
}

/// What is not as declared, of the configurations below a directory.
fn broken(judge: &Path, dir: &Path, pipeline: &Pipeline) -> Result<Vec<String>> {
    let home = dir.join("terraform").join(&pipeline.name);
    let declared = dir.join("declared.json");
    fs::write(&declared, declaration(pipeline).to_string())?;
    let files = [home.join(MAIN), home.join("bootstrap").join(MAIN), declared];
    let judged = Command::new(judge).args(files).output()?;
    if !judged.status.success() {
        return Ok(vec![String::from_utf8_lossy(&judged.stderr).into_owned()]);
    }
    Ok(String::from_utf8(judged.stdout)?.lines().map(str::to_owned).collect())
}

fn declaration(pipeline: &Pipeline) -> Value {
    let github = &pipeline.github;
    json!({
        "repository": github.in_subjects(),
        "workflow": pipeline.trusted_workflow(),
        "branch": github.branch,
        "environment": github.environment,
        "prefix": pipeline.aws.policy_prefix,
        "reader": pipeline.reader_role,
    })
}
