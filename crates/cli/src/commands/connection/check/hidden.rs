//! What no excerpt of a file of connections shows. Which values are secret is not known where a name is misspelt, so that none is.

use std::collections::BTreeSet;
use std::ops::Range;

use keyloom_connections::file::SCHEMA;
use keyloom_connections::{Kind, may_show};

/// Every text and number of a text that is JSON, and names that may be something that was pasted.
pub(super) fn values(json: &str) -> Vec<Range<usize>> {
    let shown = |token: &Token<'_>| {
        let is_word = matches!(token.text, "null" | "true" | "false");
        is_word
            || token.is_name && serde_json::from_str::<String>(token.text).is_ok_and(|name| may_show(&name))
    };
    tokens(json).filter(|token| !shown(token)).map(|token| token.range).collect()
}

/// Of a text that is no JSON, all but what holds it together and the names of fields: where a quotation mark is missing, a value may
/// look like a name.
pub(super) fn all_but_fields(text: &str) -> Vec<Range<usize>> {
    let fields = Kind::all().flat_map(|kind| kind.fields).map(|field| field.name);
    let fields: BTreeSet<_> = fields.chain(["type", "details", SCHEMA]).collect();
    let shown = |token: &Token<'_>| token.is_name && fields.contains(token.text.trim_matches('"'));
    tokens(text).filter(|token| !shown(token)).map(|token| token.range).collect()
}

/// A text in quotes, or what stands between the marks of JSON.
struct Token<'a> {
    text: &'a str,
    range: Range<usize>,
    /// Whether a colon follows.
    is_name: bool,
}

fn tokens(text: &str) -> impl Iterator<Item = Token<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let begins = text[at..].find(|c: char| !is_mark(c))?;
        let start = at + begins;
        let rest = &text[start..];
        let length = if rest.starts_with('"') {
            quoted(rest)
        } else {
            rest.find(|c| is_mark(c) || c == '"').unwrap_or(rest.len())
        };
        at = start + length;
        let is_name = text[at..].trim_start().starts_with(':');
        Some(Token { text: &text[start..at], range: start..at, is_name })
    })
}

fn is_mark(c: char) -> bool {
    c.is_whitespace() || "{}[],:".contains(c)
}

/// As far as a text in quotes goes: to its end, or to that of all.
fn quoted(text: &str) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(text: &str, hidden: Vec<Range<usize>>) -> String {
        let mut shown = text.to_owned();
        hidden.into_iter().rev().for_each(|range| shown.replace_range(range, "*"));
        shown
    }

    #[test]
    fn json_shows_its_names() {
        for (text, shown) in [
            (r#"{"a": "x\"y", "b": [1, true, null], "c": {}}"#, r#"{"a": *, "b": [*, true, null], "c": {}}"#),
            (r#"{"AKIAIOSFODNN7EXAMPLE": "ü"}"#, "{*: *}"),
            (r#""\\""#, "*"),
            ("", ""),
        ] {
            assert_eq!(without(text, values(text)), shown);
        }
    }

    #[test]
    fn what_is_no_json_shows_fields_alone() {
        for (text, shown) in [
            (
                r#"{"db": {"type": "x", "details": {"password": "a"b", "host": "c"}}"#,
                r#"{*: {"type": *, "details": {"password": *******"#,
            ),
            (r#"{"password": "host", "port": 1 // hunter2"#, r#"{"password": *, "port": * * *"#),
            ("password: hunter2\nhunter3:\n- host\n", "password: *\n*:\n* *\n"),
            (r#"{"password": "hunter2"#, r#"{"password": *"#),
        ] {
            assert_eq!(without(text, all_but_fields(text)), shown);
        }
    }
}
