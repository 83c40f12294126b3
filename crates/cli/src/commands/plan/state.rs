//! Names at both ends from a file: `{"SYNC": {"source": [NAME, ...], "destination": [NAME, ...]}}`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

use keyloom_resources::first_run::{Names, Sync};
use keyloom_syntax::Budget;
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};

use super::near;
use crate::failure::Failure;
use crate::inputs;
use crate::io::Io;

/// The names of one sync.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ends {
    source: BTreeSet<String>,
    destination: BTreeSet<String>,
}

/// The names of every sync, each said once: of two the first would be lost, and with it what it would delete.
struct Syncs(BTreeMap<String, Ends>);

impl<'de> Deserialize<'de> for Syncs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Each)
    }
}

struct Each;

impl<'de> Visitor<'de> for Each {
    type Value = Syncs;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("names of syncs")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Syncs, A::Error> {
        let mut syncs = BTreeMap::new();
        while let Some((sync, ends)) = map.next_entry()? {
            if syncs.insert(sync, ends).is_some() {
                return Err(de::Error::custom("a sync is there twice"));
            }
        }
        Ok(Syncs(syncs))
    }
}

/// What a file says of syncs.
pub(super) struct State {
    file: String,
    syncs: BTreeMap<String, Names>,
}

/// Reads a file.
pub(super) fn read(path: &Path, budget: &Budget) -> Result<State, Failure> {
    let (file, text) = (inputs::name(path), inputs::text(path, budget)?);
    let syncs = parse(&text).map_err(|words| Failure::Usage(format!("{file}: {words}")))?;
    Ok(State { file, syncs })
}

impl State {
    /// The names of each sync, in the order of the syncs. Where these are all that are declared, further names are said to be
    /// passed over.
    pub(super) fn take(mut self, syncs: &[Sync], all: bool, io: &Io) -> Result<Vec<Names>, Failure> {
        let file = &self.file;
        let wanted = syncs.iter().map(|sync| sync.name.as_str());
        let missing: Vec<&str> = wanted.filter(|name| !self.syncs.contains_key(*name)).collect();
        if let Some(first) = missing.first() {
            let known: Vec<&str> = self.syncs.keys().map(String::as_str).collect();
            return Err(Failure::Usage(format!(
                "{file} has no names of {}{}",
                missing.join(", "),
                near(first, &known)
            )));
        }
        let found = syncs.iter().filter_map(|sync| self.syncs.remove(&sync.name)).collect();
        if all && !self.syncs.is_empty() {
            let names: Vec<&str> = self.syncs.keys().map(String::as_str).collect();
            io.say(&format!("{file} also has names of {}, which is not declared", names.join(", ")));
        }
        Ok(found)
    }
}

/// What serde says may quote what it read, which may be more than names.
fn parse(text: &str) -> Result<BTreeMap<String, Names>, String> {
    let Syncs(state) = serde_json::from_str(text).map_err(|error| {
        format!(
            "line {}, column {}: not of the form, each sync once, {{\"SYNC\": {{\"source\": [NAME, ...], \"destination\": [NAME, ...]}}}}",
            error.line(),
            error.column()
        )
    })?;
    let names = |ends: Ends| Names { source: ends.source, destination: ends.destination };
    Ok(state.into_iter().map(|(sync, ends)| (sync, names(ends))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read() {
        let state = parse(r#"{"a": {"source": ["X", "X"], "destination": []}}"#).unwrap();
        assert_eq!(state["a"].source.len(), 1);
        assert!(state["a"].destination.is_empty());
    }

    #[test]
    fn what_is_not_of_the_form_is_not_quoted() {
        for text in [
            r#"{"a": {"source": {"X": "canary"}, "destination": []}}"#,
            r#"{"a": {"source": "canary", "destination": []}}"#,
            r#"{"a": {"source": []}}"#,
            r#"{"a": {"source": [], "destination": ["canary"]}, "a": {"source": [], "destination": []}}"#,
            r#"{"a": {"source": [], "destination": [], "canary": []}}"#,
            "canary",
            "",
        ] {
            let words = parse(text).unwrap_err();
            assert!(words.starts_with("line ") && !words.contains("canary"), "{text}: {words}");
        }
    }
}
