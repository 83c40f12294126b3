//! What our own fixtures call right passes Terraform too.

use std::fs;
use std::path::{Path, PathBuf};

use super::{SKIPPED, Terraform};
use crate::e2e::manifests::sorted;
use crate::e2e::options::Options;
use crate::e2e::report::Report;
use crate::{Result, root};

/// Its resources are of a provider that is nowhere on this machine.
const OTHER_PROVIDERS: &str = "unknown-resource.tf.json";

/// Hands every accept fixture to `terraform validate`.
pub(super) fn run(terraform: Option<&Terraform>, options: &Options, report: &mut Report) -> Result<()> {
    let check = "terraform accept fixtures: terraform validate";
    if !options.selects(check) {
        return Ok(());
    }
    let Some(terraform) = terraform else { return report.not_run(check, SKIPPED) };
    let home = root().join("crates/foreign/tests/accept");
    let mut files = Vec::new();
    below(&home, &mut files)?;
    files.retain(|path| !path.ends_with(OTHER_PROVIDERS));
    if files.is_empty() {
        return Err(format!("{}: no fixture for Terraform", home.display()).into());
    }
    let mut wrong = Vec::new();
    for file in files {
        let dir = tempfile::tempdir()?;
        fs::copy(&file, dir.path().join("main.tf.json"))?;
        let name = file.strip_prefix(&home).unwrap_or(&file).display().to_string();
        wrong.extend(terraform.validate(dir.path())?.into_iter().map(|error| format!("{name}: {error}")));
    }
    report.settle(check, &wrong)
}

fn below(folder: &Path, to: &mut Vec<PathBuf>) -> Result<()> {
    for path in sorted(folder)? {
        if path.is_dir() {
            below(&path, to)?;
        } else if path.to_string_lossy().ends_with(".tf.json") {
            to.push(path);
        }
    }
    Ok(())
}
