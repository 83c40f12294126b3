//! The example of a workflow, as actionlint reads it.

use std::process::Command;

use crate::Result;
use crate::e2e::ci::said;
use crate::e2e::engines::Tools;
use crate::e2e::options::Options;
use crate::e2e::report::Report;

const WORKFLOW: &str = "examples/gitops/github/workflow.yaml";

pub(super) fn run(tools: &Tools, options: &Options, report: &mut Report) -> Result<()> {
    let check = format!("ci actionlint {WORKFLOW}");
    if !options.selects(&check) {
        return Ok(());
    }
    let mut command = Command::new(&tools.actionlint);
    // Scripts of other languages are checked with whatever happens to be installed; there are none.
    command.args(["-no-color", "-shellcheck=", "-pyflakes=", WORKFLOW]).current_dir(crate::root());
    let (code, words) = said(&mut command)?;
    report.settle(&check, if code == Some(0) { &[] } else { std::slice::from_ref(&words) })
}
