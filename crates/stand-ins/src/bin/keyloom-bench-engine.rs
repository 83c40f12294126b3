//! What `cargo xtask bench pulumi` runs: reads a task as JSON from standard input, and writes its cost.
//!
//! `{"command": [...], "token": "...", "inputs": {...}, "warm_up": 100, "count": 1000}`

use std::collections::BTreeMap;
use std::io;
use std::process::ExitCode;

use keyloom_stand_ins::engine::{Task, measure};
use keyloom_stand_ins::program::ended;
use serde::Deserialize;
use tokio::runtime::Builder;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    command: Vec<String>,
    token: String,
    inputs: BTreeMap<String, serde_json::Value>,
    warm_up: u32,
    count: u32,
}

fn main() -> ExitCode {
    ended(run())
}

fn run() -> io::Result<()> {
    let Written { command, token, inputs, warm_up, count } = serde_json::from_reader(io::stdin())?;
    let inputs = keyloom_stand_ins::engine::inputs(inputs);
    let task = Task { command, token, inputs, warm_up, count };
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let cost = runtime.block_on(measure(&task))?;
    serde_json::to_writer(io::stdout(), &cost)?;
    Ok(())
}
