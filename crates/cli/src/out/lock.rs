//! One run at a time changes a directory.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use super::OutError;

/// Name of the file that is in the output directory while a run changes it. It is empty.
const LOCK: &str = ".keyloom.lock";

/// The right to change a directory, until it is dropped.
pub(super) struct Lock {
    path: PathBuf,
}

impl Lock {
    /// Takes the lock of a directory that exists. Who comes second is told at once and does not wait: nobody could say
    /// for how long, for a run that was killed leaves its lock behind.
    pub(super) fn take(dir: &Path) -> Result<Self, OutError> {
        let path = dir.join(LOCK);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(_) => Ok(Self { path }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(OutError::Locked { path }),
            Err(error) => Err(OutError::io("write", &path, error)),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Where it cannot be removed, the next run says so.
        let _ = fs::remove_file(&self.path);
    }
}
