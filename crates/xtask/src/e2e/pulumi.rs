//! Pulumi's own engine and code generators, with Keyloom's package and plugin.

use crate::Result;
use crate::e2e::engines::Pulumi;
use crate::e2e::options::Options;
use crate::e2e::report::Report;

mod home;
mod sdks;

use home::Home;

/// Runs every check.
pub(super) fn run(pulumi: &Pulumi, options: &Options, report: &mut Report) -> Result<()> {
    let home = Home::new(pulumi)?;
    sdks::run(pulumi, &home, options, report)
}
