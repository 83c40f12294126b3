//! What `cargo xtask bench live` runs: reads a task as JSON from standard input, and writes what came of it.

use std::io;
use std::process::ExitCode;

use keyloom_stand_ins::events::measure;
use keyloom_stand_ins::program::ended;

fn main() -> ExitCode {
    ended(run())
}

fn run() -> io::Result<()> {
    let cost = measure(&serde_json::from_reader(io::stdin())?)?;
    serde_json::to_writer(io::stdout(), &cost)?;
    Ok(())
}
