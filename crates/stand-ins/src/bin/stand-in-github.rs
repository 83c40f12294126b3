//! `stand-in-github FILE`: serves the names of secrets that a file holds; the address is the first line it prints.

use std::io::{self, Write};
use std::process::ExitCode;

use keyloom_stand_ins::github::{Github, State};
use keyloom_stand_ins::program::ended;

fn main() -> ExitCode {
    ended(run())
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("usage: stand-in-github FILE")?;
    let state: State = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    let github = Github::start(state)?;
    let mut out = io::stdout();
    writeln!(out, "{}", github.url())?;
    out.flush()?;
    // It serves until whoever started it ends it.
    loop {
        std::thread::park();
    }
}
