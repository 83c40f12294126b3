//! From tokens to a tree. What cannot be read is reported once; then parsing goes on behind its action.

use std::ops::Range;

use super::fault::Fault;
use super::lex::{Token, TokenKind, tokens};
use super::tree::{Define, Node, Pipeline, Tree};

mod branch;
mod named;
mod pipeline;
mod unexpected;

/// Deeper nesting is nothing that a person writes. Go gives up only at 10 000.
const DEEPEST: usize = 100;

/// What went wrong is said already.
struct Reported;

type Parsed<T> = Result<T, Reported>;

/// Parses a template. Faults are in the order they were found.
pub(super) fn parse(text: &str, faults: &mut Vec<Fault>) -> Tree {
    let tokens = tokens(text, faults);
    let mut parser = Parser {
        text,
        tokens: &tokens,
        at: 0,
        faults,
        defined: Vec::new(),
        ranges: 0,
        depth: 0,
        gave_up: false,
    };
    let nodes = parser.top();
    Tree { nodes, defined: parser.defined }
}

/// What ends a list of nodes.
enum Stop {
    /// `end`
    End,
    /// `else`; `if` or `with` may follow it.
    Else(Range<usize>),
    /// The text is over.
    Text,
}

/// Something that needs an `end`.
struct Opened<'w> {
    word: &'w str,
    range: Range<usize>,
}

struct Parser<'t, 'f> {
    text: &'t str,
    tokens: &'t [Token],
    at: usize,
    faults: &'f mut Vec<Fault>,
    defined: Vec<Define>,
    /// How many `range` are open here, for `break` and `continue`.
    ranges: usize,
    depth: usize,
    gave_up: bool,
}

