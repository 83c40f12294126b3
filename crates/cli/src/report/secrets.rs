//! What must not be shown: credentials in the lines around a finding, and in its words.
//!
//! An excerpt shows the line as somebody wrote it, so a credential in it would be printed. Two things are hidden: the
//! places that whoever read the file wants hidden, and any word that surely is a credential. Nothing is guessed here.

use std::ops::Range;

use keyloom_models::looks_like_credential;
use keyloom_syntax::{Diagnostic, Span};

use super::places::Places;

/// What stands in place of a credential.
pub(crate) const HIDDEN: &str = "********";
/// The code of findings whose place is a credential.
const CODE: &str = "literal-secret";
/// Shorter values are not looked for in words: they would hide half of the words.
const SHORTEST: usize = 4;

/// The places to hide, in order.
pub(crate) struct Secrets {
    /// All of them, in excerpts.
    hidden: Vec<Span>,
    /// How far they reach: the last end of each and those before it.
    reach: Vec<u32>,
    /// Those that the words about them do not repeat either.
    repeated: Vec<Span>,
    /// Those of findings that call them credentials: no words repeat them. The others are repeated by no words but those
    /// about themselves.
    credentials: Vec<Span>,
}

impl Secrets {
    /// The places that were found to hide, those of them of which no words are made, and those of the findings that call them
    /// credentials.
    pub(crate) fn new<'d>(
        mut hidden: Vec<Span>,
        unsaid: Vec<Span>,
        diagnostics: impl IntoIterator<Item = &'d Diagnostic>,
    ) -> Self {
        let literal = diagnostics.into_iter().filter(|diagnostic| diagnostic.code == CODE);
        let credentials: Vec<Span> = literal.filter_map(|diagnostic| diagnostic.primary.span).collect();
        hidden.extend(&credentials);
        hidden.sort_unstable();
        let repeated = hidden.clone();
        hidden.extend(unsaid);
        hidden.sort_unstable();
        let reach = hidden.iter().scan(0, |reach, span| {
            *reach = span.end.max(*reach);
            Some(*reach)
        });
        let reach = reach.collect();
        Self { hidden, reach, repeated, credentials }
    }

    /// The parts of a line to hide, in order and apart from each other. `at` is the line's first byte as a span has it.
    pub(crate) fn in_line(&self, line: &str, at: u32) -> Vec<Range<usize>> {
        let mut parts = words(line).filter(|part| is_credential(&line[part.clone()])).collect::<Vec<_>>();
        let end = at as usize + line.len();
        let before = self.hidden.partition_point(|span| (span.start as usize) < end);
        let first = self.reach.partition_point(|reach| *reach <= at).min(before);
        for span in &self.hidden[first..before] {
            let (start, stop) = ((span.start as usize).max(at as usize), (span.end as usize).min(end));
            if start < stop {
                let part = &line[start - at as usize..stop - at as usize];
                let stop = stop - (part.len() - part.trim_end().len());
                let start = start + (part.len() - part.trim_start().len());
                if start < stop {
                    parts.push(start - at as usize..stop - at as usize);
                }
            }
        }
        merged(parts)
    }

    /// A message without credentials, and without what is hidden at the very place it is about.
    pub(crate) fn hide_in_words(&self, text: &str, about: Option<Span>, places: &Places<'_>) -> String {
        let mut text = hide(text, words(text).filter(|part| is_credential(&text[part.clone()])).collect());
        let about = about.filter(|span| self.repeated.binary_search(span).is_ok());
        for span in self.credentials.iter().chain(&about) {
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
        hide(line, Secrets::new(Vec::new(), Vec::new(), []).in_line(line, 0))
    }

    #[test]
    fn lines_lose_their_credentials_and_keep_the_rest() {
        for (line, without) in [
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
            "- secretKey: password",
            "  path: /databases/password",
            "  secretKeyRef:",
        ] {
            assert_eq!(shown(same), same);
        }
    }

    #[test]
    fn a_hidden_place_is_hidden_on_every_line_it_touches() {
        let secrets = Secrets::new(vec![Span::new(102, 109)], Vec::new(), []);
        let parts = |line, at| {
            secrets.in_line(line, at).into_iter().map(|part| (part.start, part.end)).collect::<Vec<_>>()
        };
        assert_eq!(parts("a: hunter2", 99), [(3, 10)]);
        assert_eq!(parts("er2", 107), [(0, 2)]);
        assert_eq!(parts("  hun", 102), [(2, 5)]);
        assert_eq!(parts("b: x", 110), []);
    }
}
