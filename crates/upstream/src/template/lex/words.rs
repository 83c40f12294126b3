//! Names, texts and numbers of an action.

use std::ops::Range;

use super::{CLOSE, Lexer, TokenKind, is_name, is_space};
use crate::template::fault::Fault;

impl Lexer<'_, '_> {
    /// `"..."` or `'...'`, on one line.
    pub(super) fn quoted(&mut self, start: usize, quote: char, kind: TokenKind) -> Result<(), Box<Fault>> {
        self.next();
        loop {
            let mut c = self.next();
            if c == Some('\\') {
                c = self.next().map(|c| if c == '\n' { c } else { ' ' });
            }
            match c {
                Some(c) if c == quote => break,
                None | Some('\n') => {
                    let what = if quote == '"' { "text" } else { "a character" };
                    let fault =
                        Fault::syntax(start..start + 1, format!("{what} in quotes that are never closed"));
                    return Err(Box::new(fault.fix(format!("write `{quote}` at its end, on the same line"))));
                }
                Some(_) => {}
            }
        }
        self.emit(kind, start);
        Ok(())
    }

    pub(super) fn raw(&mut self, start: usize) -> Result<(), Box<Fault>> {
        self.next();
        let Some(end) = self.rest().find('`') else {
            let fault = Fault::syntax(start..start + 1, "text in backticks that are never closed");
            return Err(Box::new(fault.fix("write a backtick at its end")));
        };
        self.at += end + 1;
        self.emit(TokenKind::Raw, start);
        Ok(())
    }

    /// `.name`, `.`, `$name` or `$`.
    pub(super) fn name(&mut self, start: usize, kind: TokenKind) -> Result<(), Box<Fault>> {
        self.next();
        self.skip(is_name);
        let bare = self.at == start + 1;
        if !self.terminated() {
            return Err(Box::new(self.not_a_name(start)));
        }
        self.emit(if bare && kind == TokenKind::Field { TokenKind::Dot } else { kind }, start);
        Ok(())
    }

    pub(super) fn word(&mut self, start: usize) -> Result<(), Box<Fault>> {
        self.skip(is_name);
        if !self.terminated() {
            return Err(Box::new(self.not_a_name(start)));
        }
        self.emit(TokenKind::Word, start);
        Ok(())
    }

    /// Whether a name may end here.
    fn terminated(&self) -> bool {
        match self.peek() {
            None | Some('.' | ',' | '|' | ':' | ')' | '(') => true,
            Some(c) => is_space(c) || self.rest().starts_with(CLOSE),
        }
    }

    /// A name goes on with a character that names cannot have: a key with a dash, most often.
    fn not_a_name(&mut self, start: usize) -> Fault {
        let bad = self.peek().unwrap_or(' ');
        let stops = |c: char| is_space(c) || matches!(c, '|' | ')' | '(' | ',' | '}' | '{' | '"' | '`');
        let rest = self.rest();
        let end = self.at + rest.find(stops).unwrap_or(rest.len());
        let whole = self.text.get(start..end).unwrap_or_default();
        let key = whole.trim_start_matches(['.', '$']);
        let range = start..end.max(start + 1);
        self.at = end;
        let is_key = key.chars().all(|c| is_name(c) || matches!(c, '-' | '.' | '/' | ':' | '@' | '~'))
            && !key.is_empty();
        if is_key && whole.starts_with(['.', '$']) {
            let of = if whole.starts_with("$.") || whole.starts_with('$') { "$" } else { "." };
            return Fault::syntax(range, format!("`{whole}` is not one name: `{bad}` ends it"))
                .why("a name after a dot has letters, digits and `_` alone")
                .fix(format!("write `index {of} \"{key}\"`"));
        }
        let word = self.text.get(start..self.at).unwrap_or_default();
        match bad {
            '"' | '`' | '{' | '}' => {
                Fault::syntax(range, format!("a blank is missing after `{word}`")).fix("write one")
            }
            bad => Fault::syntax(range, format!("{} cannot stand in a name", shown(bad)))
                .fix("names of fields, variables and functions have letters, digits and `_` alone"),
        }
    }

    pub(super) fn number(&mut self, start: usize) -> Result<(), Box<Fault>> {
        let mut good = self.scan_number();
        if good && matches!(self.peek(), Some('+' | '-')) {
            good = self.scan_number() && self.text.get(..self.at).is_some_and(|text| text.ends_with('i'));
        }
        if good {
            self.emit(TokenKind::Number, start);
            return Ok(());
        }
        self.skip(|c| is_name(c) || c == '.');
        let word = self.text.get(start..self.at).unwrap_or_default();
        Err(Box::new(
            Fault::syntax(start..self.at, format!("`{word}` is not a number"))
                .fix("write text in quotes; a key that begins with a digit is read with `index . \"...\"`"),
        ))
    }

    fn scan_number(&mut self) -> bool {
        let accept = |lexer: &mut Self, set: &str| {
            let found = lexer.peek().is_some_and(|c| set.contains(c));
            if found {
                lexer.next();
            }
            found
        };
        accept(self, "+-");
        let mut digits = "0123456789_";
        if accept(self, "0") {
            if accept(self, "xX") {
                digits = "0123456789abcdefABCDEF_";
            } else if accept(self, "oO") {
                digits = "01234567_";
            } else if accept(self, "bB") {
                digits = "01_";
            }
        }
        self.skip(|c| digits.contains(c));
        if accept(self, ".") {
            self.skip(|c| digits.contains(c));
        }
        let exponent = match digits.len() {
            11 => "eE",
            23 => "pP",
            _ => "",
        };
        if accept(self, exponent) {
            accept(self, "+-");
            self.skip(|c| c.is_ascii_digit() || c == '_');
        }
        accept(self, "i");
        !self.peek().is_some_and(is_name)
    }
}

/// What is said of a character that no action has.
pub(super) fn stranger(range: Range<usize>, c: char) -> Fault {
    let fault = Fault::syntax(range, format!("{} cannot stand in an action", shown(c)));
    match c {
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{2018}' | '\u{2019}' => {
            fault.fix("write straight quotes: `\"`")
        }
        '\u{a0}' => fault.why("it is a space that does not break").fix("write an ordinary space"),
        _ => fault.fix("put it into quotes, or outside of `{{ }}`"),
    }
}

/// A character as messages show it.
fn shown(c: char) -> String {
    if c.is_control() || c.is_whitespace() { format!("U+{:04X}", u32::from(c)) } else { format!("`{c}`") }
}

/// What is said of two characters that stand in an action by mistake alone.
pub(super) fn misplaced(range: Range<usize>, c: char) -> Fault {
    match c {
        '}' => {
            Fault::syntax(range, "`}` in an action").why("an action ends with two braces").fix("write `}}`")
        }
        _ => Fault::syntax(range, "`\\` in an action")
            .why("quotes that YAML escapes reach the template without the `\\`; this one is left over")
            .fix("write the quotes without it, or use backticks"),
    }
}
