//! Runs the built command, and compares what it says with files. `UPDATE=1 cargo test` writes the files anew.

#![allow(clippy::unwrap_used, clippy::panic, dead_code)] // helpers of tests stand outside of test functions

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

#[cfg(feature = "live")]
pub(crate) mod connections;

/// The folder of the documents that tests read.
pub(crate) fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// What a run came to.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// The command in a folder, with an environment that says nothing of colours or widths.
pub(crate) fn command(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keyloom"));
    command.current_dir(dir).args(args).env_remove("NO_COLOR").env("TERM", "xterm").env("COLUMNS", "100");
    command
}

/// Runs the command in a folder.
pub(crate) fn run_in(dir: &Path, args: &[&str]) -> Run {
    finished(command(dir, args).stdin(Stdio::null()).output().unwrap())
}

/// Runs the command among the cases.
pub(crate) fn run(args: &[&str]) -> Run {
    run_in(&cases(), args)
}

/// Runs the command among the cases, with a text on standard input.
pub(crate) fn run_with(args: &[&str], input: &str) -> Run {
    let mut command = command(&cases(), args);
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // Who is refused for its arguments may be gone before it has read.
    match child.stdin.take().unwrap().write_all(input.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => panic!("{error}"),
        _ => {}
    }
    finished(child.wait_with_output().unwrap())
}

pub(crate) fn finished(output: Output) -> Run {
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Compares a run with `tests/snapshots/NAME.txt`.
pub(crate) fn snapshot(name: &str, run: &Run) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/snapshots/{name}.txt"));
    let text =
        format!("exit code {}\n--- standard output\n{}--- standard error\n{}", run.code, run.out, run.err);
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, text).unwrap();
        return;
    }
    let stored = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(stored == text, "{name} differs; UPDATE=1 writes it anew. It is now:\n{text}");
}
