//! Replicas of an application tell each other of changes through a real Redis: the runtime's own tests, which start one each.

use std::ffi::OsString;
use std::process::Command;
use std::time::Duration;

use crate::e2e::options::Options;
use crate::e2e::process::Group;
use crate::e2e::report::Report;
use crate::{Result, root, say};

/// To build the tests, and to run them.
const LIMIT: Duration = Duration::from_secs(900);

/// Runs the tests that need Redis, and repeats their figures.
pub(super) fn run(options: &Options, report: &mut Report) -> Result<()> {
    let check = "replicas through Redis";
    if !options.selects(check) {
        return Ok(());
    }
    if Command::new("redis-server").arg("--version").output().is_err() {
        return report.fail(check, "there is no redis-server; Debian's package redis-server has it");
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.current_dir(root()).args(["test", "--package", "keyloom-runtime", "--features", "redis"]);
    command.args(["--lib", "--test", "redis"]);
    let said = Group::start(&mut command)?.wait(LIMIT)?;
    for figure in said.out.lines().filter(|line| line.starts_with("figure: ")) {
        say(figure)?;
    }
    if said.code == Some(0) { report.pass(check) } else { report.fail(check, &said.all) }
}
