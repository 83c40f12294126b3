//! The command under test.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::Result;
use crate::e2e::manifests::{self, Manifest};
use crate::e2e::versions::Version;

/// The code of fields that the chosen version does not know yet.
const NEWER: &str = "[newer-than-eso]";

/// The built binary.
#[derive(Clone, Debug)]
pub(super) struct Keyloom(PathBuf);

/// What `render` did.
#[derive(Debug)]
pub(super) enum Rendered {
    /// Manifests.
    Manifests(Vec<Manifest>),
    /// It refused, and only for fields that this version does not have.
    NewerThanVersion,
    /// It refused; its words.
    Refused(String),
}

/// Builds the command and finds where cargo put it.
pub(super) fn build() -> Result<Keyloom> {
    let built = executables(&["--package", "keyloom-cli"])?;
    Ok(Keyloom(built.into_iter().next().ok_or("cargo named no binary")?))
}

/// Builds what these arguments of `cargo build` name, and finds where cargo put its programs.
pub(super) fn executables(args: &[&str]) -> Result<Vec<PathBuf>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let output = Command::new(cargo)
        .current_dir(crate::root())
        .args(["build", "--message-format=json-render-diagnostics"])
        .args(args)
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("cargo build {} failed", args.join(" ")).into());
    }
    Ok(String::from_utf8(output.stdout)?.lines().filter_map(executable).collect())
}

fn executable(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    Some(message.get("executable")?.as_str()?.into())
}

impl Keyloom {
    /// The binary.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// What a run in a folder writes to standard output, if it ends with this code.
    pub(super) fn run(&self, dir: &Path, args: &[&str], code: &[i32]) -> Result<String> {
        let output = Command::new(&self.0).args(args).current_dir(dir).env("NO_COLOR", "1").output()?;
        match output.status.code() {
            Some(ended) if code.contains(&ended) => Ok(String::from_utf8(output.stdout)?),
            _ => {
                let words = String::from_utf8_lossy(&output.stderr).into_owned();
                Err(format!("keyloom {}: {}\n{words}", args.join(" "), output.status).into())
            }
        }
    }

    /// `keyloom render --eso VERSION [--env ENV] FILE`.
    pub(super) fn render(&self, version: Version, env: Option<&str>, file: &Path) -> Result<Rendered> {
        let output = Command::new(&self.0)
            .args(["render", "--eso", &version.to_string()])
            .args(env.map(|env| ["--env", env]).into_iter().flatten())
            .arg(file)
            .env("NO_COLOR", "1")
            .output()?;
        let text = String::from_utf8(output.stdout)?;
        if output.status.success() {
            return Ok(Rendered::Manifests(manifests::parse(&text)?));
        }
        let words = format!("{text}{}", String::from_utf8_lossy(&output.stderr));
        Ok(match only_newer(&words) {
            true => Rendered::NewerThanVersion,
            false => Rendered::Refused(format!("render: {}\n{words}", output.status)),
        })
    }
}

/// Whether every error is about a field that the version does not have.
fn only_newer(words: &str) -> bool {
    let mut errors = words.lines().filter(|line| line.starts_with("error")).peekable();
    errors.peek().is_some() && errors.all(|line| line.contains(NEWER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_other_error_is_enough() {
        assert!(only_newer("error[newer-than-eso]: a\n  --> x\nwarning[b]: c\n"));
        assert!(!only_newer("error[newer-than-eso]: a\nerror[bad-name]: b\n"));
        assert!(!only_newer("warning[newer-than-eso]: a\n"));
    }
}
