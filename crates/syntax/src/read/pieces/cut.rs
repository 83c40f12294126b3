//! Where a text may be cut: guesses, which the parser confirms.

use std::thread;

/// Which texts are parsed in pieces, and in how many.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// Smaller texts are parsed sooner than a thread is worth it.
    pub(crate) least_bytes: usize,
    pub(crate) pieces: usize,
}

impl Plan {
    /// A piece for every core.
    pub(crate) fn of_machine() -> Self {
        let pieces = thread::available_parallelism().map_or(1, usize::from);
        Self { least_bytes: 256 << 10, pieces }
    }
}

/// A piece begins here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    /// First byte of the line.
    pub(crate) line: usize,
    /// First byte behind the `- `.
    pub(crate) item: usize,
}

/// So far the item is looked for whose list seems to be the outermost.
const WINDOW: usize = 64 << 10;

/// Lines that begin an item of the outermost list near, one for each piece but the first.
pub(crate) fn cuts(text: &str, plan: &Plan) -> Vec<Cut> {
    if text.len() < plan.least_bytes || plan.pieces < 2 {
        return Vec::new();
    }
    let size = text.len() / plan.pieces;
    let found = (1..plan.pieces).filter_map(|i| cut(text.as_bytes(), i * size, size.min(WINDOW)));
    found.collect()
}

/// The first of the least indented items that begin in the window.
fn cut(text: &[u8], at: usize, window: usize) -> Option<Cut> {
    let region = text.get(at..(at + window).min(text.len()))?;
    let ends = region.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let items = ends.filter_map(|(end, _)| item(text, at + end + 1));
    items.min_by_key(|cut| cut.item - cut.line)
}

/// An item whose text begins on the same line, without anchor, tag, bracket or anything else of note.
fn item(text: &[u8], line: usize) -> Option<Cut> {
    let rest = text.get(line..)?;
    let indent = rest.iter().take_while(|byte| **byte == b' ').count();
    match rest.get(indent..indent + 3)? {
        [b'-', b' ', first] if first.is_ascii_alphanumeric() || matches!(first, b'"' | b'\'') => {
            Some(Cut { line, item: line + indent + 2 })
        }
        _ => None,
    }
}
