//! A folder for a server that is not to run as the administrator of a machine.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::Result;

/// Nobody, and their group.
const NOBODY: u32 = 65534;

/// A folder that goes when this does. Whoever runs the checks as the administrator hands it over to nobody.
pub(super) struct Lodging {
    dir: TempDir,
    as_nobody: bool,
}

impl Lodging {
    pub(super) fn new() -> Result<Self> {
        let dir = tempfile::Builder::new().prefix("keyloom-e2e-").tempdir()?;
        fs::set_permissions(dir.path(), Permissions::from_mode(0o755))?;
        let as_nobody = dir.path().metadata()?.uid() == 0;
        Ok(Self { dir, as_nobody })
    }

    pub(super) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// The folder, and these in it, belong to whoever [`Lodging::command`] runs as.
    pub(super) fn hand_over(&self, inside: &[&Path]) -> Result<()> {
        if self.as_nobody {
            for path in [self.path()].iter().chain(inside) {
                chown(path, Some(NOBODY), Some(NOBODY))?;
            }
        }
        Ok(())
    }

    /// A program that is at home there.
    pub(super) fn command(&self, program: impl AsRef<Path>) -> Command {
        let mut command = Command::new(program.as_ref());
        command.current_dir(self.path());
        if self.as_nobody {
            command.uid(NOBODY).gid(NOBODY);
        }
        command
    }
}
