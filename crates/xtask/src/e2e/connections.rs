//! Connections from a secrets backend, against a real PostgreSQL, a real OpenBao and moto.

mod aws;
mod bench;
mod openbao;
mod redis;
mod ssl_modes;
mod verbs;
mod web;
mod world;

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::e2e::options::Options;
use crate::e2e::postgres::{self, ADMINISTRATOR, DATABASE, Database, Reach};
use crate::e2e::process::Group;
use crate::e2e::report::Report;
use crate::{Result, root};

/// To build the example, and to run it.
const EXAMPLE_LIMIT: Duration = Duration::from_secs(900);

/// Runs the checks.
pub(super) fn run(
    moto: &Path,
    bao: &Path,
    search: Option<&Path>,
    options: &Options,
    report: &mut Report,
) -> Result<()> {
    application(options, report)?;
    if let Some(programs) = postgres::programs() {
        ssl_modes::run(&programs, options, report)?;
    }
    web::run(search, options, report)?;
    aws::run(moto, options, report)?;
    openbao::run(bao, options, report)
}

fn application(options: &Options, report: &mut Report) -> Result<()> {
    let check = "four connections of an application, one of which leads to PostgreSQL";
    if !options.selects(check) && !verbs::are_wanted(options) {
        return Ok(());
    }
    let Some(programs) = postgres::programs() else {
        return report.fail(check, postgres::MISSING);
    };
    let database = Database::start(&programs, Reach::Port)?;
    if options.selects(check) {
        example(check, &database, report)?;
    }
    verbs::run(&database, options, report)
}

/// The example reads all four, and PostgreSQL answers.
fn example(check: &str, database: &Database, report: &mut Report) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.current_dir(root()).args(["run", "--quiet", "--package", "keyloom-example-connections"]);
    database.tell(&mut command);
    let said = Group::start(&mut command)?.wait(EXAMPLE_LIMIT)?;
    let wanted = [
        format!("my-postgres: PostgreSQL answers {ADMINISTRATOR} in {DATABASE}.public: 42"),
        "my-snowflake: account my-account, warehouse my-warehouse".to_owned(),
        "my-bigquery: project my-gcp-project".to_owned(),
        "my-secret: 15 characters".to_owned(),
        "Infisical was asked 5 times".to_owned(),
        "a name that is none: connection 'my-postgre' not found in secrets backend 'infisical': failed to read secret from \
         Infisical: "
            .to_owned(),
    ];
    let lines: Vec<_> = said.out.lines().collect();
    let is_so = lines.len() == wanted.len()
        && wanted.iter().zip(&lines).all(|(wanted, line)| line.starts_with(wanted.as_str()));
    if said.code != Some(0) || !is_so {
        return report.fail(check, &said.all);
    }
    if said.all.contains(&database.password) {
        return report.fail(check, "the password of the database is in what the example says");
    }
    report.pass(check)
}
