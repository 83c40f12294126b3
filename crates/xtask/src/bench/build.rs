//! The programs that are measured, in release builds.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::bench::process;
use crate::{Result, root};

/// Where cargo put the programs.
#[derive(Clone, Debug)]
pub(super) struct Programs {
    keyloom: PathBuf,
    /// These chores themselves, for what is measured inside a process.
    pub(super) xtask: PathBuf,
}

impl Programs {
    /// Builds both.
    pub(super) fn build() -> Result<Self> {
        let built = release(&["keyloom-cli", "xtask"])?;
        Ok(Self { keyloom: built.find("keyloom")?, xtask: built.find("xtask")? })
    }

    /// The command that renders a document of any size.
    pub(super) fn render(&self, file: &Path) -> Command {
        let mut command = Command::new(&self.keyloom);
        command.args(["render", "--max-bytes", "1073741824"]).arg(file);
        command
    }

    /// The command that checks a file, or all files below a folder.
    pub(super) fn validate(&self, path: &Path) -> Command {
        let mut command = Command::new(&self.keyloom);
        command.args(["validate", "--deny-warnings"]).arg(path);
        command
    }
}

/// What cargo said of the programs that it built.
pub(super) struct Built(String);

/// Builds all programs of some packages.
pub(super) fn release(packages: &[&str]) -> Result<Built> {
    built(packages.iter().map(|package| format!("--package={package}")))
}

/// Builds some programs of a package.
pub(super) fn programs(package: &str, names: &[&str]) -> Result<Built> {
    let names = names.iter().map(|name| format!("--bin={name}"));
    built([format!("--package={package}")].into_iter().chain(names))
}

fn built(what: impl Iterator<Item = String>) -> Result<Built> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.current_dir(root()).args(["build", "--release", "--message-format=json-render-diagnostics"]);
    Ok(Built(String::from_utf8(process::output(command.args(what))?)?))
}

impl Built {
    /// Where the program is.
    pub(super) fn find(&self, name: &str) -> Result<PathBuf> {
        let found = self.0.lines().find_map(|message| executable(message, name));
        Ok(found.ok_or_else(|| format!("cargo named no {name}"))?)
    }
}

fn executable(message: &str, name: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let path = message.get("executable")?.as_str()?;
    (message["target"]["name"] == name).then(|| path.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_in_what_cargo_says() {
        let message =
            r#"{"reason":"compiler-artifact","target":{"name":"keyloom"},"executable":"a/keyloom"}"#;
        assert_eq!(executable(message, "keyloom"), Some("a/keyloom".into()));
        assert_eq!(executable(message, "xtask"), None);
        assert_eq!(executable(r#"{"target":{"name":"keyloom"},"executable":null}"#, "keyloom"), None);
    }
}
