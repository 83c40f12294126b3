//! Places in source text: spans over all files of a run, and the line and column they stand for.

use std::ops::Range;

/// A byte range in the joined space of all [`Sources`], 32 bits wide.
///
/// Every file gets its own stretch of that space, so a span names its file too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span from `start` up to, not including, `end`.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }
}

/// Which file of a [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// One file's text.
#[derive(Debug)]
pub struct Source {
    /// The name as the user gave it: a path, or `<stdin>`.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// Where the file begins in the joined space.
    pub base: u32,
}

/// A place as a person reads it; line and column count from 1, the column in characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The file's name.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// All files of a run.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

/// The joined space of all files is 32 bits wide, and this file no longer fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the files together are larger than 4 GiB")]
pub struct TooLarge;

impl Sources {
    /// No files yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file.
    ///
    /// # Errors
    /// [`TooLarge`] when the files together pass 4 GiB.
    pub fn add(&mut self, name: impl Into<String>, text: String) -> Result<FileId, TooLarge> {
        let base = self.files.last().map_or(0, |last| last.base + byte_len(&last.text) + 1);
        let room = u32::MAX - base;
        if u32::try_from(text.len()).map_or(true, |len| len >= room) {
            return Err(TooLarge);
        }
        let id = FileId(byte_len_of(self.files.len()));
        self.files.push(Source { name: name.into(), text, base });
        Ok(id)
    }

    /// The file of that id.
    ///
    /// # Panics
    /// When the id is of another `Sources`.
    pub fn file(&self, id: FileId) -> &Source {
        &self.files[id.0 as usize]
    }

    /// All files, in the order they were added.
    pub fn files(&self) -> impl Iterator<Item = (FileId, &Source)> {
        self.files.iter().enumerate().map(|(i, file)| (FileId(byte_len_of(i)), file))
    }

    /// The file a span lies in.
    pub fn file_of(&self, span: Span) -> Option<FileId> {
        let at = self.files.partition_point(|file| file.base <= span.start).checked_sub(1)?;
        Some(FileId(byte_len_of(at)))
    }

    /// The file a span lies in, and the byte range inside it.
    pub fn resolve(&self, span: Span) -> Option<(&Source, Range<usize>)> {
        let at = self.files.partition_point(|file| file.base <= span.start).checked_sub(1)?;
        let file = self.files.get(at)?;
        let len = file.text.len();
        let start = ((span.start - file.base) as usize).min(len);
        let end = (span.end.saturating_sub(file.base) as usize).clamp(start, len);
        Some((file, start..end))
    }

    /// File, line and column of a span's first byte.
    pub fn locate(&self, span: Span) -> Option<Location> {
        let (file, range) = self.resolve(span)?;
        let before = file.text.get(..range.start)?;
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        let column = before[line_start..].chars().filter(|c| *c != '\u{feff}').count() + 1;
        Some(Location { file: file.name.clone(), line: byte_len_of(line), column: byte_len_of(column) })
    }
}

fn byte_len(text: &str) -> u32 {
    byte_len_of(text.len())
}

/// Lengths and counts inside a `Sources` fit in 32 bits because [`Sources::add`] refuses what does not.
fn byte_len_of(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_name_their_file_line_and_column() {
        let mut sources = Sources::new();
        sources.add("a.yaml", "x: 1\r\ny: ü2\n".to_owned()).unwrap();
        let b = sources.add("b.yaml", "z\n".to_owned()).unwrap();
        let at = |start| sources.locate(Span::new(start, start + 1)).unwrap();
        assert_eq!(at(6), Location { file: "a.yaml".into(), line: 2, column: 1 });
        assert_eq!(at(11), Location { file: "a.yaml".into(), line: 2, column: 5 });
        assert_eq!(at(sources.file(b).base), Location { file: "b.yaml".into(), line: 1, column: 1 });
    }
}
