//! What must not be shown: credentials in the lines around a finding, and in its words.
//!
//! An excerpt shows the line as somebody wrote it, so a credential in it would be printed. Three things are hidden: the
//! value that a finding calls a credential, wherever it stands; any word that surely is one; and the value of a field
//! whose name says that it holds one.

use std::ops::Range;

use keyloom_models::{looks_like_credential, names_a_credential};
use keyloom_syntax::{Diagnostic, Span};

use super::places::Places;

/// What stands in place of a credential.
pub(crate) const HIDDEN: &str = "********";
/// The code of findings whose place is a credential.
const CODE: &str = "literal-secret";
/// Shorter values are not looked for in words: they would hide half of the words.
const SHORTEST: usize = 4;

/// The places that hold credentials, in order.
pub(crate) struct Secrets {
    spans: Vec<Span>,
}

impl Secrets {
    /// The places of the findings that call them credentials.
    pub(crate) fn of(diagnostics: &[Diagnostic]) -> Self {
        let literal = diagnostics.iter().filter(|diagnostic| diagnostic.code == CODE);
        let mut spans: Vec<Span> = literal.filter_map(|diagnostic| diagnostic.primary.span).collect();
        spans.sort_unstable();
        Self { spans }
    }

    /// The parts of a line to hide, in order and apart from each other. `at` is the line's first byte as a span has it.
    pub(crate) fn in_line(&self, line: &str, at: u32) -> Vec<Range<usize>> {
        let mut parts = words(line).filter(|part| is_credential(&line[part.clone()])).collect::<Vec<_>>();
        parts.extend(values_of_secret_fields(line));
        let end = at as usize + line.len();
        for span in &self.spans {
            let (start, stop) = ((span.start as usize).max(at as usize), (span.end as usize).min(end));
            if start < stop {
                parts.push(start - at as usize..stop - at as usize);
            }
        }
        merged(parts)
    }

    /// A message without credentials.
    pub(crate) fn hide_in_words(&self, text: &str, places: &Places<'_>) -> String {
        let mut text = hide(text, words(text).filter(|part| is_credential(&text[part.clone()])).collect());
        for span in &self.spans {
            let Some(found) = places.find(*span) else { continue };
            let value = found.file.slice(found.bytes).trim_matches(['"', '\'', ' ', '\n']);
            if value.len() >= SHORTEST && text.contains(value) {
                text = text.replace(value, HIDDEN);
            }
        }
        text
    }

    /// A path of fields without credentials.
    pub(crate) fn hide_in_path(path: &str) -> String {
        hide(path, words(path).filter(|part| is_credential(&path[part.clone()])).collect())
    }
}

fn is_credential(word: &str) -> bool {
    looks_like_credential(word).is_some()
}

fn hide(text: &str, parts: Vec<Range<usize>>) -> String {
    let mut text = text.to_owned();
    for part in merged(parts).into_iter().rev() {
        text.replace_range(part, HIDDEN);
    }
    text
}

/// The words of a line: what stands between blanks, quotes and brackets, and what follows a `=`.
fn words(line: &str) -> impl Iterator<Item = Range<usize>> {
    let ends = |c: char| c.is_whitespace() || "\"'`,{}[]()<>".contains(c);
    let mut start = 0;
    line.char_indices().chain(std::iter::once((line.len(), ' '))).filter_map(move |(at, c)| {
        // Whitespace inside of dashes keeps `-----BEGIN PRIVATE KEY-----` apart, so the rest of such a line goes too.
        if !ends(c) && c != '=' {
            return None;
        }
        let word = start..at;
        start = at + c.len_utf8();
        if line[word.clone()].starts_with("-----BEGIN") {
            return Some(word.start..line.len());
        }
        // The colon behind a key is not part of it.
        let word = word.start..word.start + line[word].trim_end_matches(':').len();
        (!word.is_empty()).then_some(word)
    })
}

