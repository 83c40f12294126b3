//! `stand-in-iam PIPELINE BOOTSTRAP DECLARED`: what the two configurations of a pipeline break of what its declaration
//! promises, a line each. It fails where they cannot be evaluated.

use std::io::{self, Write};
use std::process::ExitCode;

use keyloom_stand_ins::iam::pipeline::{Declared, broken};
use keyloom_stand_ins::program::ended;
use serde_json::Value;

fn main() -> ExitCode {
    ended(run())
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    let [pipeline, bootstrap, declared] = files.as_slice() else {
        return Err("usage: stand-in-iam PIPELINE BOOTSTRAP DECLARED".into());
    };
    let read = |file: &String| std::fs::read_to_string(file);
    let pipeline: Value = serde_json::from_str(&read(pipeline)?)?;
    let bootstrap: Value = serde_json::from_str(&read(bootstrap)?)?;
    let declared: Declared = serde_json::from_str(&read(declared)?)?;
    let mut out = io::stdout();
    for promise in broken(&pipeline, &bootstrap, &declared)? {
        writeln!(out, "{promise}")?;
    }
    Ok(())
}
