//! Pulumi's own engine and code generators, with Keyloom's package and plugin.

use crate::Result;
use crate::e2e::engines::{Engines, Pulumi};
use crate::e2e::keyloom::Keyloom;
use crate::e2e::options::Options;
use crate::e2e::report::Report;

mod arrive;
mod faults;
mod home;
mod infisical;
mod life;
mod pages;
mod plugins;
mod roads;
mod scene;
mod sdks;
mod secrets;
mod stack;

use home::Home;
use scene::Scene;

/// Runs every check.
pub(super) fn run(
    pulumi: &Pulumi,
    engines: &Engines,
    keyloom: &Keyloom,
    options: &Options,
    report: &mut Report,
) -> Result<()> {
    let home = Home::new(pulumi)?;
    let programs = sdks::run(pulumi, &home, options, report)?;
    if let Err(error) = plugins::install(&home) {
        return report.fail("pulumi plugins", &error.to_string());
    }
    let mut scene = Scene { home: &home, options, report };
    roads::run(pulumi, &programs, keyloom, &mut scene)?;
    pages::run(&mut scene)?;
    life::run(&mut scene)?;
    secrets::run(&mut scene)?;
    infisical::run(&mut scene)?;
    faults::run(pulumi, &mut scene)?;
    arrive::run(engines, keyloom, &mut scene)
}
