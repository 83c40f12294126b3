//! Text and actions, cut into tokens. A mistake inside an action is said once, and reading goes on behind its `}}`.

use std::ops::Range;

use super::fault::{Fault, FaultKind};

mod words;

/// What begins an action.
const OPEN: &str = "{{";
/// What ends an action.
const CLOSE: &str = "}}";

/// A piece of a template.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) range: Range<usize>,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// Text between actions, without what trim markers take away.
    Text,
    Open,
    Close,
    Space,
    /// `:=`
    Declare,
    /// `=`
    Assign,
    Pipe,
    LeftParen,
    RightParen,
    /// Any other visible ASCII character.
    Char,
    /// `"..."`
    Quoted,
    /// `` `...` ``
    Raw,
    /// `'...'`
    Rune,
    Number,
    /// `$`, `$name`
    Variable,
    /// `.name`
    Field,
    Dot,
    /// A word: a keyword, `true`, `nil` or a function.
    Word,
    /// What cannot be read, and was reported.
    Broken,
    End,
}

/// Cuts a template into tokens; the last one is always [`TokenKind::End`].
pub(super) fn tokens(text: &str, faults: &mut Vec<Fault>) -> Vec<Token> {
    let mut lexer = Lexer { text, at: 0, tokens: Vec::new(), faults };
    while lexer.outside() {}
    lexer.emit(TokenKind::End, text.len());
    lexer.tokens
}

struct Lexer<'t, 'f> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
    faults: &'f mut Vec<Fault>,
}

