//! One measurement at several sizes, in a release build, each size in a process of its own.

use std::process::Command;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::bench::{build, process};
use crate::{Outcome, Result, say};

/// What `bench WORD SIZE` of this program says of each size.
pub(super) fn measure<T: DeserializeOwned>(word: &str, sizes: &[usize]) -> Result<Vec<(usize, T)>> {
    let program = build::release(&["xtask"])?.find("xtask")?;
    let times = sizes.iter().map(|size| {
        let output = process::output(Command::new(&program).args(["bench", word, &size.to_string()]))?;
        Ok((*size, serde_json::from_slice(&output)?))
    });
    times.collect()
}

/// Measures the size of the arguments in this process, and says the times as JSON.
pub(super) fn run<T: Serialize>(
    word: &str,
    args: &[String],
    times: fn(usize) -> Result<T>,
) -> Result<Outcome> {
    let size = args.first().ok_or_else(|| format!("{word} wants a number"))?.parse()?;
    say(&serde_json::to_string(&times(size)?)?)?;
    Ok(Outcome::Clean)
}
