//! Workflows of pipelines: linters read them, their steps run as they are, against a stand-in for AWS, and what they write arrives in a
//! cluster.

use std::path::Path;

use crate::Result;
use crate::e2e::engines::{Engines, Workflows};
use crate::e2e::keyloom::Keyloom;
use crate::e2e::moto::Moto;
use crate::e2e::options::Options;
use crate::e2e::report::Report;

mod arrival;
mod chain;
mod lint;
mod runner;
mod spy;
mod terraform;
mod values;

/// The programs that checks of pipelines run.
pub(super) struct World<'w> {
    /// Readers of workflows, and the AWS command.
    pub(super) programs: &'w Workflows,
    /// The cluster and its operator.
    pub(super) engines: &'w Engines,
    /// The stand-in for AWS.
    pub(super) moto: &'w Path,
    /// The command under test.
    pub(super) keyloom: &'w Keyloom,
}

/// Runs every check.
pub(super) fn run(world: &World<'_>, options: &Options, report: &mut Report) -> Result<()> {
    lint::run(world.programs, world.keyloom, options, report)?;
    let scratch = tempfile::tempdir()?;
    let moto = Moto::start(world.moto, scratch.path())?;
    values::run(world.programs, moto, world.keyloom, options, report)?;
    chain::run(world, options, report)
}
