//! `"\uD83D\uDE00"`: JSON's spelling of a character beyond 16 bits, which the YAML parser does not know.
//!
//! The parser gets a copy in which each half of a pair is moved from U+D800.. to U+E800.., a private range: the same
//! length, and a character it accepts. Afterwards the scalars are put right with the source text beside them.

/// Whether the text holds such a pair.
pub(super) fn present(text: &str) -> bool {
    pairs(text.as_bytes()).next().is_some()
}

/// The text with stand-ins.
pub(super) fn replaced(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for at in pairs(text.as_bytes()) {
        for digit in [at + 2, at + 8] {
            if let Some(byte) = bytes.get_mut(digit) {
                *byte = b'E';
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// Where pairs begin: at a backslash that is not itself escaped.
fn pairs(text: &[u8]) -> impl Iterator<Item = usize> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(found) = text.get(at..).and_then(|rest| rest.iter().position(|b| *b == b'\\')) {
            let here = at + found;
            let high = unit(text, here).is_some_and(|unit| (0xD800..0xDC00).contains(&unit));
            if high && unit(text, here + 6).is_some_and(|unit| (0xDC00..0xE000).contains(&unit)) {
                at = here + 12;
                return Some(here);
            }
            at = here + 2;
        }
        None
    })
}

/// The four digits of a `\u....` at that place.
fn unit(text: &[u8], at: usize) -> Option<u32> {
    let escape = text.get(at..at + 6)?;
    let digits = escape.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |value, digit| Some(value * 16 + char::from(*digit).to_digit(16)?))
}

/// A double-quoted value read from the copy, put right. `source` is the scalar as written, with its quotes.
pub(super) fn restore_quoted(value: &str, source: &str) -> String {
    let mut origins = stand_in_origins(source).into_iter();
    let mut out = String::with_capacity(value.len());
    let mut high = None;
    for c in value.chars() {
        match (is_stand_in(c).then(|| origins.next()).flatten(), high.take()) {
            (Some(true), None) => high = Some(u32::from(c)),
            (Some(true), Some(first)) => {
                let code = 0x10000 + ((first & 0x3FF) << 10) + (u32::from(c) & 0x3FF);
                out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            _ => out.push(c),
        }
    }
    out
}

fn is_stand_in(c: char) -> bool {
    ('\u{E800}'..='\u{EFFF}').contains(&c)
}

/// For each character of the private range that the copy yields, in order, whether it stands for half a pair.
fn stand_in_origins(source: &str) -> Vec<bool> {
    let bytes = source.as_bytes();
    let mut origins = Vec::new();
    let mut pairs = pairs(bytes).peekable();
    let mut at = 0;
    while let Some(c) = source.get(at..).and_then(|rest| rest.chars().next()) {
        if pairs.next_if_eq(&at).is_some() {
            origins.extend([true, true]);
            at += 12;
        } else if c == '\\' {
            let long = source.get(at + 2..at + 10).filter(|_| bytes.get(at + 1) == Some(&b'U'));
            let code =
                long.and_then(|digits| u32::from_str_radix(digits, 16).ok()).or_else(|| unit(bytes, at));
            if code.and_then(char::from_u32).is_some_and(is_stand_in) {
                origins.push(false);
            }
            at += 1 + source.get(at + 1..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        } else {
            if is_stand_in(c) {
                origins.push(false);
            }
            at += c.len_utf8();
        }
    }
    origins
}

/// Any other value read from the copy, put right: there the escapes are ordinary text that stands in the source too.
pub(super) fn restore_text(value: &str, source: &str) -> String {
    let mut out = value.as_bytes().to_vec();
    let written = source.as_bytes();
    for (to, from) in escapes(value.as_bytes()).zip(escapes(written)) {
        if let (Some(to), Some(from)) = (out.get_mut(to..to + 6), written.get(from..from + 6)) {
            to.copy_from_slice(from);
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| value.to_owned())
}

/// Where `\u....` stands in the text with a value that is, or could be, a stand-in or half a pair.
fn escapes(text: &[u8]) -> impl Iterator<Item = usize> {
    (0..text.len()).filter(move |at| {
        text[*at] == b'\\'
            && unit(text, *at).is_some_and(|unit| matches!(unit, 0xD800..=0xDFFF | 0xE800..=0xEFFF))
    })
}
