//! How one string is spelled in YAML: plain, quoted, or as a literal block.
//!
//! One table says what every byte may mean to a reader of YAML 1.1 or 1.2; most strings are decided by one look at
//! each of their bytes. In doubt a string is quoted, which is never wrong.

mod table;

use table::{
    APOSTROPHE, COLON, CONTROL, ESCAPED, FIRST, HASH, HIGH, INDICATOR, INNER, LINE, NUMBER, NUMERIC, SPACE,
    TAB, TABLE, WORD,
};

/// Words that some reader takes for a boolean, null, a merge or a default value, whatever their case.
const WORDS: [&str; 12] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "=", "<<"];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

/// Writes a value. A literal block's lines stand at the column `indent`.
pub fn write_value(out: &mut Vec<u8>, value: &str, indent: usize) {
    match style(value) {
        Style::Plain => out.extend_from_slice(value.as_bytes()),
        Style::Single => single(out, value),
        Style::Double => double(out, value),
        Style::Literal => literal(out, value, indent),
    }
}

/// Writes a string as it may stand between brackets: on one line, and plain only without their characters.
pub fn write_flow(out: &mut Vec<u8>, text: &str) {
    match style(text) {
        Style::Plain if !text.contains([',', '[', ']', '{', '}']) => out.extend_from_slice(text.as_bytes()),
        Style::Single => single(out, text),
        Style::Plain | Style::Double | Style::Literal => double(out, text),
    }
}

/// Writes a key and its colon; the key stands at the column `indent`.
pub fn write_key(out: &mut Vec<u8>, key: &str, indent: usize) {
    let start = out.len();
    match style(key) {
        Style::Plain => out.extend_from_slice(key.as_bytes()),
        Style::Single => single(out, key),
        Style::Double | Style::Literal => double(out, key),
    }
    // Readers look for the colon within 1024 characters, unless the key is marked as one.
    if out.len() - start > 1000 {
        out.splice(start..start, *b"? ");
        out.push(b'\n');
        out.resize(out.len() + indent, b' ');
    }
    out.push(b':');
}

fn style(text: &str) -> Style {
    let bytes = text.as_bytes();
    let Some(first) = bytes.first().map(|byte| TABLE[usize::from(*byte)]) else { return Style::Double };
    let seen = bytes.iter().fold(0, |seen, byte| seen | TABLE[usize::from(*byte)]);
    if seen & INNER == 0 && first & FIRST == 0 { Style::Plain } else { careful_style(text, first, seen) }
}

fn careful_style(text: &str, first: u16, seen: u16) -> Style {
    if seen & CONTROL != 0 || seen & HIGH != 0 && text.chars().any(needs_escape) {
        return Style::Double;
    }
    if seen & LINE != 0 {
        return if is_literal(text) { Style::Literal } else { Style::Double };
    }
    if seen & TAB != 0 {
        return Style::Double;
    }
    let quoted = first & INDICATOR != 0
        || first & NUMBER != 0 && (text.starts_with("...") || is_numeric(text))
        || first & WORD != 0 && WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
        || seen & SPACE != 0 && (text.starts_with(' ') || text.ends_with(' '))
        || seen & COLON != 0 && (text.ends_with(':') || text.contains(": "))
        || seen & HASH != 0 && text.contains(" #");
    match quoted {
        false => Style::Plain,
        true if seen & ESCAPED != 0 && seen & APOSTROPHE == 0 => Style::Single,
        true => Style::Double,
    }
}

/// Whether some reader could take it for a number or a date: it has no byte that none of them has.
fn is_numeric(text: &str) -> bool {
    text.bytes().all(|byte| TABLE[usize::from(byte)] & NUMERIC != 0)
}

/// Whether the lines can stand as they are: what the block's header and indent say must be beyond doubt.
fn is_literal(text: &str) -> bool {
    let blank = |c| matches!(c, ' ' | '\t');
    !text.starts_with('\n')
        && !text.starts_with(' ')
        && text.split('\n').all(|line| !line.starts_with('\t') && !line.ends_with(blank))
}

/// Characters that YAML does not print, that it takes for the end of a line, or that an eye cannot see.
fn needs_escape(c: char) -> bool {
    matches!(c,
        '\0'..='\x08' | '\x0B'..='\x1F' | '\x7F'..='\u{A0}' | '\u{AD}'
        | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
        | '\u{FFF0}'..='\u{FFFB}')
        // The last two of every plane are no characters.
        || u32::from(c) & 0xFFFE == 0xFFFE
        || matches!(c, '\u{FDD0}'..='\u{FDEF}' | '\u{E0000}'..='\u{E0FFF}')
}