impl<'t> Lexer<'t, '_> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// A token from `start` to here.
    fn emit(&mut self, kind: TokenKind, start: usize) {
        self.tokens.push(Token { kind, range: start..self.at });
    }

    fn skip(&mut self, accepted: impl Fn(char) -> bool) {
        while self.peek().is_some_and(&accepted) {
            self.next();
        }
    }

    /// Text up to the next action, and that action. False at the end.
    fn outside(&mut self) -> bool {
        let start = self.at;
        let Some(open) = self.rest().find(OPEN) else {
            self.at = self.text.len();
            if self.at > start {
                self.emit(TokenKind::Text, start);
            }
            return false;
        };
        self.at += open;
        let action = self.at;
        let trims = trims_left(self.text.get(action + OPEN.len()..).unwrap_or_default());
        if trims {
            let kept = self.text.get(start..action).unwrap_or_default().trim_end_matches(is_space).len();
            self.at = start + kept;
        }
        if self.at > start {
            self.emit(TokenKind::Text, start);
        }
        self.at = action + OPEN.len();
        let behind_marker = if trims { 2 } else { 0 };
        if self.rest().get(behind_marker..).is_some_and(|rest| rest.starts_with("/*")) {
            self.at += behind_marker;
            self.comment(action);
            return true;
        }
        self.emit(TokenKind::Open, action);
        self.at += behind_marker;
        self.inside(action);
        true
    }

    fn comment(&mut self, action: usize) {
        self.at += "/*".len();
        let Some(end) = self.rest().find("*/") else {
            self.faults.push(
                Fault::syntax(action..self.at, "a comment that is never closed")
                    .fix("write `*/}}` at its end"),
            );
            self.at = self.text.len();
            return;
        };
        self.at += end + 2;
        match self.close_ahead() {
            Some(trims) => self.close(trims, false),
            None => {
                self.faults.push(
                    Fault::syntax(action..self.at, "a comment does not fill its action")
                        .why("`}}` or ` -}}` must follow `*/` at once, and nothing else may stand beside a comment")
                        .fix("give the comment braces of its own: `{{/* ... */}}`"),
                );
                self.leave(self.at, false);
            }
        }
    }

    /// Whether an action ends here, and whether with a trim marker.
    fn close_ahead(&self) -> Option<bool> {
        let rest = self.rest();
        if rest.starts_with(CLOSE) {
            return Some(false);
        }
        let marked = rest.strip_prefix(is_space).and_then(|rest| rest.strip_prefix('-'));
        marked.is_some_and(|rest| rest.starts_with(CLOSE)).then_some(true)
    }

    fn close(&mut self, trims: bool, emits: bool) {
        if trims {
            self.at += 2;
        }
        let start = self.at;
        self.at += CLOSE.len();
        if emits {
            self.emit(TokenKind::Close, start);
        }
        if trims {
            self.skip(is_space);
        }
    }

    /// Leaves an action that cannot be read: goes on behind the next `}}`, or where another action begins before it.
    fn leave(&mut self, from: usize, emits: bool) {
        let rest = self.text.get(from..).unwrap_or_default();
        let close = rest.find(CLOSE);
        let open = rest.find(OPEN).filter(|open| close.is_none_or(|close| *open < close));
        self.at = from;
        if emits {
            self.emit(TokenKind::Broken, from);
        }
        match (open, close) {
            (Some(open), _) => self.at = from + open,
            (None, Some(close)) => self.at = from + close + CLOSE.len(),
            (None, None) => self.at = self.text.len(),
        }
        if emits {
            self.emit(TokenKind::Close, self.at);
        }
    }

    /// What stands in an action that began at `action`.
    fn inside(&mut self, action: usize) {
        let mut open_parens = Vec::new();
        loop {
            if let Some(trims) = self.close_ahead() {
                if let Some(paren) = open_parens.pop() {
                    self.faults.push(
                        Fault::syntax(paren..paren + 1, "a parenthesis that is never closed")
                            .fix("write `)`"),
                    );
                    self.tokens.push(Token { kind: TokenKind::Broken, range: self.at..self.at });
                }
                return self.close(trims, true);
            }
            if self.rest().starts_with(OPEN) || self.at == self.text.len() {
                self.unclosed(action);
                return self.leave(self.at, true);
            }
            let start = self.at;
            let Some(c) = self.peek() else { return };
            if let Err(fault) = self.token(c, &mut open_parens) {
                self.faults.push(*fault);
                // A string that is never closed may have run over the end of its action.
                let from = if matches!(c, '"' | '`' | '\'') { start + 1 } else { self.at };
                return self.leave(from, true);
            }
        }
    }

    fn unclosed(&mut self, action: usize) {
        let range = action..action + OPEN.len();
        let fault = Fault::syntax(range, "an action that is never closed").fix("write `}}` at its end");
        self.faults.push(match self.rest().is_empty() {
            true => fault,
            false => fault.why("another `{{` follows before any `}}`"),
        });
    }

    fn token(&mut self, c: char, open_parens: &mut Vec<usize>) -> Result<(), Box<Fault>> {
        let start = self.at;
        match c {
            c if is_space(c) => self.space(start),
            '"' => return self.quoted(start, '"', TokenKind::Quoted),
            '\'' => return self.quoted(start, '\'', TokenKind::Rune),
            '`' => return self.raw(start),
            '$' => return self.name(start, TokenKind::Variable),
            '.' if !self
                .rest()
                .get(1..)
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) =>
            {
                return self.name(start, TokenKind::Field);
            }
            '.' | '+' | '-' | '0'..='9' => return self.number(start),
            c if is_name(c) => return self.word(start),
            ':' => {
                self.next();
                if self.peek() != Some('=') {
                    let fault = Fault::syntax(start..self.at, "`:` is no part of the template language");
                    return Err(Box::new(fault.fix("a variable is declared with `:=`")));
                }
                self.next();
                self.emit(TokenKind::Declare, start);
            }
            '(' => {
                open_parens.push(start);
                self.one(TokenKind::LeftParen);
            }
            ')' => {
                self.next();
                if open_parens.pop().is_none() {
                    let fault = Fault::syntax(start..self.at, "`)` closes nothing");
                    return Err(Box::new(fault.fix("remove it, or open a parenthesis before it")));
                }
                self.emit(TokenKind::RightParen, start);
            }
            '|' => self.one(TokenKind::Pipe),
            '=' => self.one(TokenKind::Assign),
            '}' | '\\' => {
                self.next();
                return Err(Box::new(words::misplaced(start..self.at, c)));
            }
            c if c.is_ascii_graphic() => self.one(TokenKind::Char),
            c => {
                self.next();
                return Err(Box::new(words::stranger(start..self.at, c)));
            }
        }
        Ok(())
    }

    fn one(&mut self, kind: TokenKind) {
        let start = self.at;
        self.next();
        self.emit(kind, start);
    }

    fn space(&mut self, start: usize) {
        while self.peek().is_some_and(is_space) && self.close_ahead().is_none() {
            self.next();
        }
        if self.at > start {
            self.emit(TokenKind::Space, start);
        }
    }
}

fn trims_left(rest: &str) -> bool {
    rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(is_space))
}

/// Blanks between the words of an action.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// Characters of names. Beyond ASCII this is nearly what Go takes for letters.
pub(super) fn is_name(c: char) -> bool {
    c == '_' || c.is_ascii_digit() || c.is_alphabetic()
}

/// Of the kind of every fault here.
impl Fault {
    pub(super) fn syntax(range: Range<usize>, message: impl Into<String>) -> Self {
        Self::error(FaultKind::Syntax, range, message)
    }
}
