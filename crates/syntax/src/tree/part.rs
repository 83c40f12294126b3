//! Places inside of a scalar, for what is itself a language: a template, a pattern.

use std::ops::Range;

use super::{Node, OWNED, QUOTED, index};
use crate::place::Span;

impl Node<'_> {
    /// Where a stretch of a scalar's text stands, by its bytes; of several lines the first.
    ///
    /// None where the text does not stand in the source as it is: with escapes, or folded.
    pub fn part(self, range: Range<usize>) -> Option<Span> {
        let raw = self.raw()?;
        let text = self.scalar()?;
        text.get(range.clone())?;
        if raw.flags & OWNED == 0 {
            let start = raw.start + u32::from(raw.flags & QUOTED != 0);
            return Some(Span::new(start + index(range.start), start + index(range.end)));
        }
        let source = self.tree.files.slice(raw.start, raw.end);
        let found = in_block(source, text, range)?;
        Some(Span::new(raw.start + index(found.start), raw.start + index(found.end)))
    }
}

/// Lines of a literal block scalar are those of its text, further in.
fn in_block(source: &str, text: &str, range: Range<usize>) -> Option<Range<usize>> {
    if !source.starts_with('|') {
        return None;
    }
    let before = text.get(..range.start)?;
    let column = range.start - before.rfind('\n').map_or(0, |at| at + 1);
    let number = before.matches('\n').count();
    let line = text.split('\n').nth(number)?;
    let mut start = 0;
    for (i, written) in source.split('\n').enumerate() {
        if i == number + 1 {
            let written = written.strip_suffix('\r').unwrap_or(written);
            let indent = written.strip_suffix(line)?;
            if !indent.bytes().all(|byte| byte == b' ') {
                return None;
            }
            let at = start + indent.len() + column;
            let length = range.len().min(line.len() - column.min(line.len()));
            return Some(at..at + length);
        }
        start += written.len() + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::place::Sources;

    /// The source at the place of `part` in the value of `key`.
    fn found(text: &str, part: &str) -> Option<String> {
        let mut sources = Sources::new();
        sources.add("a.yaml", text.to_owned()).unwrap();
        let (tree, diagnostics) = crate::parse(&sources, &crate::Budget::default());
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let node = tree.documents().next().unwrap().get("key").unwrap();
        let at = node.scalar().unwrap().find(part).unwrap();
        let span = node.part(at..at + part.len())?;
        Some(text[span.start as usize..span.end as usize].to_owned())
    }

    #[test]
    fn parts_are_found_where_the_text_stands_as_it_is() {
        for text in [
            "key: a ü {{ b }}\n",
            "key: \"a {{ b }} c\"\n",
            "key: 'a {{ b }} c'\n",
            "key: |\n  x: y\n\n   z {{ b }}\n",
            "key: |-\r\n  x\r\n  z {{ b }}\r\n",
            "key: |2+ # words\n    {{ b }}\n",
            "other: &a '{{ b }}'\nkey: *a\n",
        ] {
            assert_eq!(found(text, "{{ b }}").as_deref(), Some("{{ b }}"), "{text}");
        }
    }

    #[test]
    fn escapes_and_folds_have_no_places() {
        for text in [
            "key: \"\\ta {{ b }}\"\n",
            "key: 'it''s {{ b }}'\n",
            "key: >\n  a\n  {{ b }}\n",
            "key: a\n  {{ b }}\n",
        ] {
            assert_eq!(found(text, "{{ b }}"), None, "{text}");
        }
        assert_eq!(found("key: |\n  a {{ b\n  c }}\n", "{{ b\nc }}").as_deref(), Some("{{ b"));
    }
}