/// `name: value` where the name says that the value is a credential, and the value is a scalar.
fn values_of_secret_fields(line: &str) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    for (colon, _) in line.match_indices(':') {
        let name = line[..colon].trim_end_matches(['"', '\'']);
        let name = &name[name.rfind(|c: char| !is_name(c)).map_or(0, |at| at + 1)..];
        let rest = &line[colon + 1..];
        let blank = rest.len() - rest.trim_start().len();
        if (blank == 0 && !line[..colon].ends_with('"')) || !names_a_credential(name) {
            continue;
        }
        let start = colon + 1 + blank;
        let value = scalar(&line[start..]);
        if !value.is_empty() && !only_repeats(name, value) {
            parts.push(start..start + value.len());
        }
    }
    parts
}

fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-.".contains(c)
}

/// The scalar that a text begins with: quoted, or plain up to a `,`, a bracket or a comment.
fn scalar(text: &str) -> &str {
    let end = match text.chars().next() {
        Some(quote @ ('"' | '\'')) => text[1..].find(quote).map_or(text.len(), |at| at + 2),
        Some('{' | '[' | '|' | '>' | '&' | '*' | '#') | None => 0,
        Some(_) => {
            text.find([',', '}', ']']).unwrap_or(text.len()).min(text.find(" #").unwrap_or(text.len()))
        }
    };
    text[..end].trim_end()
}

/// A value that is no more than its own field's name (`DB_PASSWORD: password`) names a field of the store.
fn only_repeats(name: &str, value: &str) -> bool {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let value = plain(value);
    value.is_empty() || plain(name).ends_with(&value)
}

/// In order, with those that touch or overlap joined.
fn merged(mut parts: Vec<Range<usize>>) -> Vec<Range<usize>> {
    parts.sort_by_key(|part| (part.start, part.end));
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(parts.len());
    for part in parts {
        match apart.last_mut() {
            Some(last) if part.start <= last.end => last.end = last.end.max(part.end),
            _ => apart.push(part),
        }
    }
    apart
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(line: &str) -> String {
        hide(line, Secrets { spans: Vec::new() }.in_line(line, 0))
    }

    #[test]
    fn lines_lose_their_credentials_and_keep_the_rest() {
        for (line, without) in [
            ("  password: hunter2", "  password: ********"),
            (
                "  - {name: x, clientSecret: 'hunter2', port: 1}",
                "  - {name: x, clientSecret: ********, port: 1}",
            ),
            ("  token: \"a b\" # why", "  token: ******** # why"),
            ("{\"token\":\"abc\"}", "{\"token\":********}"),
            ("  value: ghp_abcdefghijklmnopqrstuvwxyz0123456789", "  value: ********"),
            ("  args: [--key=AKIAIOSFODNN7EXAMPLE]", "  args: [--key=********]"),
            ("  ghp_abcdefghijklmnopqrstuvwxyz0123456789: 1", "  ********: 1"),
            ("  url: postgres://app:hunter2@db/app", "  url: ********"),
            ("  -----BEGIN RSA PRIVATE KEY----- MIIE", "  ********"),
        ] {
            assert_eq!(shown(line), without);
        }
        for same in [
            "  clientSecret: {name: infisical-identity, key: clientSecret}",
            "  keys: {DB_PASSWORD: password, apiKey: api_key}",
            "  path: /databases/password",
            "  secretKeyRef:",
        ] {
            assert_eq!(shown(same), same);
        }
    }

    #[test]
    fn what_a_finding_calls_a_credential_is_hidden_on_every_line_it_touches() {
        let secrets = Secrets { spans: vec![Span::new(102, 109)] };
        let parts = |line, at| {
            secrets.in_line(line, at).into_iter().map(|part| (part.start, part.end)).collect::<Vec<_>>()
        };
        assert_eq!(parts("a: hunter2", 99), [(3, 10)]);
        assert_eq!(parts("er2", 107), [(0, 2)]);
        assert_eq!(parts("b: x", 110), []);
    }
}
