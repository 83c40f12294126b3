//! A machine with nothing of Pulumi but what is put there: its own home, its own store of state, its own programs.

use std::env;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::Result;
use crate::e2e::engines::Pulumi;
use crate::e2e::process::{Group, Said};

/// Longer than anything here should ever take.
const LIMIT: Duration = Duration::from_secs(120);

/// Where Pulumi is at home. Dropping it removes it.
#[derive(Debug)]
pub(super) struct Home {
    dir: TempDir,
}

impl Home {
    /// Prepares an empty one that knows the engine.
    pub(super) fn new(pulumi: &Pulumi) -> Result<Self> {
        let dir = tempfile::Builder::new().prefix("keyloom-pulumi-").tempdir()?;
        let home = Self { dir };
        for folder in ["bin", "home", "state"] {
            fs::create_dir(home.path().join(folder))?;
        }
        home.install(&pulumi.command)?;
        home.install(&pulumi.yaml)?;
        Ok(home)
    }

    /// Its folder.
    pub(super) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Where its programs are.
    pub(super) fn bin(&self) -> PathBuf {
        self.path().join("bin")
    }

    /// Puts a program on the path.
    pub(super) fn install(&self, program: &Path) -> Result<()> {
        let name = program.file_name().ok_or("a program has a name")?;
        Ok(symlink(program, self.bin().join(name))?)
    }

    /// A folder in it, made if need be.
    pub(super) fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.path().join(name);
        fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// A command that runs in this home and sees no other.
    pub(super) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        let foreign = |name: &str| name.starts_with("PULUMI_") || name == "KUBECONFIG";
        for name in env::vars_os().filter_map(|(name, _)| name.into_string().ok()).filter(|it| foreign(it)) {
            command.env_remove(name);
        }
        command
            .env("PATH", self.search_path())
            .env("PULUMI_HOME", self.path().join("home"))
            .env("PULUMI_BACKEND_URL", format!("file://{}", self.path().join("state").display()))
            .env("PULUMI_CONFIG_PASSPHRASE", "end-to-end")
            .env("PULUMI_SKIP_UPDATE_CHECK", "true")
            .env("PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION", "true")
            .env("PULUMI_DISABLE_REGISTRY_RESOLVE", "true")
            .env("NO_COLOR", "1")
            .current_dir(self.path());
        command
    }

    /// Pulumi's own command.
    pub(super) fn pulumi(&self, args: &[&str]) -> Command {
        let mut command = self.command(self.bin().join("pulumi"));
        command.args(args).args(["--non-interactive", "--color=never"]);
        command
    }

    fn search_path(&self) -> std::ffi::OsString {
        let mut path = self.bin().into_os_string();
        if let Some(others) = env::var_os("PATH") {
            path.push(":");
            path.push(others);
        }
        path
    }
}

/// Runs a command to its end.
pub(super) fn said(command: &mut Command) -> Result<Said> {
    Group::start(command)?.wait(LIMIT)
}

/// What a command that must succeed wrote to standard output.
pub(super) fn run(command: &mut Command) -> Result<String> {
    let said = said(command)?;
    match said.code {
        Some(0) => Ok(said.out),
        code => Err(format!("{command:?} ended with {code:?}:\n{}", said.all).into()),
    }
}
