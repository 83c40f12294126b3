//! Programs that come from PyPI, each in an environment of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::{Result, cache as kept, say};

use super::output_of;

/// The environment with what `e2e/NAME` requires of Python. It cannot be moved, so its directory is built in place and
/// marked when done.
pub(super) fn install(name: &str, pins: &Path, cache: &Path) -> Result<PathBuf> {
    let requirements = pins.join(name).join("requirements.txt");
    let python = output_of(Command::new("python3").arg("--version"))
        .map_err(|error| format!("{error}; install Python 3 (Debian: python3 python3-venv)"))?;
    let key = kept::digest(&[&fs::read(&requirements)?, python.as_bytes()]);
    let dir = cache.join(format!("{}-{key}", name.replace('/', "-")));
    let done = dir.join("complete");
    if !done.exists() {
        say(&format!("installing {name} ..."))?;
        let start = Instant::now();
        output_of(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&dir))
            .map_err(|error| format!("{error}; install venv (Debian: python3-venv)"))?;
        let mut pip = Command::new(dir.join("bin/python"));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]);
        output_of(pip.arg(&requirements))?;
        fs::write(done, "")?;
        say(&format!("installed {name} in {} s", start.elapsed().as_secs()))?;
    }
    Ok(dir)
}
