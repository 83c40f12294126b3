//! Typed values to text, measured inside one process: `cargo xtask bench` runs this in a release build.

use std::fs;
use std::time::Instant;

use keyloom_codegen::kubernetes;
use keyloom_resources::synthesize;
use serde::{Deserialize, Serialize};

use crate::bench::{corpus, twin};
use crate::{Outcome, Result, say};

/// Rounds within one process; what counts is their median.
const ROUNDS: usize = 5;

/// Seconds that each part took.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Times {
    /// Building the document through the public API.
    pub(super) build: f64,
    /// Document to config.
    pub(super) validate: f64,
    /// Config to resources.
    pub(super) synthesize: f64,
    /// Resources to YAML, into memory.
    pub(super) render: f64,
    /// The same values to JSON, by `serde_json::to_writer`, into memory.
    pub(super) serde_json: f64,
}

/// Measures, and says the times as JSON; writes the manifests to the file that is named second.
pub(super) fn run(args: &[String]) -> Result<Outcome> {
    let count: usize = args.first().ok_or("values wants a number")?.parse()?;
    let (times, yaml) = measure(count)?;
    if let Some(path) = args.get(1) {
        fs::write(path, yaml)?;
    }
    say(&serde_json::to_string(&times)?)?;
    Ok(Outcome::Clean)
}

fn measure(count: usize) -> Result<(Times, Vec<u8>)> {
    let (build, document) = timed(|| corpus::document(count));
    let (validate, config) = timed(|| document.validate());
    let config = config.map_err(|problems| format!("the corpus is not valid: {:?}", problems.first()))?;
    let (synthesize, set) = timed(|| synthesize(&config));
    let twins = twin::of(&set)?;
    let (mut yaml, mut json) = (Vec::new(), Vec::new());
    let (mut renders, mut serialisations) = (Vec::new(), Vec::new());
    // The first round makes room in memory, and does not count.
    for round in 0..=ROUNDS {
        yaml.clear();
        let (render, result) = timed(|| kubernetes::render(&set, &mut yaml));
        result?;
        json.clear();
        let (serialise, result) = timed(|| {
            twins.iter().try_for_each(|twin| {
                json.push(b'\n');
                serde_json::to_writer(&mut json, twin)
            })
        });
        result?;
        if round > 0 {
            renders.push(render);
            serialisations.push(serialise);
        }
    }
    let (render, serde_json) = (super::report::median(&renders), super::report::median(&serialisations));
    Ok((Times { build, validate, synthesize, render, serde_json }, yaml))
}

fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let result = work();
    (start.elapsed().as_secs_f64(), result)
}
