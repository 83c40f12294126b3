//! The example of a rotation against a real PostgreSQL: no query fails while its password changes.

use std::ffi::OsString;
use std::process::Command;
use std::time::Duration;

use crate::e2e::options::Options;
use crate::e2e::postgres::{self, Database, Reach};
use crate::e2e::process::Group;
use crate::e2e::report::Report;
use crate::{Result, root, say};

/// To build the example, and to run it.
const EXAMPLE_LIMIT: Duration = Duration::from_secs(900);

/// Runs the example, and repeats what it counted.
pub(super) fn run(options: &Options, report: &mut Report) -> Result<()> {
    let check = "rotation of a database's password under load";
    if !options.selects(check) {
        return Ok(());
    }
    let Some(programs) = postgres::programs() else {
        return report.fail(check, postgres::MISSING);
    };
    let database = Database::start(&programs, Reach::Socket)?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.current_dir(root()).args(["run", "--quiet", "--package", "keyloom-example-rotation"]);
    database.tell(&mut command);
    let said = Group::start(&mut command)?.wait(EXAMPLE_LIMIT)?;
    for line in said.out.lines() {
        say(&format!("figure: {line}"))?;
    }
    if said.code == Some(0) { report.pass(check) } else { report.fail(check, &said.all) }
}
