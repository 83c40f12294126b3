//! What others run keyloom with, or read of it, as they do it: kustomize, pre-commit, workflows of GitHub, SARIF.

use std::process::Command;

use crate::Result;
use crate::e2e::engines::Tools;
use crate::e2e::keyloom::Keyloom;
use crate::e2e::options::Options;
use crate::e2e::report::Report;

mod hooks;
mod kustomize;
mod sarif;
mod workflow;

/// Runs every check.
pub(super) fn run(tools: &Tools, keyloom: &Keyloom, options: &Options, report: &mut Report) -> Result<()> {
    kustomize::run(tools, keyloom, options, report)?;
    hooks::run(tools, keyloom, options, report)?;
    workflow::run(tools, options, report)?;
    sarif::run(keyloom, options, report)
}

/// What a command wrote to both its outputs, and its exit code.
fn said(command: &mut Command) -> Result<(Option<i32>, String)> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| format!("cannot run {program}: {error}"))?;
    let text = [output.stdout, output.stderr].concat();
    Ok((output.status.code(), String::from_utf8_lossy(&text).into_owned()))
}
