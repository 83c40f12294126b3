//! Why a verb could not do its work at all: exit code 2, and a line on standard error.

use std::path::PathBuf;

use thiserror::Error;

/// Why a verb could not do its work at all.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// A file cannot be read.
    #[error("cannot read {}: {source}{hint}", .path.display())]
    Read {
        /// The file as it was named.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
        /// What to do, beginning with `; `, or nothing.
        hint: String,
    },
    /// A file cannot be written.
    #[error("cannot write {}: {source}", .path.display())]
    Write {
        /// The file as it was named.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Standard output cannot be written; a reader that went away is not such a failure.
    #[error("cannot write to standard output: {0}")]
    Stdout(#[from] std::io::Error),
    /// Anything else that the command line asks for and cannot be done.
    #[error("{0}")]
    Usage(String),
}
