//! The parts of the command `keyloom`, apart from `main` so that tests reach them.
//!
//! Printing and files are all that happens here: rules live in `keyloom-models`, output forms in `keyloom-codegen`.
//! What was asked for goes to standard output (of `check` the findings), everything else to standard error.

mod args;
mod commands;
mod exit_code;
mod failure;
mod inputs;
mod io;
pub mod out;
mod report;
mod rewrite;

use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::process::ExitCode;

use args::Args;
use clap::{CommandFactory, Parser};

/// Where the project lives; links in what the command writes begin with it.
pub(crate) const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// The command that makes a keyloom with a feature that this one lacks.
#[cfg(not(all(feature = "live", feature = "pulumi")))]
pub(crate) fn install_with(feature: &str) -> String {
    format!("`cargo install --git {REPOSITORY} keyloom-cli --features {feature}`")
}

/// The address of a code's page. It stays: links in old reports lead there.
pub(crate) fn page_of(code: &str) -> String {
    format!("{REPOSITORY}/blob/main/{}", keyloom_codegen::code_pages::path(code))
}

/// Reads the command line, runs the verb, and answers with the exit code (see `keyloom --help`).
pub fn main() -> ExitCode {
    panic::set_hook(Box::new(say_where));
    let code = panic::catch_unwind(AssertUnwindSafe(|| {
        let args = match Args::try_parse() {
            Ok(args) => args,
            Err(error) => {
                let failed = error.print().is_err() || error.use_stderr();
                return if failed { usage() } else { exit_code::CLEAN };
            }
        };
        let mut io = io::Io::new(args.color);
        match commands::run(args.verb, &mut io) {
            Ok(code) => code,
            Err(failure) => {
                io.say(&format!("error: {failure}"));
                exit_code::USAGE
            }
        }
    }));
    ExitCode::from(code.unwrap_or(exit_code::INTERNAL))
}

/// The exit code of a wrong command line. Where a command was to be run, 2 may be its own answer.
fn usage() -> u8 {
    let matches = Args::command().ignore_errors(true).try_get_matches().ok();
    match matches.as_ref().and_then(|matches| matches.subcommand_name()) {
        Some("run") => exit_code::OURS,
        _ => exit_code::USAGE,
    }
}

/// A panic is a fault of ours. Its message may quote what was read, so only the place is told.
fn say_where(info: &PanicHookInfo<'_>) {
    use std::io::Write;
    let place = info.location().map(|at| format!(" at {}:{}", at.file(), at.line())).unwrap_or_default();
    let words =
        format!("error: keyloom stopped at a fault of its own{place}; please report it: {REPOSITORY}/issues");
    // Nothing can be done where even this cannot be said.
    let _ = writeln!(std::io::stderr(), "{words}");
}
