//! Connections in a file of a folder, and the command that reads them there.

use std::path::Path;
use std::process::{Command, Stdio};

use super::{Run, command, finished};

pub(crate) const POSTGRES: &str = r#"{"type": "postgres", "details": {"host": "127.0.0.1", "port": 1, "username": "it's me", "password": "canary $(id) '", "database": "shop"}}"#;
pub(crate) const CANARY: &str = "canary";

/// The command, with connections in a file of that folder and nothing else of the environment.
pub(crate) fn at(dir: &Path, args: &[&str]) -> Command {
    let mut command = command(dir, args);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("BRUIN_") || name.starts_with("KEYLOOM_CONNECTION") {
            command.env_remove(name);
        }
    }
    command.env("BRUIN_SECRETS_BACKEND", "file");
    command
}

pub(crate) fn run(dir: &Path, args: &[&str]) -> Run {
    finished(at(dir, args).stdin(Stdio::null()).output().unwrap())
}

pub(crate) fn put(dir: &Path, name: &str, text: &str, more: &[&str]) -> Run {
    let file = dir.join("given.json");
    std::fs::write(&file, text).unwrap();
    let run = run(dir, &[&["connection", "put", name, "--file", "given.json"], more].concat());
    std::fs::remove_file(file).unwrap();
    assert!(!run.err.contains(CANARY) && !run.out.contains(CANARY), "{}", run.err);
    run
}
