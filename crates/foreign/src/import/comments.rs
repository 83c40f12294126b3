//! Comments of manifests: where they stand, and what they are about.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use keyloom_models::looks_like_credential;
use keyloom_syntax::tree::Kind;
use keyloom_syntax::{Node, Sources, Tree};

use super::written::Notes;

/// A comment.
struct Comment {
    /// Where what it is about begins: the next key or value, or for a comment behind something the last one before it.
    about: u32,
    text: String,
    beside: bool,
}

/// All comments, and which of them have found a place.
pub(super) struct Comments {
    all: Vec<Comment>,
    taken: RefCell<BTreeSet<usize>>,
}

/// What editors and this command are told about a manifest does not hold for a declaration.
const MODELINES: [&str; 3] = ["yaml-language-server:", "$schema", "keyloom: ignore"];

impl Comments {
    pub(super) fn of(sources: &Sources, tree: &Tree<'_>) -> Self {
        let mut scalars = Vec::new();
        tree.documents().for_each(|root| collect(root, &mut scalars));
        scalars.sort_unstable();
        scalars.dedup();
        let mut all = Vec::new();
        for (_, file) in sources.files().filter(|(_, file)| file.text.contains('#')) {
            let end = file.base + u32::try_from(file.text.len()).unwrap_or(0);
            let own = scalars.partition_point(|(start, ..)| *start < file.base);
            let own = scalars[own..].iter().take_while(|(start, ..)| *start < end);
            let own: Vec<_> = own.copied().collect();
            in_file(&file.text, file.base, &own, &mut all);
        }
        Self { all, taken: RefCell::default() }
    }

    /// All comments are free again.
    pub(super) fn reset(&self) {
        self.taken.borrow_mut().clear();
    }

    /// The comments about what begins in that range, which have a place now.
    pub(super) fn take(&self, range: RangeInclusive<u32>) -> Notes {
        let first = self.all.partition_point(|comment| comment.about < *range.start());
        let mut notes = Notes::default();
        for (at, comment) in self.all.iter().enumerate().skip(first) {
            // What is in a file without values is about nothing.
            if comment.about > *range.end() {
                break;
            }
            if !self.taken.borrow_mut().insert(at) || !is_kept(&comment.text) {
                continue;
            }
            let note = Notes { above: Vec::new(), beside: Some(comment.text.clone()) };
            match comment.beside {
                true => notes = notes.and(note),
                false => notes.above.push(comment.text.clone()),
            }
        }
        notes
    }

    /// The comments about a key.
    pub(super) fn of_key(&self, key: Node<'_>) -> Notes {
        let span = key.span();
        self.take(span.start..=span.end)
    }

    /// The comments about a key and everything in its value.
    pub(super) fn of_entry(&self, key: Node<'_>, value: Node<'_>) -> Notes {
        let (key, value) = (key.span(), value.span());
        // The value of an alias stands elsewhere, with comments of its own.
        let end = if value.start >= key.end { value.end.max(key.end) } else { key.end };
        self.take(key.start..=end)
    }
}

/// Whether a comment may stand in the declaration.
fn is_kept(text: &str) -> bool {
    let words = || text.split(|c: char| c.is_whitespace() || "\"'`,;()".contains(c));
    !MODELINES.iter().any(|line| text.contains(line))
        && looks_like_credential(text).is_none()
        && words().all(|word| looks_like_credential(word).is_none())
}

/// First and last byte of every scalar, and whether text in it may begin with `#`.
fn collect(node: Node<'_>, scalars: &mut Vec<(u32, u32)>) {
    match node.kind() {
        Kind::Sequence => node.items().for_each(|item| collect(item, scalars)),
        Kind::Mapping => {
            for (key, value) in node.entries() {
                scalars.push((key.span().start, key.span().end));
                collect(value, scalars);
            }
        }
        _ => scalars.push((node.span().start, node.span().end)),
    }
}

/// The comments between the scalars of a file.
fn in_file(text: &str, base: u32, scalars: &[(u32, u32)], all: &mut Vec<Comment>) {
    let mut at = 0;
    let mut found = Vec::new();
    let ends = [(text.len(), text.len())];
    let scalars: Vec<(usize, usize)> =
        scalars.iter().map(|(start, end)| ((start - base) as usize, (end - base) as usize)).collect();
    for (start, end) in scalars.iter().chain(&ends) {
        if *start > at {
            gap(text, at..*start, &mut found);
        }
        at = at.max(*end);
    }
    for range in found {
        let line = text[..range.start].rfind('\n').map_or(0, |end| end + 1);
        let last = scalars.partition_point(|(start, _)| *start < range.start).checked_sub(1);
        let before = last.map(|at| scalars[at].0).filter(|start| *start >= line);
        let beside = !text[line..range.start].trim().is_empty();
        let after = last.map_or(0, |at| at + 1);
        // A comment below everything is about what is above it, as is one below everything in its document.
        let ends = |next: &usize| text.get(range.end..*next).is_none_or(|between| between.contains("\n---"));
        let next = scalars.get(after).map(|(start, _)| *start).filter(|next| last.is_none() || !ends(next));
        // Behind a bracket or dash alone a comment is about what follows.
        let (about, beside) = match before.filter(|_| beside) {
            Some(start) => (Some(start), true),
            None => (next.or(last.map(|at| scalars[at].0)), false),
        };
        let about = about.and_then(|about| u32::try_from(about).ok()).map_or(u32::MAX, |about| base + about);
        all.push(Comment { about, text: text[range].trim_end().to_owned(), beside });
    }
    all.sort_by_key(|comment| comment.about);
}

/// The comments in text that no scalar was read from: a `#` at the beginning of a line or behind a blank.
fn gap(text: &str, range: std::ops::Range<usize>, found: &mut Vec<std::ops::Range<usize>>) {
    let mut at = range.start;
    while let Some(hash) = text[at..range.end].find('#').map(|hash| at + hash) {
        let end = text[hash..].find('\n').map_or(text.len(), |end| hash + end);
        if text[..hash].is_empty() || text[..hash].ends_with([' ', '\t', '\n', '\u{feff}']) {
            found.push(hash..end);
            at = end.min(range.end);
        } else {
            at = hash + 1;
        }
        if at >= range.end {
            break;
        }
    }
}
