//! What can stand in the way.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why nothing, or not everything, was written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum OutError {
    /// Files or names stand in the way; nothing was written. A finding.
    #[error("{}", .0.iter().map(Conflict::to_string).collect::<Vec<_>>().join("\n"))]
    Conflicts(Vec<Conflict>),
    /// The list of written files cannot be understood, so that nothing is safe to touch; nothing was written.
    #[error("{}: {why}; restore it, or delete it and see with --force what is then replaced", .path.display())]
    DamagedList {
        /// Path of the list.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The system refuses.
    #[error("cannot {action} {}: {source}", .path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// With what.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
}

impl OutError {
    pub(super) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { action, path: path.to_owned(), source }
    }
}

/// One thing that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Conflict {
    /// Path below the output directory.
    pub path: String,
    /// What is wrong with it.
    pub reason: Reason,
}

/// What is wrong with a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Reason {
    /// A listed file was changed by somebody else; `--force` replaces it.
    Edited,
    /// A file stands there that is not listed; `--force` replaces it.
    NotOurs,
    /// Another document set writes this path; `--force` takes it over.
    OtherSet,
    /// Something of this name but other case stands there.
    OtherCase(
        /// The name that stands there.
        String,
    ),
    /// Two outputs have the same name, or names that differ in case alone.
    TwoOutputs(
        /// Path of the other output.
        String,
    ),
    /// A link on the way leads out of the output directory.
    LeadsOut(
        /// Path of the link.
        String,
    ),
    /// No file is made any more, and all that were written would be removed; `--force` removes them.
    AllGone(
        /// How many.
        usize,
    ),
    /// A directory stands where a file should, or the other way round.
    WrongKind,
}

impl Reason {
    /// The stable code of the finding.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Edited => "edited-output",
            Self::NotOurs => "foreign-output",
            Self::OtherSet => "output-of-other-set",
            Self::OtherCase(_) | Self::TwoOutputs(_) => "output-name-clash",
            Self::LeadsOut(_) => "output-link",
            Self::AllGone(_) => "output-all-gone",
            Self::WrongKind => "output-not-a-file",
        }
    }

    /// Whether `--force` goes on in spite of it.
    pub fn yields_to_force(&self) -> bool {
        matches!(self, Self::Edited | Self::NotOurs | Self::OtherSet | Self::AllGone(_))
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match &self.reason {
            Reason::Edited => {
                write!(
                    f,
                    "{path} was edited since it was written; move the change into the declaration, or use --force"
                )
            }
            Reason::NotOurs => {
                write!(f, "{path} is there already and was not written by keyloom; move it, or use --force")
            }
            Reason::OtherSet => {
                write!(
                    f,
                    "{path} is written from other documents or another --env; use another --out, or --force"
                )
            }
            Reason::OtherCase(name) => {
                write!(f, "{path} and {name}, which is there already, differ in case alone; remove {name}")
            }
            Reason::TwoOutputs(other) if other == path => {
                write!(f, "{path} would be written twice; rename one object")
            }
            Reason::TwoOutputs(other) => {
                write!(f, "{path} and {other} differ in case alone; rename one object")
            }
            Reason::LeadsOut(link) => {
                write!(f, "{path} is not written, for the link {link} leads out of the directory")
            }
            Reason::AllGone(count) => {
                let files = if *count == 1 { "the one file" } else { "all files" };
                write!(
                    f,
                    "the declaration makes no file, and {files} written before would be removed; name the right documents, or use --force"
                )
            }
            Reason::WrongKind => {
                write!(f, "{path} stands where there should be a file in a directory; remove it")
            }
        }
    }
}
