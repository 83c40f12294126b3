//! Comments that speak to a program: found by a marker, and only where YAML has comments.

use std::ops::Range;

use crate::place::{Source, Sources, Span};
use crate::tree::{Kind, PLAIN, Raw, RawKind, Tree, index};

/// A comment that begins with the marker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment<'s> {
    /// From its `#` to the end of its words.
    pub span: Span,
    /// What stands behind the marker, as it is written.
    pub text: &'s str,
    /// The line that it is about: its own, or when nothing else stands there the next one that holds more than
    /// comments.
    pub line: Span,
}

/// The comments of all files that begin with the marker, such as `tool:`. The tree tells what is no comment, although it
/// looks like one: text in quotes and blocks. It must have been parsed from the same sources.
///
/// Files without the marker are searched for it and no more.
pub fn comments<'s>(sources: &'s Sources, tree: &Tree<'_>, marker: &str) -> Vec<Comment<'s>> {
    let mut found: Vec<Comment<'s>> = sources.files().flat_map(|(_, file)| of_file(file, marker)).collect();
    if !found.is_empty() {
        let scalars = scalars(tree);
        found.retain(|comment| !is_in_scalar(&scalars, sources, comment.span.start));
    }
    found
}

/// Whatever looks like such a comment, line by line.
fn of_file<'s>(file: &'s Source, marker: &str) -> Vec<Comment<'s>> {
    let text = file.text.as_str();
    let starts = text.match_indices(marker).filter_map(|(at, _)| Some((hash_before(text, at)?, at)));
    let starts: Vec<(usize, usize)> = starts.collect();
    let ends = starts.iter().skip(1).map(|(next, _)| *next).chain([text.len()]);
    let starts_and_ends: Vec<_> = starts.iter().zip(ends).collect();
    // From the last to the first: of many in a row, each is about what the one below it is about.
    let mut below: Option<(usize, Range<usize>)> = None;
    let mut comment = |(&(start, at), next): (&(usize, usize), usize)| {
        let line = line_around(text, start);
        let words = text.get(at + marker.len()..line.end.min(next)).unwrap_or_default().trim();
        let end = text.get(..line.end.min(next)).unwrap_or_default().trim_end().len();
        let alone =
            text.get(line.start..start).unwrap_or_default().trim_start_matches('\u{feff}').trim().is_empty();
        let about = if alone { line_behind(text, line.end, below.as_ref()) } else { line.clone() };
        below = Some((line.start, about.clone()));
        let span = |start: usize, end: usize| Span::new(file.base + index(start), file.base + index(end));
        Comment { span: span(start, end), text: words, line: span(about.start, about.end) }
    };
    let mut found: Vec<Comment<'s>> = starts_and_ends.into_iter().rev().map(&mut comment).collect();
    found.reverse();
    found
}

/// The `#` before a byte, with nothing but blanks between. A `#` begins a comment behind a blank or at the beginning of
/// a line.
fn hash_before(text: &str, at: usize) -> Option<usize> {
    let before = text.get(..at)?.trim_end_matches([' ', '\t']).strip_suffix('#')?;
    (before.is_empty() || before.ends_with([' ', '\t', '\n', '\r', '\u{feff}'])).then_some(before.len())
}

fn line_around(text: &str, at: usize) -> Range<usize> {
    let start = text.get(..at).unwrap_or_default().rfind(['\n', '\r']).map_or(0, |end| end + 1);
    start..line_end(text, at)
}

fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).unwrap_or_default().find(['\n', '\r']).map_or(text.len(), |end| at + end)
}

/// The first line behind a byte that holds more than blanks, a comment or the beginning of a document; empty at the end.
/// `below` is a line that begins behind the byte, and the line that a comment there is about.
fn line_behind(text: &str, mut at: usize, below: Option<&(usize, Range<usize>)>) -> Range<usize> {
    while at < text.len() {
        let start = at + 1;
        if let Some((_, about)) = below.filter(|(line, _)| *line == start) {
            return about.clone();
        }
        let end = line_end(text, start);
        let line = text.get(start..end).unwrap_or_default().trim();
        if !line.is_empty() && !line.starts_with('#') && line != "---" {
            return start..end;
        }
        at = end;
    }
    text.len()..text.len()
}

/// Scalars that may hold a `#` behind a blank, in order: an unquoted one ends before it.
fn scalars(tree: &Tree<'_>) -> Vec<Span> {
    let is_scalar = |raw: &&Raw| match raw.kind {
        RawKind::Value(kind) => !matches!(kind, Kind::Sequence | Kind::Mapping) && raw.flags & PLAIN == 0,
        RawKind::Alias => false,
    };
    let mut spans: Vec<Span> =
        tree.nodes.iter().filter(is_scalar).map(|raw| Span::new(raw.start, raw.end)).collect();
    spans.sort_unstable();
    spans
}

fn is_in_scalar(scalars: &[Span], sources: &Sources, at: u32) -> bool {
    let before = scalars.partition_point(|span| span.start <= at).checked_sub(1);
    let Some(span) = before.and_then(|before| scalars.get(before)) else { return false };
    let Some((file, bytes)) = sources.resolve(*span) else { return false };
    let text = file.text.get(bytes.clone()).unwrap_or_default();
    let at = (at - span.start) as usize;
    if at >= text.len() {
        return false;
    }
    if text.starts_with(['|', '>']) {
        // Its place may reach into comments behind it, which stand further to the left than its lines.
        let body = line_end(text, 0);
        let whole = file.text.get(bytes.start..).unwrap_or_default();
        return at > body && column(whole, at) >= indentation(text.get(body..).unwrap_or_default());
    }
    true
}

/// How far from the beginning of its line a byte stands.
fn column(text: &str, at: usize) -> usize {
    at - line_around(text, at).start
}

/// The indentation of the first line that is not blank.
fn indentation(text: &str) -> usize {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    line.len() - line.trim_start_matches(' ').len()
}

#[cfg(test)]
mod tests;
