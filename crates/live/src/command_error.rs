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
    /// It would get more than the system takes.
    #[error(
        "cannot run {0}: its arguments and its environment are more than this system takes; give it fewer connections or secrets"
    )]
    TooLarge(String),
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
            ErrorKind::ArgumentListTooLong => Self::TooLarge(name),
            _ => Self::Refused(name, error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_is_said_of_the_environment() {
        let error = CommandError::of(OsStr::new("true"), ErrorKind::ArgumentListTooLong.into());
        assert!(
            matches!(error, CommandError::TooLarge(_)) && error.to_string().contains("environment"),
            "{error}"
        );
    }
}
