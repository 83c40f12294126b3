//! A comment to keyloom, taken apart: `ignore CODE, CODE -- reason`.

use keyloom_syntax::Span;
use keyloom_syntax::comment::Comment;
use keyloom_syntax::suggest::suggest;

use crate::code::code;

const IGNORE: &str = "ignore";
const IGNORE_FILE: &str = "ignore-file";
/// What other programs call it.
const OTHERS: [&str; 7] = ["allow", "disable", "disable-file", "nolint", "noqa", "skip", "suppress"];

/// Where findings are set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Those that begin on a line.
    Line(Span),
    /// Those of the whole file.
    File,
}

/// A code in a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Named<'s> {
    pub(super) name: &'s str,
    pub(super) span: Span,
}

/// A comment that sets findings aside, or tries to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Directive<'s> {
    /// The whole comment.
    pub(super) span: Span,
    pub(super) reach: Reach,
    /// What it begins with.
    pub(super) word: &'s str,
    /// What was meant, if that is no word of ours.
    pub(super) misspelt: Option<&'static str>,
    pub(super) codes: Vec<Named<'s>>,
    pub(super) reason: Option<&'s str>,
}

/// Reads a comment. One that only looks like a word to us is left alone: `# keyloom: see the wiki`.
pub(super) fn read<'s>(comment: &Comment<'s>) -> Option<Directive<'s>> {
    let text = comment.text;
    let reason = text.match_indices("--").find(|(at, _)| text[..*at].ends_with([' ', '\t']));
    let (head, reason) = match reason {
        Some((at, _)) => (&text[..at], text[at..].trim_start_matches('-').trim()),
        None => (text, ""),
    };
    // The words end where the comment does.
    let start = comment.span.end.saturating_sub(length(text));
    let mut words = words(head).into_iter();
    let (_, word) = words.next()?;
    let codes = words.map(|(at, name)| {
        let at = start + at;
        Named { name, span: Span::new(at, at + length(name)) }
    });
    let codes: Vec<Named<'s>> = codes.collect();
    let misspelt = match word {
        IGNORE | IGNORE_FILE => None,
        _ => {
            // Prose may begin like this; with a code behind it, it does not.
            codes.iter().find(|named| code(named.name).is_some())?;
            Some(meant(word)?)
        }
    };
    let reach = if word == IGNORE_FILE { Reach::File } else { Reach::Line(comment.line) };
    let reason = Some(reason).filter(|reason| !reason.is_empty());
    Some(Directive { span: comment.span, reach, word, misspelt, codes, reason })
}

/// Words with the bytes before them. People of other programs put codes in brackets, or behind colons.
fn words(text: &str) -> Vec<(u32, &str)> {
    let ends = |c: char| c.is_whitespace() || ",:=[]()".contains(c);
    let mut words = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]).filter(|(_, c)| ends(*c)) {
        if start < at {
            words.push((length(&text[..start]), &text[start..at]));
        }
        start = at + c.len_utf8();
    }
    words
}

/// Bytes of a text in a file, whose spans are 32 bits wide.
fn length(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

fn meant(word: &str) -> Option<&'static str> {
    match suggest(word, [IGNORE, IGNORE_FILE].into_iter()) {
        Some(near) if near == IGNORE_FILE => Some(IGNORE_FILE),
        Some(_) => Some(IGNORE),
        None if OTHERS.contains(&word) => Some(if word.ends_with("-file") { IGNORE_FILE } else { IGNORE }),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The word, what was meant by it, the codes and the reason.
    type Read<'s> = (&'s str, Option<&'static str>, Vec<&'s str>, Option<&'s str>);

    fn directive(text: &str) -> Option<Read<'_>> {
        let end = 100 + length(text);
        let comment = Comment { span: Span::new(90, end), text, line: Span::new(0, 100) };
        let read = read(&comment)?;
        for Named { name, span } in &read.codes {
            let start = usize::try_from(span.start - 100).unwrap();
            assert_eq!(text[start..].get(..name.len()), Some(*name));
        }
        Some((
            read.word,
            read.misspelt,
            read.codes.into_iter().map(|named| named.name).collect(),
            read.reason,
        ))
    }

    #[test]
    fn codes_and_reason_are_taken_apart() {
        for (text, codes, reason) in [
            ("ignore refresh-zero -- it never changes", vec!["refresh-zero"], Some("it never changes")),
            ("ignore refresh-zero, bad-path -- a -- b", vec!["refresh-zero", "bad-path"], Some("a -- b")),
            ("ignore[refresh-zero,bad-path] --x", vec!["refresh-zero", "bad-path"], Some("x")),
            ("ignore: refresh-zero bad-path", vec!["refresh-zero", "bad-path"], None),
            ("ignore refresh-zero -- ", vec!["refresh-zero"], None),
            ("ignore -- why not", vec![], Some("why not")),
            ("ignore", vec![], None),
            ("ignore a--b", vec!["a--b"], None),
        ] {
            assert_eq!(directive(text), Some(("ignore", None, codes, reason)), "{text}");
        }
    }

    #[test]
    fn other_words_are_told_from_prose() {
        let meant = |text| directive(text).map(|(_, meant, _, _)| meant);
        assert_eq!(meant("ignor refresh-zero -- x"), Some(Some("ignore")));
        assert_eq!(meant("ignorefile refresh-zero -- x"), Some(Some("ignore-file")));
        assert_eq!(meant("disable=refresh-zero"), Some(Some("ignore")));
        assert_eq!(meant("see the wiki"), None);
        assert_eq!(meant("ignored by the operator"), None);
        assert_eq!(meant(""), None);
    }
}
