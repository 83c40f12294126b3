//! The peer: typed classes from npm, written by js-yaml; the nearest to Keyloom that can be run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::bench::process;
use crate::{Result, cache, npm, root};

const FILES: [&str; 3] = ["package.json", "package-lock.json", "peer.mjs"];

/// The installed peer.
#[derive(Debug)]
pub(super) struct Peer {
    dir: PathBuf,
}

/// Seconds that each part took in the peer.
#[derive(Debug, Deserialize)]
pub(super) struct Times {
    /// `new ExternalSecret(...)`.
    pub(super) build: f64,
    /// `.validate()`.
    pub(super) validate: f64,
    /// `yaml.dump`.
    pub(super) dump: f64,
}

impl Peer {
    /// Installs the peer into the cache, once for each lockfile.
    ///
    /// # Errors
    /// The reason why it cannot run here.
    pub(super) fn install() -> Result<Self> {
        npm::is_there()?;
        let source = root().join("e2e/bench");
        let contents = FILES.map(|name| fs::read(source.join(name)));
        let [package, lock, script] = contents;
        let key = cache::digest(&[&package?, &lock?, &script?]);
        let dir = cache::keyed(&cache::dir()?, "bench-peer", &key, |new| fill(&source, new))?;
        Ok(Self { dir })
    }

    /// The times of building, validating and dumping that many values. The manifests go to `out`.
    pub(super) fn values(&self, count: usize, out: Option<&Path>) -> Result<Times> {
        let mut command = self.command();
        command.args(["values", &count.to_string()]).args(out);
        Ok(serde_json::from_slice(&process::output(&mut command)?)?)
    }

    /// The command that reads a document and writes manifests.
    pub(super) fn document(&self, file: &Path) -> Command {
        let mut command = self.command();
        command.arg("document").arg(file);
        command
    }

    fn command(&self) -> Command {
        let mut command = Command::new("node");
        // Room for 100,000 objects; the peer must not spend its time on collecting garbage.
        command.arg("--max-old-space-size=8192").arg(self.dir.join("peer.mjs"));
        command
    }
}

fn fill(source: &Path, new: &Path) -> Result<()> {
    for name in FILES {
        fs::copy(source.join(name), new.join(name))?;
    }
    npm::ci(new)
}
