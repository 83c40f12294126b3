//! `fake-infisical --state FILE [--port N]`: serves what a file holds; the address is the first line it prints, and each
//! request is a line on standard error.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use keyloom_fake_infisical::{Seed, serve};

const USAGE: &str = "usage: fake-infisical --state FILE [--port N]";

fn main() -> ExitCode {
    match run(std::env::args().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            let _ = writeln!(io::stderr(), "{words}");
            ExitCode::FAILURE
        }
    }
}

fn run(mut args: impl Iterator<Item = String>) -> Result<(), String> {
    let (mut state, mut port) = (None, 0);
    while let Some(arg) = args.next() {
        let value = args.next().ok_or(USAGE)?;
        match arg.as_str() {
            "--state" => state = Some(PathBuf::from(value)),
            "--port" => port = value.parse().map_err(|_| USAGE)?,
            _ => return Err(USAGE.to_owned()),
        }
    }
    let state = state.ok_or(USAGE)?;
    let named = |error: &dyn std::fmt::Display| format!("{}: {error}", state.display());
    let text = std::fs::read_to_string(&state).map_err(|error| named(&error))?;
    let seed = Seed::from_json(&text).map_err(|error| named(&error))?;
    let ready = |url: &str| {
        let mut out = io::stdout();
        writeln!(out, "{url}")?;
        out.flush()
    };
    serve(seed, port, ready).map_err(|error| error.to_string())
}
