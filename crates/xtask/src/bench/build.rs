//! The programs that are measured, in release builds.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let output =
            process::output(Command::new(cargo).current_dir(root()).stderr(Stdio::inherit()).args([
                "build",
                "--release",
                "--package=keyloom-cli",
                "--package=xtask",
                "--message-format=json-render-diagnostics",
            ]))?;
        let messages = String::from_utf8(output)?;
        let find = |name: &str| messages.lines().find_map(|message| executable(message, name));
        Ok(Self {
            keyloom: find("keyloom").ok_or("cargo named no keyloom")?,
            xtask: find("xtask").ok_or("cargo named no xtask")?,
        })
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
