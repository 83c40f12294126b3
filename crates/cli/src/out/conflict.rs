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
    #[error(
        "{}, the list of what keyloom wrote, cannot be used: {why}; restore it as it was, or delete it and render \
         again: files that differ are then findings until --force replaces them",
        .path.display()
    )]
    DamagedList {
        /// Path of the list.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The output directory, or one above it, is something else; nothing was written.
    #[error(
        "cannot write to {}: {} is not a directory{}; move it away, or name another --out",
        .dir.display(), .place.display(), if *.dangling { ", but a link that leads nowhere" } else { "" }
    )]
    NotADirectory {
        /// The output directory.
        dir: PathBuf,
        /// What is no directory: it, or one above it.
        place: PathBuf,
        /// Whether that is a link that leads nowhere.
        dangling: bool,
    },
    /// Another run writes into the directory, or was killed while it did; nothing was written.
    #[error(
        "{} is there: another run is writing, or one was killed; wait for it, or delete the file if there is none",
        .path.display()
    )]
    Locked {
        /// Path of the lock.
        path: PathBuf,
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
    OtherSet(
        /// Its files and environment, as a command line names them.
        String,
    ),
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
    /// A directory on the way is a link, or the file itself is one that leads out of the output directory.
    Link(
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
            Self::OtherSet(_) => "output-of-other-set",
            Self::OtherCase(_) | Self::TwoOutputs(_) => "output-name-clash",
            Self::Link(_) => "output-link",
            Self::AllGone(_) => "output-all-gone",
            Self::WrongKind => "output-not-a-file",
        }
    }

    /// Whether `--force` goes on in spite of it.
    pub fn yields_to_force(&self) -> bool {
        matches!(self, Self::Edited | Self::NotOurs | Self::OtherSet(_) | Self::AllGone(_))
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
            Reason::OtherSet(set) => {
                write!(f, "{path} belongs to {set}; use another --out, or take it over with --force")
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
            Reason::Link(link) if link == path => {
                write!(f, "{path} is a link that leads out of the directory; remove it")
            }
            Reason::Link(link) => {
                write!(
                    f,
                    "{path} is not written, for {link} is a link; put a directory in its place, or use another --out"
                )
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
