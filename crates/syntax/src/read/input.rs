//! The text as the parser's input: nearly all of YAML is ASCII, so it goes by bytes and decodes the rest.

use saphyr_parser::Input;
use saphyr_parser::input::SkipTabs;

/// Text from which characters are taken at the front. Behind the end it answers `\0`.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    text: &'a str,
    bytes: &'a [u8],
    /// How many bytes are taken; always between two characters.
    at: usize,
    asked: usize,
    /// What comes when the text is used up.
    next: Option<&'a str>,
}

/// The scanner reserves room for so many characters with every word.
const BLOCK: usize = 24;

impl<'a> Text<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0, asked: 0, next: None }
    }

    /// A text behind some lines of our own; their positions count too.
    pub(super) fn behind(lines: &'a str, text: &'a str) -> Self {
        Self { next: Some(text), ..Self::new(lines) }
    }

    #[inline]
    fn byte(&self, at: usize) -> u8 {
        match self.bytes.get(self.at + at) {
            Some(byte) => *byte,
            None => self.byte_of_next(self.at + at - self.bytes.len()),
        }
    }

    #[cold]
    fn byte_of_next(&self, at: usize) -> u8 {
        self.next.and_then(|next| next.as_bytes().get(at)).copied().unwrap_or(0)
    }

    /// Goes over to what comes next. Lines of our own end with a line end, which is skipped as a character: nowhere
    /// else does this need to be looked after.
    #[cold]
    fn turn(&mut self) {
        if let Some(next) = self.next.take() {
            *self = Self { asked: self.asked, ..Self::new(next) };
        }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or("")
    }

    /// Leaves the line's rest behind; how many characters that was.
    fn skip_line(&mut self) -> usize {
        let rest = self.rest();
        let line = &rest[..rest.find(ends_line).unwrap_or(rest.len())];
        self.at += line.len();
        if line.is_ascii() { line.len() } else { line.chars().count() }
    }

    fn is_marker(&self, mark: &str) -> bool {
        self.bytes.get(self.at..self.at + 3) == Some(mark.as_bytes())
            && matches!(self.byte(3), 0 | b' ' | b'\t' | b'\n' | b'\r')
    }
}

fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\0' | '\u{feff}')
}

fn is_flow(byte: u8) -> bool {
    matches!(byte, b',' | b'[' | b']' | b'{' | b'}')
}

impl Input for Text<'_> {
    #[inline]
    fn lookahead(&mut self, count: usize) {
        self.asked = self.asked.max(count);
    }

    #[inline]
    fn buflen(&self) -> usize {
        self.asked
    }

    #[inline]
    fn bufmaxlen(&self) -> usize {
        BLOCK
    }

    #[inline]
    fn raw_read_ch(&mut self) -> char {
        let c = self.peek();
        self.skip();
        c
    }

    #[inline]
    fn raw_read_non_breakz_ch(&mut self) -> Option<char> {
        let c = self.peek_opt().filter(|c| !ends_line(*c))?;
        self.skip();
        Some(c)
    }

    #[inline]
    fn skip(&mut self) {
        match self.bytes.get(self.at) {
            None => {}
            Some(byte) if byte.is_ascii() => {
                self.at += 1;
                if self.at == self.bytes.len() {
                    self.turn();
                }
            }
            Some(_) => self.at += self.peek().len_utf8(),
        }
    }

    #[inline]
    fn skip_n(&mut self, count: usize) {
        for _ in 0..count {
            self.skip();
        }
    }

    #[inline]
    fn peek(&self) -> char {
        match self.bytes.get(self.at) {
            None => '\0',
            Some(byte) if byte.is_ascii() => char::from(*byte),
            Some(_) => self.rest().chars().next().unwrap_or('\0'),
        }
    }

    #[inline]
    fn peek_nth(&self, n: usize) -> char {
        match self.bytes.get(self.at..=self.at + n) {
            Some(next) if next.is_ascii() => next.last().map_or('\0', |byte| char::from(*byte)),
            _ => self.rest().chars().chain(self.next.unwrap_or("").chars()).nth(n).unwrap_or('\0'),
        }
    }

    #[inline]
    fn peek_opt(&self) -> Option<char> {
        (self.at < self.bytes.len()).then(|| self.peek())
    }

    #[inline]
    fn next_2_are(&self, first: char, second: char) -> bool {
        self.peek() == first && self.peek_nth(1) == second
    }

    #[inline]
    fn next_3_are(&self, first: char, second: char, third: char) -> bool {
        self.next_2_are(first, second) && self.peek_nth(2) == third
    }

    #[inline]
    fn next_is_document_indicator(&self) -> bool {
        matches!(self.byte(0), b'-' | b'.') && (self.is_marker("---") || self.is_marker("..."))
    }

    #[inline]
    fn next_is_document_start(&self) -> bool {
        self.byte(0) == b'-' && self.is_marker("---")
    }

    #[inline]
    fn next_is_document_end(&self) -> bool {
        self.byte(0) == b'.' && self.is_marker("...")
    }

    fn skip_ws_to_eol(&mut self, skip_tabs: SkipTabs) -> (usize, Result<SkipTabs, &'static str>) {
        let (mut spaces, mut tabs) = (0, 0);
        loop {
            match self.byte(spaces + tabs) {
                b' ' => spaces += 1,
                b'\t' if skip_tabs != SkipTabs::No => tabs += 1,
                _ => break,
            }
        }
        self.at += spaces + tabs;
        let mut taken = spaces + tabs;
        if self.byte(0) == b'#' {
            if taken == 0 {
                return (0, Err("comments must be separated from other tokens by whitespace"));
            }
            taken += self.skip_line();
        }
        (taken, Ok(SkipTabs::Result(tabs > 0, spaces > 0)))
    }

    fn skip_while_non_breakz(&mut self) -> usize {
        self.skip_line()
    }

    /// Asked before every character of a plain scalar: most are decided by one byte.
    #[inline]
    fn next_can_be_plain_scalar(&self, in_flow: bool) -> bool {
        match self.byte(0) {
            b':' => {
                let next = self.byte(1);
                !(matches!(next, b' ' | b'\t' | b'\n' | b'\r' | 0) || in_flow && is_flow(next))
            }
            // The first byte of a byte order mark.
            0xEF => self.peek() != '\u{feff}',
            byte => !(in_flow && is_flow(byte)),
        }
    }

    #[inline]
    fn next_is_breakz(&self) -> bool {
        matches!(self.byte(0), b'\n' | b'\r' | 0)
    }

    #[inline]
    fn next_is_z(&self) -> bool {
        self.byte(0) == 0
    }

    #[inline]
    fn next_is_flow(&self) -> bool {
        is_flow(self.byte(0))
    }

    #[inline]
    fn next_is_blank_or_breakz(&self) -> bool {
        matches!(self.byte(0), b' ' | b'\t' | b'\n' | b'\r' | 0)
    }

    #[inline]
    fn next_is_blank_or_break(&self) -> bool {
        matches!(self.byte(0), b' ' | b'\t' | b'\n' | b'\r')
    }

    #[inline]
    fn next_is_blank(&self) -> bool {
        matches!(self.byte(0), b' ' | b'\t')
    }

    #[inline]
    fn next_is_break(&self) -> bool {
        matches!(self.byte(0), b'\n' | b'\r')
    }
}

