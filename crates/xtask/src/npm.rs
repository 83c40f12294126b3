//! Packages of npm that chores read, as their lock files pin them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{Result, cache, root};

const PINS: [&str; 2] = ["package.json", "package-lock.json"];

/// Whether node and npm can be run.
pub(crate) fn is_there() -> Result<()> {
    for tool in ["node", "npm"] {
        let version = Command::new(tool).arg("--version").stdout(Stdio::null()).status();
        version.map_err(|error| format!("{tool} is missing: {error}"))?;
    }
    Ok(())
}

/// Installs what the lock file of a folder pins. No script of a package is run.
pub(crate) fn ci(dir: &Path) -> Result<()> {
    let status = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(dir)
        .stdout(Stdio::null())
        .status()?;
    if status.success() { Ok(()) } else { Err(format!("npm ci: {status}").into()) }
}

/// Where what a folder pins is installed, by this name in the cache.
pub(crate) fn installed(name: &str, folder: &str) -> Result<PathBuf> {
    let source = root().join(folder);
    let [package, lock] = PINS.map(|name| fs::read(source.join(name)));
    let key = cache::digest(&[&package?, &lock?]);
    cache::keyed(&cache::dir()?, name, &key, |new| {
        for name in PINS {
            fs::copy(source.join(name), new.join(name))?;
        }
        ci(new)
    })
}
