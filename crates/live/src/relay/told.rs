//! What the relay tells whoever runs it.

use std::fmt;
use std::net::SocketAddr;

use super::changed::Changed;
use super::failure::Failure;
use super::world::{Concerned, Target};

/// So many names are told, then how many there are besides.
const NAMED: usize = 10;

/// Something that happened. Its words are one line, with names of folders and objects and without any value.
#[derive(Debug)]
pub struct Told(pub(super) Kind);

/// What happened.
#[derive(Debug)]
pub(super) enum Kind {
    /// Webhooks can arrive.
    Listens(SocketAddr),
    /// The file of the keys cannot be read; those that were read before go on.
    KeysFailed(String),
    /// A change was looked up.
    Concerned(Changed, Concerned),
    /// The cluster cannot be looked at; it is tried again.
    LookFailed(Failure),
    /// The cluster was looked at, for the first time or since it could not be.
    Looked,
    /// A sync failed; it is tried again.
    SyncFailed(Target, Failure),
    /// A sync failed too often.
    GivenUp(Target, Failure),
    /// Somebody tries whether webhooks arrive.
    Test,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Listens(address) => write!(f, "listening on {address}"),
            Kind::KeysFailed(why) => write!(f, "error: {why}; the keys stay as they are"),
            Kind::Concerned(changed, Concerned { targets, deaf }) => {
                write!(f, "{changed} changed: ")?;
                match targets.len() {
                    0 => f.write_str("nothing reads it")?,
                    _ => names(f, "syncs ", targets.iter().map(ToString::to_string))?,
                }
                match deaf.is_empty() {
                    true => Ok(()),
                    false => names(
                        f,
                        "; never synced again: ",
                        deaf.iter().map(|(target, why)| format!("{target} ({why})")),
                    ),
                }
            }
            Kind::LookFailed(failure) => {
                write!(f, "error: cannot look at the cluster: {}; trying again", failure.words)
            }
            Kind::Looked => f.write_str("the cluster can be looked at"),
            Kind::SyncFailed(target, failure) => {
                write!(f, "error: {target}: {}; trying again", failure.words)
            }
            Kind::GivenUp(target, failure) => {
                write!(f, "error: {target}: {}; given up, its refreshInterval will see to it", failure.words)
            }
            Kind::Test => f.write_str("a test webhook arrived"),
        }
    }
}

fn names(
    f: &mut fmt::Formatter<'_>,
    before: &str,
    all: impl ExactSizeIterator<Item = String>,
) -> fmt::Result {
    let more = all.len().saturating_sub(NAMED);
    let named: Vec<String> = all.take(NAMED).collect();
    write!(f, "{before}{}", named.join(", "))?;
    match more {
        0 => Ok(()),
        more => write!(f, " and {more} more"),
    }
}
