//! Lines and columns of many spans, found without reading a file from its beginning for each.

use std::cell::Cell;
use std::ops::Range;

use keyloom_syntax::{Sources, Span};

/// The files of a run, with the beginnings of their lines.
pub(crate) struct Places<'s> {
    files: Vec<File<'s>>,
}

/// A file with the beginnings of its lines.
pub(crate) struct File<'s> {
    pub(crate) name: &'s str,
    text: &'s str,
    base: u32,
    /// Byte of the first character of each line.
    lines: Vec<u32>,
    /// A byte and the characters before it on its line. Findings come in order, so that the next of a long line is counted
    /// from there.
    counted: Cell<(usize, usize)>,
}

/// A byte of a file as a person reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    /// Line, from 1.
    pub(crate) line: usize,
    /// Column in characters, from 1.
    pub(crate) column: usize,
}

/// A span in its file.
#[derive(Clone)]
pub(crate) struct Found<'p, 's> {
    pub(crate) file: &'p File<'s>,
    pub(crate) bytes: Range<usize>,
}

impl<'s> Places<'s> {
    pub(crate) fn of(sources: &'s Sources) -> Self {
        let files = sources.files().map(|(_, source)| File {
            name: &source.name,
            text: &source.text,
            base: source.base,
            lines: beginnings(&source.text),
            counted: Cell::new((0, 0)),
        });
        Self { files: files.collect() }
    }

    /// The file of a span, and its bytes there.
    pub(crate) fn find(&self, span: Span) -> Option<Found<'_, 's>> {
        let at = self.files.partition_point(|file| file.base <= span.start).checked_sub(1)?;
        let file = self.files.get(at)?;
        let byte = |at: u32| floor(file.text, (at.saturating_sub(file.base)) as usize);
        let start = byte(span.start);
        Some(Found { file, bytes: start..byte(span.end).max(start) })
    }
}

impl<'s> File<'s> {
    /// Its first byte, as a span has it.
    pub(crate) fn base(&self) -> u32 {
        self.base
    }

    /// The line, from 0, that a byte is in.
    pub(crate) fn line_of(&self, byte: usize) -> usize {
        self.lines.partition_point(|start| *start as usize <= byte).saturating_sub(1)
    }

    /// The bytes of a line, counted from 0, without its line break.
    pub(crate) fn line(&self, line: usize) -> Range<usize> {
        let start = self.lines.get(line).map_or(self.text.len(), |start| *start as usize);
        let end = self.lines.get(line + 1).map_or(self.text.len(), |next| *next as usize);
        let text = &self.text[start..end];
        let text = text.strip_suffix('\n').unwrap_or(text);
        let text = text.strip_suffix('\r').unwrap_or(text);
        start..start + text.len()
    }

    /// The text of a range.
    pub(crate) fn slice(&self, bytes: Range<usize>) -> &'s str {
        self.text.get(bytes).unwrap_or_default()
    }

    /// Line and column of a byte.
    pub(crate) fn position(&self, byte: usize) -> Position {
        let line = self.line_of(byte);
        let start = self.lines.get(line).map_or(0, |start| *start as usize);
        let (from, characters) = match self.counted.get() {
            counted @ (at, _) if (start..=byte).contains(&at) => counted,
            _ => (start, 0),
        };
        let characters = characters + self.slice(from..byte).chars().filter(|c| *c != '\u{feff}').count();
        self.counted.set((byte, characters));
        let column = characters + 1;
        Position { line: line + 1, column }
    }
}

fn beginnings(text: &str) -> Vec<u32> {
    // Spans are 32 bits wide, so files are smaller than that.
    let starts = text.bytes().zip(1u32..).filter(|(byte, _)| *byte == b'\n').map(|(_, next)| next);
    std::iter::once(0).chain(starts).collect()
}

/// The nearest boundary of a character at or before a byte.
pub(crate) fn floor(text: &str, byte: usize) -> usize {
    let byte = byte.min(text.len());
    (0..=byte).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_lines_and_columns() {
        let mut sources = Sources::new();
        sources.add("a.yaml", "x: 1\r\ny: ü2\n".to_owned()).unwrap();
        sources.add("b.yaml", String::new()).unwrap();
        let places = Places::of(&sources);
        let found = places.find(Span::new(11, 12)).unwrap();
        assert_eq!(found.file.position(found.bytes.start), Position { line: 2, column: 5 });
        assert_eq!(found.file.position(12), Position { line: 2, column: 6 });
        assert_eq!(found.file.position(8), Position { line: 2, column: 3 });
        assert_eq!(found.file.slice(found.file.line(0)), "x: 1");
        assert_eq!(found.file.slice(found.file.line(1)), "y: ü2");
        let empty = places.find(Span::new(14, 14)).unwrap();
        assert_eq!((empty.file.name, empty.bytes), ("b.yaml", 0..0));
    }
}
