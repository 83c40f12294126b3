//! What is in the file: names with the JSON of each, in their order and where they stand.

use std::collections::BTreeSet;
use std::io::ErrorKind;

use serde::Deserialize;
use serde::de::IgnoredAny;
use zeroize::Zeroizing;

use super::disk::{LIMIT, LONGEST_WAIT};
use crate::connections::error::FailureKind;

/// There editors look for the schema of the file.
pub(super) const SCHEMA: &str = "$schema";

/// The connections of a file.
pub(super) struct Entries<'a>(Vec<Entry<'a>>);

/// One of them.
pub(super) struct Entry<'a> {
    name: String,
    /// Its JSON, as it stands there.
    pub(super) text: &'a str,
}

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
    /// Everybody may read or write it.
    Open {
        mode: u32,
    },
    NotJson {
        line: usize,
        column: usize,
        /// The connection that it is in.
        within: Option<String>,
    },
    NotAnObject,
    Twice {
        name: String,
        line: usize,
    },
    /// What is to be written is not JSON.
    NewNotJson,
    /// The process is about to end.
    Ended,
}

impl<'a> Entries<'a> {
    pub(super) fn parse(text: &'a str) -> Result<Self, Fault> {
        let mut reading = Reading { text, at: 0, within: None };
        let Some(entries) = reading.object() else {
            let whole = text.trim_start_matches('\u{feff}');
            return Err(match serde_json::from_str::<IgnoredAny>(whole) {
                Ok(_) => Fault::NotAnObject,
                Err(error) => {
                    Fault::NotJson { line: error.line(), column: error.column(), within: reading.within }
                }
            });
        };
        let mut names = BTreeSet::new();
        for entry in &entries {
            if !names.insert(&entry.name) {
                let line = text[..offset(text, entry.text)].matches('\n').count() + 1;
                return Err(Fault::Twice { name: entry.name.clone(), line });
            }
        }
        Ok(Self(entries))
    }

    pub(super) fn get(&self, name: &str) -> Option<&Entry<'a>> {
        self.0.iter().find(|entry| entry.name == name)
    }

    /// Names of connections.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|entry| entry.name.as_str()).filter(|name| *name != SCHEMA)
    }
}

/// The text of the file with another connection of this name; all else stays as it is.
pub(super) fn with(text: &str, name: &str, new: &str) -> Result<Zeroizing<String>, Fault> {
    let new = new.trim();
    if !is_json(new) {
        return Err(Fault::NewNotJson);
    }
    let entries = Entries::parse(text)?;
    let mut written = Zeroizing::new(String::with_capacity(text.len() + new.len() + name.len() * 2 + 64));
    let mut put = |parts: &[&str]| parts.iter().for_each(|part| written.push_str(part));
    if let Some(entry) = entries.get(name) {
        let start = offset(text, entry.text);
        put(&[&text[..start], new, &text[start + entry.text.len()..]]);
        return Ok(written);
    }
    let key = serde_json::to_string(name).unwrap_or_default();
    match entries.0.last() {
        Some(last) => {
            let end = offset(text, last.text) + last.text.len();
            put(&[&text[..end], ",\n  ", &key, ": ", new, &text[end..]]);
        }
        None => put(&["{\n  ", &key, ": ", new, "\n}\n"]),
    }
    Ok(written)
}

/// Where a part of a text begins.
fn offset(text: &str, part: &str) -> usize {
    part.as_ptr() as usize - text.as_ptr() as usize
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// How far a file was read, and in which connection that is.
struct Reading<'a> {
    text: &'a str,
    at: usize,
    within: Option<String>,
}

/// Each is none where something else stands there; what that is, serde says of the whole.
impl<'a> Reading<'a> {
    fn object(&mut self) -> Option<Vec<Entry<'a>>> {
        self.skip("\u{feff}");
        self.skip("{")?;
        let mut entries = Vec::new();
        if self.skip("}").is_none() {
            loop {
                let name = self.value::<String>()?.0;
                self.within = Some(name.clone());
                self.skip(":")?;
                let text = self.value::<IgnoredAny>()?.1;
                self.within = None;
                entries.push(Entry { name, text });
                if self.skip(",").is_none() {
                    break;
                }
            }
            self.skip("}")?;
        }
        self.rest().is_empty().then_some(entries)
    }

    /// A value, and where it stands.
    fn value<T: Deserialize<'a>>(&mut self) -> Option<(T, &'a str)> {
        let rest = self.rest();
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<T>();
        let value = values.next()?.ok()?;
        let length = values.byte_offset();
        self.at += length;
        Some((value, &rest[..length]))
    }

    fn skip(&mut self, mark: &str) -> Option<()> {
        self.rest().strip_prefix(mark)?;
        self.at += mark.len();
        Some(())
    }

    /// What follows, behind the space of JSON.
    fn rest(&mut self) -> &'a str {
        let rest = self.text[self.at..].trim_start_matches([' ', '\t', '\r', '\n']);
        self.at = self.text.len() - rest.len();
        rest
    }
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
            Self::TooLarge => {
                wrong(format!("it is larger than {LIMIT} bytes"), "keep nothing but connections in it")
            }
            Self::NotText => wrong("it is not UTF-8".to_owned(), "save it as UTF-8"),
            Self::Open { mode } => (
                FailureKind::Settings,
                format!("{file}: everybody on this machine may read or write it (mode {mode:03o})"),
                format!("chmod 600 {file}"),
            ),
            Self::NotJson { line, column, within } => {
                let within = within.map(|name| format!(" in `{name}`")).unwrap_or_default();
                wrong(
                    format!("line {line}, column {column}{within}: this is not JSON"),
                    "look there for a comma, quotation mark or brace that is missing or too many",
                )
            }
            Self::NotAnObject => wrong(
                "it is no object of connections".to_owned(),
                r#"write {"NAME": {"type": "TYPE", "details": {…}}}"#,
            ),
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
