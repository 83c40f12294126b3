//! Chores of this repository: generated files, and the rules that no compiler checks.
//!
//! `cargo xtask VERB ...`; every verb also runs as part of the tests as far as it can.

use std::io::Write;
use std::process::ExitCode;

mod bench;
mod cache;
mod codegen;
mod e2e;
mod npm;
mod tidy;

/// What a chore answers: findings are not errors, an error is a chore that could not be done.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// How a chore that ran to its end found things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// Nothing to complain about.
    Clean,
    /// It said what is wrong.
    Findings,
}

const USAGE: &str = "usage: cargo xtask VERB
  bench [validate|pulumi|plan|pipeline|live] [--quick] [--json FILE]
                                                     time and memory, beside peers
  codegen [--check]                                  every generated file whose input is at hand
  codegen eso --crds DIR [--eso VERSION] [--check]   condense the operator's CRDs
  codegen terraform --schemas DIR [--check]          condense the schemas of Terraform providers
  e2e [--only accept|refuse|sync|ci|pulumi|infisical|plan|terraform|pipelines] [--engines-only] [CASE...]
                                                     output against real engines
  tidy                                               walls between rooms, headers, orphan files, sizes
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match args.split_first() {
        Some((verb, rest)) => run(verb, rest),
        None => Err(USAGE.into()),
    };
    match outcome {
        Ok(Outcome::Clean) => ExitCode::SUCCESS,
        Ok(Outcome::Findings) => ExitCode::from(1),
        Err(error) => {
            // Standard error may be closed; there is then nobody left to tell.
            let _ = writeln!(std::io::stderr(), "xtask: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(verb: &str, args: &[String]) -> Result<Outcome> {
    match verb {
        "bench" => bench::run(args),
        "codegen" => codegen::run(args),
        "e2e" => e2e::run(args),
        "tidy" => tidy::run(args),
        _ => Err(USAGE.into()),
    }
}

/// The checkout's root folder.
fn root() -> std::path::PathBuf {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// One line on standard output.
fn say(line: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
