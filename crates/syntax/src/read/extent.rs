//! Where exactly a node lies: the parser's own marks include anchors, trailing blanks and comments.

use saphyr_parser::ScalarStyle;

/// A scalar's place, and whether its value is that place's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The value is the text of the place, without the quotes if there are any.
    pub(super) verbatim: bool,
}

/// The place of a scalar that the parser saw from `start` to at most `limit()`.
pub(super) fn scalar(
    text: &str,
    start: usize,
    limit: impl FnOnce() -> usize,
    value: &str,
    style: ScalarStyle,
    previous: usize,
) -> Extent {
    let bytes = text.as_bytes();
    match style {
        ScalarStyle::Plain if starts_with(bytes, start, value) => {
            Extent { start, end: start + value.len(), verbatim: true }
        }
        ScalarStyle::Plain => Extent { start, end: trimmed(bytes, start, limit()), verbatim: false },
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
            let quote = if style == ScalarStyle::SingleQuoted { b'\'' } else { b'"' };
            let end = start + 1 + value.len();
            if starts_with(bytes, start + 1, value)
                && bytes.get(end) == Some(&quote)
                && !value.as_bytes().contains(&quote)
            {
                return Extent { start, end: end + 1, verbatim: true };
            }
            Extent { start, end: closing_quote(bytes, start, quote), verbatim: false }
        }
        ScalarStyle::Literal | ScalarStyle::Folded => {
            let end = trimmed(bytes, start, limit());
            let start = block_header(bytes, previous, start);
            Extent { start, end: end.max(start + 1).min(bytes.len()), verbatim: false }
        }
    }
}

fn starts_with(bytes: &[u8], at: usize, value: &str) -> bool {
    bytes.get(at..at + value.len()) == Some(value.as_bytes())
}

/// The end without the blanks and line ends before it.
fn trimmed(bytes: &[u8], start: usize, end: usize) -> usize {
    let range = bytes.get(start..end).unwrap_or_default();
    let blanks = range.iter().rev().take_while(|byte| is_space(**byte)).count();
    start + range.len() - blanks
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

/// One past the quote that closes the scalar opened at `start`.
fn closing_quote(bytes: &[u8], start: usize, quote: u8) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        let doubled = quote == b'\'' && *byte == quote && bytes.get(at + 1) == Some(&quote);
        if doubled || (quote == b'"' && *byte == b'\\') {
            at += 2;
        } else if *byte == quote {
            return at + 1;
        } else {
            at += 1;
        }
    }
    bytes.len()
}

/// Where the `|` or `>` of a block scalar stands, whose content begins at `content`; `from` is the end of what was
/// read before it.
fn block_header(bytes: &[u8], from: usize, content: usize) -> usize {
    let mut at = from;
    while at < content {
        match bytes.get(at) {
            Some(b'|' | b'>') => return at,
            Some(b'#' | b'%') => at = skip_while(bytes, at, |byte| !matches!(byte, b'\r' | b'\n')),
            Some(b'&' | b'!') => at = skip_while(bytes, at, |byte| !is_space(byte)),
            _ => at += 1,
        }
    }
    content
}

/// The first byte after the anchor and the tag that stand at `at`, and the blanks and comments behind them.
pub(super) fn after_properties(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = at;
    loop {
        match bytes.get(at) {
            Some(b'&' | b'!') => {
                at = skip_while(bytes, at, |byte| !is_space(byte) && !matches!(byte, b',' | b']' | b'}'))
            }
            Some(b'#') => at = skip_while(bytes, at, |byte| !matches!(byte, b'\r' | b'\n')),
            Some(byte) if is_space(*byte) => at += 1,
            _ => return at,
        }
    }
}

fn skip_while(bytes: &[u8], at: usize, keep: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().take_while(|byte| keep(**byte)).count()
}