fn single(out: &mut Vec<u8>, text: &str) {
    out.push(b'\'');
    out.extend_from_slice(text.as_bytes());
    out.push(b'\'');
}

fn double(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut written = 0;
    for (at, c) in text.char_indices() {
        let named = match c {
            '"' => r#"\""#,
            '\\' => r"\\",
            '\n' => r"\n",
            '\t' => r"\t",
            '\r' => r"\r",
            c if needs_escape(c) => "",
            _ => continue,
        };
        out.extend_from_slice(&text.as_bytes()[written..at]);
        written = at + c.len_utf8();
        match (named, u32::from(c)) {
            ("", code @ ..=0xFFFF) => out.extend_from_slice(format!("\\u{code:04X}").as_bytes()),
            ("", code) => out.extend_from_slice(format!("\\U{code:08X}").as_bytes()),
            (named, _) => out.extend_from_slice(named.as_bytes()),
        }
    }
    out.extend_from_slice(&text.as_bytes()[written..]);
    out.push(b'"');
}

/// The caller ends the last line.
fn literal(out: &mut Vec<u8>, text: &str, indent: usize) {
    let (body, header) = match text.strip_suffix('\n') {
        None => (text, "|-"),
        Some(body) if body.ends_with('\n') => (body, "|+"),
        Some(body) => (body, "|"),
    };
    out.extend_from_slice(header.as_bytes());
    for line in body.split('\n') {
        out.push(b'\n');
        if !line.is_empty() {
            out.resize(out.len() + indent, b' ');
            out.extend_from_slice(line.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: &str) -> String {
        let mut out = Vec::new();
        write_value(&mut out, value, 2);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn between_brackets_their_characters_are_quoted() {
        for (text, expected) in [
            ("a b", "a b"),
            ("${A}", "\"${A}\""),
            ("a,b", "\"a,b\""),
            ("a[0]", "\"a[0]\""),
            (r#"{{ "a" }}"#, r#"'{{ "a" }}'"#),
            ("a\nb", r#""a\nb""#),
            ("", "\"\""),
        ] {
            let mut out = Vec::new();
            write_flow(&mut out, text);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }

    #[test]
    fn what_people_write_stays_plain() {
        for text in [
            "postgres",
            "/databases/postgres/host",
            "https://app.infisical.com/api",
            "1h0m0s",
            "0s",
            "5m",
            "my-app",
            "arn:aws:iam::123456789012:role/x",
            "a b",
            "a#b",
            "3scale",
            "~/.ssh",
            "${NAMESPACE}",
            "tls.crt",
            "née",
            "kubernetes.io/tls",
            "postgresql://{{ .user }}:{{ .password }}@{{ .host }}",
            "nothing",
            "once",
            "=a",
        ] {
            assert_eq!(written(text), text);
        }
    }

    #[test]
    fn what_a_reader_could_mistake_is_quoted() {
        for text in [
            "",
            "yes",
            "No",
            "ON",
            "y",
            "N",
            "null",
            "~",
            "True",
            "0755",
            "0x1F",
            "0b11",
            "0o7",
            "1_000",
            "1e3",
            "5432",
            "12:30:00",
            ".inf",
            "-.INF",
            ".NaN",
            "2026-11-21",
            "2026-11-21T08:00:00Z",
            "=",
            "<<",
            "- a",
            "a: b",
            "a:",
            "a #b",
            " a",
            "a ",
            "{a",
            "[a",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a",
            "|",
            ">",
            "---",
            "...",
            "#a",
            "?",
        ] {
            assert_eq!(written(text), format!("\"{text}\""));
        }
    }

    #[test]
    fn quotes_and_escapes_are_the_readable_ones() {
        let cases = [
            (r#"{{ .a | default "b" }}"#, r#"'{{ .a | default "b" }}'"#),
            (r#"{{ "it's" }}"#, r#""{{ \"it's\" }}""#),
            ("a\tb", r#""a\tb""#),
            ("a\r\nb", r#""a\r\nb""#),
            ("\0\u{7F}\u{85}", r#""\u0000\u007F\u0085""#),
            ("\u{2028}\u{FEFF}\u{FFFE}\u{1FFFF}", r#""\u2028\uFEFF\uFFFE\U0001FFFF""#),
            ("a\nb", "|-\n  a\n  b"),
            ("a\n\n b\n", "|\n  a\n\n   b"),
            ("a\n\n\n", "|+\n  a\n\n"),
            (" a\nb", r#"" a\nb""#),
            ("a \nb", r#""a \nb""#),
            ("\na", r#""\na""#),
        ];
        for (text, expected) in cases {
            assert_eq!(written(text), expected);
        }
    }
}