impl<'t> Parser<'t, '_> {
    /// The token here. The last one is never passed.
    fn peek(&self) -> &'t Token {
        const END: &Token = &Token { kind: TokenKind::End, range: 0..0 };
        self.tokens.get(self.at).or(self.tokens.last()).unwrap_or(END)
    }

    fn next(&mut self) -> &'t Token {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn skip_space(&mut self) {
        while self.peek().kind == TokenKind::Space {
            self.at += 1;
        }
    }

    fn next_word(&mut self) -> &'t Token {
        self.skip_space();
        self.next()
    }

    fn spelled(&self, token: &Token) -> &'t str {
        self.text.get(token.range.clone()).unwrap_or_default()
    }

    /// The word here, if it is that keyword.
    fn is_word(&self, word: &str) -> bool {
        self.peek().kind == TokenKind::Word && self.spelled(self.peek()) == word
    }

    /// Goes on behind the action.
    fn recover(&mut self) {
        while !matches!(self.peek().kind, TokenKind::Close | TokenKind::End) {
            self.at += 1;
        }
        self.at += 1;
    }

    /// Nothing more may stand in this action.
    fn close(&mut self, word: &str) {
        self.skip_space();
        let token = self.peek();
        match token.kind {
            TokenKind::Close | TokenKind::End => self.at += 1,
            TokenKind::Broken => self.recover(),
            _ => {
                self.faults.push(
                    Fault::syntax(token.range.clone(), format!("nothing may follow `{word}`"))
                        .fix(format!("write `{{{{ {word} }}}}`")),
                );
                self.recover();
            }
        }
    }

    fn top(&mut self) -> Vec<Node> {
        let mut nodes = Vec::new();
        loop {
            let at = self.at;
            let (more, stop) = self.list();
            nodes.extend(more);
            let (word, range) = match stop {
                Stop::Text => return nodes,
                Stop::Else(range) => {
                    self.else_ends();
                    ("else", range)
                }
                Stop::End => ("end", self.end_range(at)),
            };
            self.faults.push(
                Fault::syntax(
                    range,
                    format!("`{word}` without an `if`, `with` or `range` that it belongs to"),
                )
                .fix("remove it"),
            );
        }
    }

    /// Where the `end` just read stands.
    fn end_range(&self, from: usize) -> Range<usize> {
        let read = self.tokens.get(from..self.at).unwrap_or_default();
        let end =
            read.iter().rev().find(|token| token.kind == TokenKind::Word && self.spelled(token) == "end");
        end.map_or(0..0, |token| token.range.clone())
    }

    /// Passes what may follow a misplaced `else`.
    fn else_ends(&mut self) {
        self.recover();
    }

    fn list(&mut self) -> (Vec<Node>, Stop) {
        let mut nodes = Vec::new();
        loop {
            let token = self.next();
            match token.kind {
                TokenKind::Text => nodes.push(Node::Text(token.range.clone())),
                TokenKind::Open => {
                    if let Some(stop) = self.action(token.range.start, &mut nodes) {
                        return (nodes, stop);
                    }
                }
                TokenKind::End => {
                    self.at -= 1;
                    return (nodes, Stop::Text);
                }
                // Between actions the lexer makes no other tokens.
                _ => {}
            }
        }
    }

    fn action(&mut self, start: usize, nodes: &mut Vec<Node>) -> Option<Stop> {
        self.skip_space();
        let token = self.peek();
        let word = if token.kind == TokenKind::Word { self.spelled(token) } else { "" };
        let opened = Opened { word, range: token.range.clone() };
        match word {
            "if" | "with" | "range" => {
                self.at += 1;
                let branch = self.branch(&opened);
                nodes.push(match word {
                    "if" => Node::If(branch),
                    "with" => Node::With(branch),
                    _ => Node::Range(branch),
                });
            }
            "end" => {
                self.at += 1;
                self.close(word);
                return Some(Stop::End);
            }
            "else" => {
                self.at += 1;
                self.skip_space();
                if !self.is_word("if") && !self.is_word("with") {
                    self.close(word);
                    self.at -= 1;
                }
                return Some(Stop::Else(opened.range));
            }
            "define" => self.define(&opened),
            "block" => self.block(&opened, start, nodes),
            "template" => self.template(start, nodes),
            "break" | "continue" => {
                self.at += 1;
                self.close(word);
                if self.ranges == 0 {
                    let fault = Fault::syntax(opened.range, format!("`{word}` outside of a `range`"));
                    self.faults.push(fault.fix("remove it"));
                }
                nodes.push(Node::Jump);
            }
            _ => {
                let pipeline = self.pipeline_of_action("a command");
                let end = self.tokens.get(self.at.saturating_sub(1)).map_or(start, |token| token.range.end);
                nodes.push(Node::Action(pipeline, start..end));
            }
        }
        None
    }

    /// A pipeline up to the end of the action; an empty one where it could not be read.
    fn pipeline_of_action(&mut self, of: &'static str) -> Pipeline {
        match self.pipeline(of, TokenKind::Close) {
            Ok(pipeline) => pipeline,
            Err(Reported) => {
                self.recover();
                Pipeline::default()
            }
        }
    }

    fn nested(&mut self, opened: &Opened<'_>) -> (Vec<Node>, Stop) {
        self.depth += 1;
        let list = if self.too_deep(&opened.range) { (Vec::new(), Stop::Text) } else { self.list() };
        self.depth -= 1;
        list
    }

    /// Gives up where nesting passes any purpose.
    fn too_deep(&mut self, range: &Range<usize>) -> bool {
        if self.depth > DEEPEST && !self.gave_up {
            let fault = Fault::syntax(range.clone(), format!("more than {DEEPEST} levels inside each other"));
            self.faults.push(fault.fix("write it flatter"));
            self.gave_up = true;
            self.at = self.tokens.len().saturating_sub(1);
        }
        self.gave_up
    }

    fn never_closed(&mut self, opened: &Opened<'_>) {
        if !self.gave_up {
            let message = format!("`{}` that is never closed", opened.word);
            self.faults
                .push(Fault::syntax(opened.range.clone(), message).fix("write `{{ end }}` where it ends"));
        }
    }
}
