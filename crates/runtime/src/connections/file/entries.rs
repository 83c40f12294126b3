//! What is in the file, what becomes of it when one is written, and what is wrong with it.

use std::io::ErrorKind;

use keyloom_connections::file::{Broken, Entries, LARGEST, SMALLER};
use serde::de::IgnoredAny;
use zeroize::Zeroizing;

use super::disk::LONGEST_WAIT;
use crate::connections::error::FailureKind;

/// What is wrong with a file; nothing of what is in it but names.
#[derive(Debug)]
pub(super) enum Fault {
    Missing,
    /// The folder that it is to be in is not there.
    NoFolder(String),
    Forbidden,
    Io(ErrorKind),
    NotAFile,
    /// A link that leads to a link, and so on.
    Links,
    /// Somebody else writes it, for a long time.
    Held,
    TooLarge,
    NotText,
    /// Everybody may read or write it: what is said of that.
    Open(String),
    /// It is no file of connections.
    Broken(Broken),
    Twice {
        name: String,
        line: usize,
    },
    /// What is to be written is not JSON.
    NewNotJson,
    /// The process is about to end.
    Ended,
}

/// The connections of a file, each of which stands there once.
///
/// # Errors
/// Where it is none, or a name stands there twice.
pub(super) fn parse(text: &str) -> Result<Entries<'_>, Fault> {
    let entries = Entries::parse(text).map_err(Fault::Broken)?;
    if let Some(twice) = entries.again().next() {
        let line = text[..entries.range(twice.key).start].matches('\n').count() + 1;
        return Err(Fault::Twice { name: twice.name.clone(), line });
    }
    Ok(entries)
}

/// The text of the file with another connection of this name; all else stays as it is.
pub(super) fn with(text: &str, name: &str, new: &str) -> Result<Zeroizing<String>, Fault> {
    let new = new.trim();
    if !is_json(new) {
        return Err(Fault::NewNotJson);
    }
    let entries = parse(text)?;
    let mut written = Zeroizing::new(String::with_capacity(text.len() + new.len() + name.len() * 2 + 64));
    let mut put = |parts: &[&str]| parts.iter().for_each(|part| written.push_str(part));
    if let Some(entry) = entries.get(name) {
        let there = entries.range(entry.text);
        put(&[&text[..there.start], new, &text[there.end..]]);
        return Ok(written);
    }
    let key = serde_json::to_string(name).unwrap_or_default();
    match entries.iter().next_back() {
        Some(last) => {
            let end = entries.range(last.text).end;
            put(&[&text[..end], ",\n  ", &key, ": ", new, &text[end..]]);
        }
        None => put(&["{\n  ", &key, ": ", new, "\n}\n"]),
    }
    Ok(written)
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

impl Fault {
    /// Its kind, why, and what to do. `file` is where it is, `variable` what says so.
    pub(super) fn words(self, file: &str, variable: &str) -> (FailureKind, String, String) {
        let wrong =
            |why: String, remedy: &str| (FailureKind::Settings, format!("{file}: {why}"), remedy.to_owned());
        match self {
            Self::Missing => (
                FailureKind::NotFound,
                format!("there is no file {file}"),
                format!("make it, or set {variable} to where it is"),
            ),
            Self::NoFolder(folder) => (
                FailureKind::Settings,
                format!("there is no folder {folder}, and nothing is written"),
                format!("make it, or set {variable} to where the file is to be"),
            ),
            Self::Forbidden => wrong("this process may not".to_owned(), "look at who owns it and its folder"),
            Self::Io(kind) => (
                FailureKind::Unavailable,
                format!("{file}: {kind}"),
                "look at the disk that it is on".to_owned(),
            ),
            Self::NotAFile => wrong("it is no file".to_owned(), "write the path of a file"),
            Self::Links => {
                wrong("it is a link that leads nowhere".to_owned(), "write the path of the file itself")
            }
            Self::Held => (
                FailureKind::Unavailable,
                format!("{file}: another process has been writing it for {} s", LONGEST_WAIT.as_secs()),
                "see whether one hangs, and write again".to_owned(),
            ),
            Self::TooLarge => wrong(format!("it is larger than {LARGEST} bytes"), SMALLER),
            Self::NotText => wrong("it is not UTF-8".to_owned(), "save it as UTF-8"),
            Self::Open(said) => {
                (FailureKind::Settings, format!("{file}: {said}"), format!("chmod 600 {file}"))
            }
            Self::Broken(broken) => wrong(broken.to_string(), broken.remedy()),
            Self::Twice { name, line } => wrong(
                format!("line {line}: `{name}` stands there for the second time"),
                "take one of them out",
            ),
            Self::NewNotJson => wrong(
                "what is to be written is not JSON".to_owned(),
                r#"write {"type": "TYPE", "details": {…}}"#,
            ),
            Self::Ended => (
                FailureKind::Unavailable,
                "the process is about to end".to_owned(),
                "start it again".to_owned(),
            ),
        }
    }
}
