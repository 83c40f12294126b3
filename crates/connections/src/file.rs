//! A file of connections: names with the JSON of each, in their order and where they stand.
//!
//! One reader for whoever takes connections out of such a file and for whoever checks it: neither knows a text that the other refuses.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::check::{self, may_show};
use crate::json::{CONNECTIONS, Stop, half_a_character, stop, without_mark};
use crate::shape::Found;
use crate::value::Value;

/// There editors look for the schema of the file; it is no connection.
pub const SCHEMA: &str = "$schema";

/// The variable that says where the file is.
pub const VARIABLE: &str = "KEYLOOM_CONNECTIONS_FILE";

/// Where it is when nobody says it: in the working directory.
pub const DEFAULT: &str = "connections.json";

/// A larger file, in bytes, is none of connections.
pub const LARGEST: u64 = 4 * 1024 * 1024;

/// What to do about a larger one.
pub const SMALLER: &str = "keep nothing but connections in it";

/// What is said of a file with this mode that more than its owner and its group may read or write.
///
/// ```
/// use keyloom_connections::file::open_to_all;
/// assert!(open_to_all(0o100_644).is_some_and(|said| said.ends_with("(mode 644)")));
/// assert_eq!(open_to_all(0o100_640), None);
/// ```
pub fn open_to_all(mode: u32) -> Option<String> {
    let said = || format!("everybody on this machine may read or write it (mode {:03o})", mode & 0o777);
    (mode & 0o006 != 0).then(said)
}

/// The entries of an object of JSON, such as a file of connections, as they stand there. Its `Debug` shows their names.
pub struct Entries<'a> {
    text: &'a str,
    all: Vec<Entry<'a>>,
}

/// One of them. Its `Debug` shows its name.
pub struct Entry<'a> {
    /// Its name.
    pub name: String,
    /// Its name as it stands there, with the quotes.
    pub key: &'a str,
    /// Its JSON, as it stands there; whether all in it is one, whoever reads it says.
    pub text: &'a str,
}

/// Why a text is no file of connections; nothing of what is in it but names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broken {
    /// It is no JSON.
    NotJson {
        /// Where it stops, and why.
        stop: Stop,
        /// The entry that this is in.
        within: Option<String>,
    },
    /// It is JSON, but no object.
    NotAnObject {
        /// What it is.
        found: Found,
    },
}

impl<'a> Entries<'a> {
    /// The entries of a text, which may begin with a byte order mark. Names that stand twice are there twice.
    ///
    /// # Errors
    /// Why it is no object of JSON.
    pub fn parse(text: &'a str) -> Result<Self, Broken> {
        let whole = without_mark(text);
        let mut reading = Reading { text: whole, at: 0, within: None };
        if let Some(all) = reading.object() {
            return Ok(Self { text, all });
        }
        Err(match serde_json::from_str::<IgnoredAny>(whole) {
            // Nothing but a name is read more closely than serde has just done.
            Ok(_) if whole.trim_start().starts_with('{') => {
                Broken::NotJson { stop: half_a_character(whole, reading.at), within: None }
            }
            Ok(_) => Broken::NotAnObject { found: found(whole) },
            Err(error) => Broken::NotJson { stop: stop(whole, &error), within: reading.within },
        })
    }

    /// All of them, in their order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry<'a>> {
        self.all.iter()
    }

    /// The first of a name.
    pub fn get(&self, name: &str) -> Option<&Entry<'a>> {
        self.all.iter().find(|entry| entry.name == name)
    }

    /// Those that are connections: all but `$schema`.
    pub fn connections(&self) -> impl Iterator<Item = &Entry<'a>> {
        self.all.iter().filter(|entry| entry.name != SCHEMA)
    }

    /// Those whose name stood there before.
    pub fn again(&self) -> impl Iterator<Item = &Entry<'a>> {
        let mut names = BTreeSet::new();
        self.all.iter().filter(move |entry| !names.insert(entry.name.as_str()))
    }

    /// The bytes of a part of the text, such as the key of an entry.
    pub fn range(&self, part: &str) -> Range<usize> {
        range(self.text, part)
    }
}

