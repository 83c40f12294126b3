//! [`Files`]: the texts that a tree lies over.

use crate::place::Source;

/// Bytes of the joined space that one entry of the table answers for.
const PAGE: u32 = 1 << 10;

/// Neighbouring files. Every look at a text asks for one, so which files a place may be in is kept in a table.
#[derive(Debug, Default)]
pub(crate) struct Files<'s> {
    files: Vec<(u32, &'s str)>,
    /// For each page, how many files begin at or before its first byte.
    pages: Vec<u32>,
}

impl<'s> Files<'s> {
    pub(crate) fn of(sources: impl IntoIterator<Item = &'s Source>) -> Self {
        let files: Vec<_> = sources.into_iter().map(|file| (file.base, file.text.as_str())).collect();
        let mut pages = Vec::new();
        if let [(first, _), _, ..] = files.as_slice() {
            for (at, (base, _)) in (0..).zip(&files) {
                let before = (base - first).div_ceil(PAGE) as usize;
                pages.resize(before.max(pages.len()), at);
            }
        }
        Self { files, pages }
    }

    /// The text between two places of one file.
    pub(crate) fn slice(&self, start: u32, end: u32) -> &'s str {
        let file = match self.files.as_slice() {
            [] => None,
            [file] => Some(file),
            files @ [(first, _), ..] => {
                let page = (start.saturating_sub(*first) / PAGE) as usize;
                let bound = |page: usize| self.pages.get(page).map_or(files.len(), |at| *at as usize);
                // The files before this page's first byte and before the next page's.
                let (from, to) = (bound(page), bound(page + 1));
                let near = files.get(from..to).unwrap_or_default();
                let at = from + near.partition_point(|(base, _)| *base <= start);
                files.get(at.wrapping_sub(1))
            }
        };
        let text = file.and_then(|(base, text)| text.get((start - base) as usize..(end - base) as usize));
        text.unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::Sources;

    #[test]
    fn every_byte_is_found_in_its_file() {
        let mut sources = Sources::new();
        for (i, len) in [0, 5, 1023, 1024, 0, 0, 7, 5000, 1, 1021, 3, 2048, 0].into_iter().enumerate() {
            let letter = char::from(b'a' + u8::try_from(i).unwrap());
            sources.add(i.to_string(), letter.to_string().repeat(len)).unwrap();
        }
        let all: Vec<_> = sources.files().map(|(_, file)| file).collect();
        for skipped in 0..all.len() {
            let files = Files::of(all[skipped..].iter().copied());
            for file in &all[skipped..] {
                for (at, letter) in (file.base..).zip(file.text.split_inclusive(|_| true)) {
                    assert_eq!(files.slice(at, at + 1), letter);
                }
                let end = file.base + u32::try_from(file.text.len()).unwrap();
                assert_eq!(files.slice(file.base, end), file.text);
            }
        }
    }
}
