//! The parser counts characters; spans count bytes.

/// Turns character positions into byte positions in the file. Positions come nearly in order, so it walks.
pub(crate) struct Places<'a> {
    text: &'a [u8],
    ascii: bool,
    /// Characters that the parser saw before the text.
    lead: usize,
    skipped: usize,
    chars: usize,
    bytes: usize,
}

impl<'a> Places<'a> {
    /// Positions in `text` without its first `skipped` bytes, behind `lead` characters of our own.
    pub(crate) fn new(text: &'a str, skipped: usize, lead: usize) -> Self {
        let body = text.get(skipped..).unwrap_or("");
        Self { text: text.as_bytes(), ascii: body.is_ascii(), lead, skipped, chars: 0, bytes: skipped }
    }

    /// The byte position of the parser's character `at`.
    pub(crate) fn byte(&mut self, at: usize) -> usize {
        let at = at.saturating_sub(self.lead);
        if self.ascii {
            return (self.skipped + at).min(self.text.len());
        }
        while self.chars < at && self.bytes < self.text.len() {
            self.bytes += 1;
            while self.text.get(self.bytes).is_some_and(is_inside_char) {
                self.bytes += 1;
            }
            self.chars += 1;
        }
        while self.chars > at && self.bytes > self.skipped {
            self.bytes -= 1;
            while self.text.get(self.bytes).is_some_and(is_inside_char) {
                self.bytes -= 1;
            }
            self.chars -= 1;
        }
        self.bytes
    }
}

fn is_inside_char(byte: &u8) -> bool {
    byte & 0xC0 == 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_become_bytes_forwards_and_backwards() {
        let text = "aü€😀z";
        let mut places = Places::new(text, 0, 0);
        for at in [0, 5, 2, 3, 1, 4, 0, 9, 4] {
            let expected = text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte);
            assert_eq!(places.byte(at), expected, "{at}");
        }
        let mut behind = Places::new("\u{feff}äb", 3, 4);
        assert_eq!((behind.byte(0), behind.byte(4), behind.byte(5)), (3, 3, 5));
    }
}
