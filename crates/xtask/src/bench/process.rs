//! A child process, its time and its memory.

use std::process::{Command, Stdio};
use std::time::Instant;

use wait4::Wait4;

use crate::Result;

/// What a process cost.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cost {
    /// Seconds from start to end.
    pub(super) wall: f64,
    /// Seconds of processor time, in its own code and in the kernel's.
    pub(super) cpu: f64,
    /// Most memory that was resident at one time, in bytes.
    pub(super) peak: f64,
}

/// Runs a command to its end, without output. One that fails is an error.
///
/// A child counts what its parent had resident when it was started, so the parent must stay small.
pub(super) fn run(command: &mut Command) -> Result<Cost> {
    let start = Instant::now();
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .map_err(|error| format!("{command:?}: {error}"))?;
    let end = child.wait4()?;
    let wall = start.elapsed().as_secs_f64();
    if !end.status.success() {
        return Err(format!("{command:?}: {}", end.status).into());
    }
    let cpu = (end.rusage.utime + end.rusage.stime).as_secs_f64();
    Ok(Cost { wall, cpu, peak: end.rusage.maxrss as f64 })
}

/// Runs a command and takes what it says.
pub(super) fn output(command: &mut Command) -> Result<Vec<u8>> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{command:?}: {}", output.status).into());
    }
    Ok(output.stdout)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_has_time_and_memory() {
        let cost = run(Command::new("sh").args(["-c", "sleep 0.02"])).unwrap();
        assert!(cost.wall >= 0.02, "{cost:?}");
        assert!(cost.cpu < cost.wall, "{cost:?}");
        assert!(cost.peak > 100_000.0, "bytes, not kilobytes: {cost:?}");
    }

    #[test]
    fn a_process_that_fails_is_an_error() {
        let error = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err().to_string();
        assert!(error.ends_with("exit status: 3"), "{error}");
    }
}
