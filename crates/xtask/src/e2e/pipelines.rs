//! Workflows of pipelines: linters read them, and their steps run as they are, against a stand-in for AWS.

use std::path::Path;

use crate::Result;
use crate::e2e::engines::Workflows;
use crate::e2e::keyloom::Keyloom;
use crate::e2e::moto::Moto;
use crate::e2e::options::Options;
use crate::e2e::report::Report;

mod lint;
mod runner;
mod spy;
mod values;

/// Runs every check.
pub(super) fn run(
    programs: &Workflows,
    moto: &Path,
    keyloom: &Keyloom,
    options: &Options,
    report: &mut Report,
) -> Result<()> {
    lint::run(programs, keyloom, options, report)?;
    let scratch = tempfile::tempdir()?;
    let moto = Moto::start(moto, scratch.path())?;
    values::run(programs, moto, keyloom, options, report)
}
