//! An entry of the engine, and the text of a connection.

use std::collections::BTreeMap;

use keyloom_connections::Secret;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

/// What reading an entry answers; a part of what listing and writing do.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    data: Option<Entry<'a>>,
}

#[derive(Deserialize)]
struct Entry<'a> {
    /// As it was written: numbers keep their spelling.
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    metadata: Option<Metadata>,
}

/// What is known of a version.
#[derive(Deserialize)]
pub(super) struct Metadata {
    pub(super) version: u64,
    #[serde(default)]
    deletion_time: String,
    #[serde(default)]
    destroyed: bool,
}

/// What stands in an answer to a reading.
pub(super) enum Found {
    /// The text of a version.
    Text(Secret, Metadata),
    /// A version that was deleted.
    Gone(Metadata),
    /// Something that this engine does not answer with.
    Other,
}

/// What an answer holds.
pub(super) fn found(body: &[u8]) -> Found {
    match serde_json::from_slice::<Envelope<'_>>(body) {
        Ok(Envelope { data: Some(Entry { data: Some(data), metadata: Some(metadata) }) })
            if data.get() != "null" =>
        {
            Found::Text(text(data.get()), metadata)
        }
        Ok(Envelope { data: Some(Entry { metadata: Some(metadata), .. }) }) => Found::Gone(metadata),
        // What serde says may quote what it read.
        _ => Found::Other,
    }
}

impl Metadata {
    /// What became of it, such as `is destroyed`.
    pub(super) fn fate(&self) -> &'static str {
        match (self.destroyed, self.deletion_time.is_empty()) {
            (true, _) => "is destroyed",
            (false, false) => "is deleted",
            (false, true) => "is empty",
        }
    }
}

/// The text of a connection: the entry itself, or what its only key holds, whatever it is called, if that is the text of a connection.
/// An entry that is one has two keys, so that the two cannot be confused.
fn text(entry: &str) -> Secret {
    let held = serde_json::from_str::<BTreeMap<String, Secret>>(entry).ok().filter(|keys| keys.len() == 1);
    let only = held.and_then(|keys| keys.into_values().next()).filter(|text| is_connection(text.expose()));
    only.unwrap_or_else(|| Secret::new(entry.to_owned()))
}

/// Whether something is an object with a type and details.
fn is_connection(text: &str) -> bool {
    #[derive(Deserialize)]
    struct Connection {
        #[serde(rename = "type")]
        _kind: IgnoredAny,
        #[serde(rename = "details")]
        _details: IgnoredAny,
    }
    text.trim_start().starts_with('{') && serde_json::from_str::<Connection>(text).is_ok()
}

/// Whether something is an object, which alone an entry can be.
pub(super) fn is_object(text: &str) -> bool {
    serde_json::from_str::<BTreeMap<String, IgnoredAny>>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_a_connection_or_its_only_key_holds_one() {
        let itself = r#"{"details":{"value":"canary","n":1.50},"type":"generic"}"#;
        assert_eq!(text(itself).expose(), itself);
        for key in ["value", "json", "data"] {
            let held = serde_json::json!({ key: itself }).to_string();
            assert_eq!(text(&held).expose(), itself, "{key}");
        }
        for other in [
            r#"{"value":"canary"}"#,
            r#"{"a":"{\"type\":\"x\",\"details\":{}}","b":"canary"}"#,
            r#"{"value":"[\"type\",\"details\"]"}"#,
            r#"{"value":{"type":"x","details":{}}}"#,
            r#"{"details":"{\"value\":\"canary\"}","type":"generic"}"#,
            "{}",
        ] {
            assert_eq!(text(other).expose(), other);
        }
    }

    #[test]
    fn answers_are_told_apart() {
        let gone = br#"{"data":{"data":null,"metadata":{"version":2,"deletion_time":"2026-11-26T06:11:43Z","destroyed":false}}}"#;
        assert!(
            matches!(found(gone), Found::Gone(metadata) if metadata.version == 2 && metadata.fate() == "is deleted")
        );
        let here = br#"{"data":{"data":{"a":"canary"},"metadata":{"version":3,"deletion_time":"","destroyed":false}}}"#;
        assert!(
            matches!(found(here), Found::Text(text, metadata) if text.expose() == r#"{"a":"canary"}"# && metadata.version == 3)
        );
        // The first version of the engine, whose entry looks as those of the second almost do; and what is no answer of Vault's.
        for other in [
            &br#"{"data":{"data":{"a":1},"options":{"cas":0}},"lease_duration":2764800}"#[..],
            br#"{"data":{"type":"x"}}"#,
            br#"{"errors":[]}"#,
            br#"{"data":null,"warnings":["x"]}"#,
            b"<html>",
            b"",
            b"[1]",
        ] {
            assert!(matches!(found(other), Found::Other));
        }
    }
}
