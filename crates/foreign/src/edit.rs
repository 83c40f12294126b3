//! [`Edit`]: bytes of a text that are replaced by others, and nothing else is touched.

use keyloom_syntax::Span;
use keyloom_syntax::place::Source;
use thiserror::Error;

/// One replacement. An empty span inserts, an empty text removes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// What is replaced, in the joined space of all files.
    pub span: Span,
    /// What it becomes.
    pub text: String,
}

impl Edit {
    /// Replaces a span.
    pub fn replace(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    /// Inserts before the byte.
    pub fn insert(at: u32, text: impl Into<String>) -> Self {
        Self { span: Span::new(at, at), text: text.into() }
    }

    /// Whether both want the same bytes, or one inserts inside of what the other replaces.
    pub fn meets(&self, other: &Self) -> bool {
        let inside = |at: u32, span: Span| span.start < at && at < span.end;
        let (a, b) = (self.span, other.span);
        (a.start < b.end && b.start < a.end)
            || (a.start == b.start && (a.end == b.end || a.start < a.end && b.start < b.end))
            || inside(a.start, b)
            || inside(b.start, a)
    }
}

/// Why edits cannot be made. No edit is made then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum EditError {
    /// Two of them want the same bytes.
    #[error("two edits want the same bytes")]
    Overlap,
    /// A span is not in the file, or begins or ends inside of a character.
    #[error("an edit does not lie in the file")]
    Outside,
}

/// Makes all edits of one file at once. Every byte outside of their spans stays as it is.
///
/// # Errors
/// When two edits meet, or one does not lie in the file.
pub fn apply(file: &Source, edits: &[Edit]) -> Result<String, EditError> {
    let mut sorted: Vec<&Edit> = edits.iter().collect();
    sorted.sort();
    if sorted.windows(2).any(|pair| pair[0].meets(pair[1])) {
        return Err(EditError::Overlap);
    }
    let place = |at: u32| at.checked_sub(file.base).map(|at| at as usize).ok_or(EditError::Outside);
    let mut text = String::with_capacity(file.text.len() + 64);
    let mut done = 0;
    for edit in sorted {
        let (start, end) = (place(edit.span.start)?, place(edit.span.end)?);
        text.push_str(file.text.get(done..start).ok_or(EditError::Outside)?);
        file.text.get(start..end).ok_or(EditError::Outside)?;
        text.push_str(&edit.text);
        done = end;
    }
    text.push_str(file.text.get(done..).ok_or(EditError::Outside)?);
    Ok(text)
}

/// How the lines of a text end: as its first one does.
pub fn line_end(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        Some(_) | None => "\n",
    }
}

#[cfg(test)]
mod tests {
    use keyloom_syntax::Sources;
    use proptest::prelude::*;

    use super::*;

    fn edited(text: &str, edits: &[(u32, u32, &str)]) -> Result<String, EditError> {
        let mut sources = Sources::new();
        sources.add("before.yaml", "a: 1\n".to_owned()).unwrap();
        let id = sources.add("file.yaml", text.to_owned()).unwrap();
        let file = sources.file(id);
        let edits: Vec<_> = edits
            .iter()
            .map(|(start, end, text)| Edit::replace(Span::new(file.base + start, file.base + end), *text))
            .collect();
        apply(file, &edits)
    }

    #[test]
    fn edits_are_made_at_once_in_any_order() {
        assert_eq!(edited("abcdef", &[(4, 5, "E"), (0, 1, ""), (2, 2, "--")]).unwrap(), "b--cdEf");
        assert_eq!(edited("a: ü\r\n", &[(3, 5, "u")]).unwrap(), "a: u\r\n");
        assert_eq!(edited("ab", &[(0, 1, "x"), (1, 2, "y")]).unwrap(), "xy");
        assert_eq!(edited("ab", &[(1, 1, "-"), (1, 2, "y")]).unwrap(), "a-y");
    }

    #[test]
    fn what_cannot_be_made_is_refused_whole() {
        for edits in [[(0, 2, "x"), (1, 3, "y")], [(0, 2, "x"), (1, 1, "y")], [(1, 1, "x"), (1, 1, "y")]] {
            assert_eq!(edited("abc", &edits), Err(EditError::Overlap));
        }
        assert_eq!(edited("ü", &[(1, 1, "x")]), Err(EditError::Outside));
        assert_eq!(edited("a", &[(0, 9, "x")]), Err(EditError::Outside));
    }

    #[test]
    fn lines_end_as_the_first_does() {
        assert_eq!((line_end("a\r\nb\n"), line_end("a\nb\r\n"), line_end("a")), ("\r\n", "\n", "\n"));
    }

    proptest! {
        #[test]
        fn what_is_outside_stays(text in "\\PC{0,40}", cuts in prop::collection::vec(0_usize..41, 0..6)) {
            let chars: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let mut cuts: Vec<u32> =
                cuts.iter().map(|at| u32::try_from(chars[at % chars.len()]).unwrap()).collect();
            cuts.sort_unstable();
            cuts.dedup();
            let edits: Vec<_> = cuts.chunks_exact(2).map(|pair| (pair[0], pair[1], "\u{1}")).collect();
            let result = edited(&text, &edits).unwrap();
            let mut rest = text.clone();
            for (start, end, _) in edits.iter().rev() {
                rest.replace_range(*start as usize..*end as usize, "");
            }
            prop_assert_eq!(result.replace('\u{1}', ""), rest.replace('\u{1}', ""));
            prop_assert_eq!(result.matches('\u{1}').count(), edits.len() + rest.matches('\u{1}').count());
        }
    }
}
