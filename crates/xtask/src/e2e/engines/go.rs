//! Programs that Go builds, each from a module that pins it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::{Result, cache as kept, say};

use super::output_of;

/// A program of the module in `e2e/MODULE`.
pub(super) struct GoTool {
    /// What it is called in the cache.
    pub(super) name: &'static str,
    /// The folder of its module.
    pub(super) module: &'static str,
    /// The package, or the module's own, [`HERE`].
    pub(super) package: &'static str,
    /// Flags of the linker.
    pub(super) ld_flags: &'static str,
}

/// The package of a module that has a program of its own.
pub(super) const HERE: &str = ".";

impl GoTool {
    /// A program of the module named like itself, with no flags.
    pub(super) const fn new(name: &'static str, package: &'static str) -> Self {
        Self { name, module: name, package, ld_flags: "" }
    }
}

/// Builds a program unless the cache holds it.
pub(super) fn build(tool: &GoTool, pins: &Path, cache: &Path, go_version: &str) -> Result<PathBuf> {
    let module = pins.join(tool.module);
    let sources = if tool.package == HERE { sources(&module)? } else { Vec::new() };
    let mut inputs = vec![fs::read(module.join("go.mod"))?, fs::read(module.join("go.sum"))?];
    inputs.extend([go_version.into(), tool.ld_flags.into()]);
    inputs.extend(sources);
    let key = kept::digest(&inputs.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let dir = kept::keyed(cache, tool.name, &key, |new| {
        say(&format!("building {} ...", tool.name))?;
        let start = Instant::now();
        let output = new.join(tool.name);
        let status = go(&module)
            .args(["build", "-trimpath", "-buildvcs=false", "-ldflags", tool.ld_flags, "-o"])
            .arg(output)
            .arg(tool.package)
            .status()
            .map_err(no_go)?;
        if !status.success() {
            return Err(format!("building {} failed: {status}", tool.name).into());
        }
        say(&format!("built {} in {} s", tool.name, start.elapsed().as_secs()))
    })?;
    Ok(dir.join(tool.name))
}

/// The program's own files, by name.
fn sources(module: &Path) -> Result<Vec<Vec<u8>>> {
    let entries = fs::read_dir(module)?.collect::<std::io::Result<Vec<_>>>()?;
    let mut files: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "go"));
    files.sort();
    Ok(files.iter().map(fs::read).collect::<std::io::Result<_>>()?)
}

fn go(dir: &Path) -> Command {
    let mut command = Command::new("go");
    // The Go that is installed: its version is part of the key.
    command.current_dir(dir).env("GOTOOLCHAIN", "local").env("GOWORK", "off");
    command
}

/// What a command of Go prints in a folder.
pub(super) fn go_output(dir: &Path, args: &[&str]) -> Result<String> {
    output_of(go(dir).args(args)).map_err(|error| {
        format!("{error}; the engines are built with Go 1.26 or newer (go.dev/doc/install)").into()
    })
}

fn no_go(error: std::io::Error) -> String {
    format!("cannot run go ({error}); install Go 1.26 or newer")
}