/// The bytes of a part of a text.
pub fn range(text: &str, part: &str) -> Range<usize> {
    let start = (part.as_ptr() as usize).saturating_sub(text.as_ptr() as usize).min(text.len());
    start..(start + part.len()).min(text.len())
}

/// The elements of a list of JSON as they stand there; none where it is no list.
pub fn elements(text: &str) -> Option<Vec<&str>> {
    Reading { text, at: 0, within: None }.list()
}

/// What it is that serde has found to be JSON, and that is no object.
fn found(text: &str) -> Found {
    match text.trim_start().as_bytes() {
        [b'[', ..] => Found::List,
        [b'"', ..] => serde_json::from_str::<Value>(text).map_or(Found::Text, |text| check::found(&text)),
        [b't' | b'f', ..] => Found::Bool,
        [b'n', ..] => Found::Null,
        _ => Found::Number,
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson { stop: Stop { line, column, why, .. }, within } => {
                write!(f, "line {line}, column {column}")?;
                if let Some(name) = within {
                    write!(f, " in `{name}`")?;
                }
                write!(f, ": {why}")
            }
            Self::NotAnObject { found } => write!(f, "it is {}, no object of connections", found.words()),
        }
    }
}

impl Broken {
    /// What to do about it.
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NotJson { stop, .. } => stop.remedy,
            Self::NotAnObject { .. } => CONNECTIONS,
        }
    }
}

impl fmt::Debug for Entries<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.all).finish()
    }
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("name", &self.name).finish_non_exhaustive()
    }
}

/// How far a text was read, and in which entry that is.
struct Reading<'a> {
    text: &'a str,
    at: usize,
    within: Option<String>,
}

/// Each is none where something else stands there; what that is, serde says of the whole.
impl<'a> Reading<'a> {
    fn object(&mut self) -> Option<Vec<Entry<'a>>> {
        self.skip("{")?;
        let mut entries = Vec::new();
        if self.skip("}").is_none() {
            loop {
                let (name, key) = self.value::<String>()?;
                self.skip(":")?;
                // Where a quotation mark is missing, what stands before a colon may be a value.
                self.within = Some(name.clone()).filter(|name| may_show(name));
                let text = self.value::<IgnoredAny>()?.1;
                self.within = None;
                entries.push(Entry { name, key, text });
                if self.skip(",").is_none() {
                    break;
                }
            }
            self.skip("}")?;
        }
        self.rest().is_empty().then_some(entries)
    }

    fn list(&mut self) -> Option<Vec<&'a str>> {
        self.skip("[")?;
        let mut elements = Vec::new();
        if self.skip("]").is_none() {
            loop {
                elements.push(self.value::<IgnoredAny>()?.1);
                if self.skip(",").is_none() {
                    break;
                }
            }
            self.skip("]")?;
        }
        self.rest().is_empty().then_some(elements)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_value_is_in_what_debug_shows() {
        let text = r#"{"db":{"type":"generic","details":{"value":"canary"}}}"#;
        let told = format!("{:?}", Entries::parse(text));
        assert!(told.contains("db") && !told.contains("canary"), "{told}");
    }

    #[test]
    fn what_breaks_off_is_told_with_its_entry_unless_that_may_be_a_value() {
        let within = |text: &str| match Entries::parse(text) {
            Err(Broken::NotJson { within, .. }) => within,
            other => panic!("{other:?}"),
        };
        assert_eq!(within(r#"{"db": {"type": "#).as_deref(), Some("db"));
        for text in
            [r#"{"db": {}, "password: canary"}"#, r#"{"C4n4ry!"}"#, r#"{"C4n4ry!canary:": {"#, r#"{"db" {}}"#]
        {
            assert_eq!(within(text), None, "{text}");
        }
    }
}