#[cfg(test)]
mod tests {
    use saphyr_parser::Parser;

    use super::*;

    /// Events, and the fault at the end if there is one, as the parser's own input gives them.
    fn same(text: &str) {
        let ours: Vec<_> = Parser::new(Text::new(text)).take_while_inclusive().collect();
        let theirs: Vec<_> = Parser::new_from_str(text).take_while_inclusive().collect();
        assert_eq!(ours, theirs, "{text:?}");
        let behind: Vec<_> = Parser::new(Text::behind("_:\n", text)).take_while_inclusive().collect();
        let joined = format!("_:\n{text}");
        let theirs: Vec<_> = Parser::new_from_str(&joined).take_while_inclusive().collect();
        assert_eq!(behind, theirs, "{text:?}");
    }

    trait UpToFault: Iterator + Sized {
        fn take_while_inclusive(self) -> impl Iterator<Item = Self::Item>;
    }

    impl<T, E, I: Iterator<Item = Result<T, E>>> UpToFault for I {
        fn take_while_inclusive(self) -> impl Iterator<Item = Self::Item> {
            let mut ended = false;
            self.take_while(move |item| !std::mem::replace(&mut ended, item.is_err()))
        }
    }

    #[test]
    fn the_parser_sees_what_its_own_input_shows() {
        for text in [
            "",
            "a",
            "ü: [1, 'x'] # é\n- |\n  a\n",
            "---\n...\n--- a\n",
            "a:\t#\n",
            "\"a\\\n  b\" # c",
            "a: b #é\nc",
        ] {
            same(text);
        }
    }

    proptest::proptest! {
        #[test]
        fn and_so_for_any_text(parts in proptest::collection::vec(proptest::sample::select(PARTS), 0..30)) {
            same(&parts.concat());
        }
    }

    const PARTS: &[&str] = &[
        "a: ",
        "b",
        "- ",
        "-",
        "? ",
        ":",
        "\n",
        "\n  ",
        "\t",
        "\r\n",
        "\r",
        " ",
        "[",
        "]",
        "{",
        "}",
        ",",
        "&x",
        "*x",
        "!t",
        "'",
        "\"",
        "\\",
        "\\u00e9",
        "|",
        ">-",
        "|2+",
        "#",
        " # ü",
        "---",
        "...",
        "\n---\n",
        "%TAG ! a\n",
        "ü",
        "😀",
        "\u{feff}",
        "\0",
        "                         ",
    ];
}
