//! Why a command does not run.

use std::ffi::OsStr;
use std::io::{self, ErrorKind};

use thiserror::Error as ThisError;

/// Why a command does not run.
#[derive(Debug, ThisError)]
pub enum CommandError {
    /// There is none of this name.
    #[error("there is no command {0}")]
    Missing(String),
    /// The system refuses.
    #[error("cannot run {0}: {1}")]
    Refused(String, io::Error),
}

impl CommandError {
    /// What the system says of a program.
    pub(crate) fn of(program: &OsStr, error: io::Error) -> Self {
        let name = program.to_string_lossy().into_owned();
        match error.kind() {
            ErrorKind::NotFound => Self::Missing(name),
            _ => Self::Refused(name, error),
        }
    }
}
