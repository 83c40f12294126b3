//! Which keys a template reads, and which of them are not there.

use std::ops::Range;

use keyloom_syntax::suggest::suggest;

use super::fault::{Fault, FaultKind};
use super::{Given, Position};

/// The fetched keys that a template reads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// Keys that are named, in the order of the text.
    pub keys: Vec<Read>,
    /// Whether it may read any other: it goes through all of them, hands them on as a whole, or computes a name.
    pub all: bool,
}

/// One place that reads a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    /// The key.
    pub key: String,
    /// Where: bytes of the template's text.
    pub range: Range<usize>,
    /// By `index . "key"`, which gives empty text for a key that is not there, where `.key` fails.
    pub by_index: bool,
    /// Whether the template is ready for the key not to be there.
    pub guarded: bool,
}

/// Keys that are read and surely not there.
pub(super) fn check(reads: &Reads, given: &Given<'_>, faults: &mut Vec<Fault>) {
    if !given.keys.complete {
        return;
    }
    for read in reads.keys.iter().filter(|read| !given.keys.has(&read.key) && !read.guarded) {
        faults.push(missing(read, given));
    }
}

fn missing(read: &Read, given: &Given<'_>) -> Fault {
    let key = &read.key;
    let known = given.keys.known;
    let fault = match (read.by_index, given.position) {
        (_, Position::Transform) => {
            return Fault::error(
                FaultKind::UnknownKey,
                read.range.clone(),
                format!("`{key}` is not there: a rename sees one thing"),
            )
            .fix("write `.value`, which is the name of the key");
        }
        (false, _) => {
            let fault = Fault::error(
                FaultKind::UnknownKey,
                read.range.clone(),
                format!("the key `{key}` is not fetched"),
            );
            fault.why("a template that reads a key which is not there fails at every sync")
        }
        (true, _) => {
            let fault = Fault::warning(
                FaultKind::EmptyKey,
                read.range.clone(),
                format!("the key `{key}` is not fetched"),
            );
            fault.why("`index` gives empty text for a key that is not there, and says nothing")
        }
    };
    match suggest(key, known.iter().copied()) {
        Some(near) => fault.label(format!("did you mean `{near}`?")),
        None if known.is_empty() => fault.fix("fetch it"),
        None => fault.fix(format!("fetch it, or read one that is: {}", listed(known))),
    }
}

/// The first few keys.
fn listed(known: &[&str]) -> String {
    const SHOWN: usize = 5;
    let mut words: Vec<String> = known.iter().take(SHOWN).map(|key| format!("`{key}`")).collect();
    if known.len() > SHOWN {
        words.push("...".into());
    }
    words.join(", ")
}
