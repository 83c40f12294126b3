//! Pipelines, commands and their words.

use super::unexpected::{in_pipeline, in_range};
use super::{Parsed, Parser, Reported};
use crate::template::fault::Fault;
use crate::template::lex::{Token, TokenKind};
use crate::template::literal;
use crate::template::tree::{Command, Name, Operand, OperandKind, Pipeline};

impl Parser<'_, '_> {
    /// Commands up to `end`, which is passed.
    pub(super) fn pipeline(&mut self, of: &'static str, end: TokenKind) -> Parsed<Pipeline> {
        self.skip_space();
        let start = self.peek().range.start;
        let mut pipeline = Pipeline::default();
        self.variables(of, &mut pipeline)?;
        let mut last_end = start;
        loop {
            self.skip_space();
            let token = self.peek();
            match token.kind {
                kind if kind == end => {
                    self.at += 1;
                    break;
                }
                TokenKind::Quoted
                | TokenKind::Raw
                | TokenKind::Rune
                | TokenKind::Number
                | TokenKind::Variable
                | TokenKind::Field
                | TokenKind::Dot
                | TokenKind::LeftParen => {}
                TokenKind::Word if !is_keyword(self.spelled(token)) => {}
                _ => return self.unexpected(token),
            }
            let stage = pipeline.commands.len();
            let (command, end) = self.command()?;
            if stage > 0 && is_plain(&command.first.kind) {
                self.faults.push(
                    Fault::syntax(
                        command.first.range.clone(),
                        "a plain value cannot take what comes through the pipe",
                    )
                    .why("every stage behind a `|` is a function, which gets the value as its last argument"),
                );
                return Err(Reported);
            }
            last_end = end;
            pipeline.commands.push(command);
        }
        pipeline.range = start..last_end;
        if pipeline.commands.is_empty() {
            let at = self.tokens.get(self.at - 1).map_or(start..start, |token| token.range.clone());
            self.faults.push(match of {
                "a command" if pipeline.variables.is_empty() => {
                    Fault::syntax(at, "an action without anything in it").fix("write a value, or remove it")
                }
                "a command" => {
                    Fault::syntax(at, "a variable without a value").fix("write the value behind `:=`")
                }
                _ => Fault::syntax(at, format!("{of} without a value")).fix("write one"),
            });
            return Err(Reported);
        }
        Ok(pipeline)
    }

    /// `$x :=`, `$x =`, and in a range `$i, $x :=`.
    fn variables(&mut self, of: &'static str, pipeline: &mut Pipeline) -> Parsed<()> {
        loop {
            self.skip_space();
            let before = self.at;
            let token = self.peek();
            if token.kind != TokenKind::Variable {
                return Ok(());
            }
            let name = Name { text: self.spelled(token)[1..].to_owned(), range: token.range.clone() };
            self.at += 1;
            self.skip_space();
            let next = self.peek();
            match next.kind {
                TokenKind::Declare | TokenKind::Assign => {
                    pipeline.assigns = next.kind == TokenKind::Assign;
                    self.at += 1;
                    pipeline.variables.push(name);
                    return Ok(());
                }
                TokenKind::Char if self.spelled(next) == "," => {
                    self.at += 1;
                    pipeline.variables.push(name);
                    self.skip_space();
                    let more = self.peek();
                    if of != "`range`" || pipeline.variables.len() > 1 || more.kind != TokenKind::Variable {
                        self.faults.push(in_range(next.range.clone(), of == "`range`"));
                        return Err(Reported);
                    }
                }
                _ => {
                    self.at = before;
                    return Ok(());
                }
            }
        }
    }

    /// A command, and where it ends. A `|` behind it is passed.
    fn command(&mut self) -> Parsed<(Command, usize)> {
        let Some(first) = self.operand()? else { return self.unexpected(self.peek()) };
        let mut end = first.range.end;
        let mut arguments = Vec::new();
        loop {
            let token = self.next();
            match token.kind {
                TokenKind::Space => {}
                TokenKind::Pipe => break,
                TokenKind::Close | TokenKind::RightParen => {
                    self.at -= 1;
                    break;
                }
                _ => return self.unexpected(token),
            }
            self.skip_space();
            if let Some(operand) = self.operand()? {
                end = operand.range.end;
                arguments.push(operand);
            }
        }
        Ok((Command { first, arguments }, end))
    }

    /// A word, with the fields that follow it; none where something else begins.
    fn operand(&mut self) -> Parsed<Option<Operand>> {
        let Some(mut operand) = self.term()? else { return Ok(None) };
        let first_field = self.peek().range.clone();
        let mut fields = Vec::new();
        while self.peek().kind == TokenKind::Field {
            let token = self.next();
            fields.push(self.field(token));
        }
        let Some(last) = fields.last() else { return Ok(Some(operand)) };
        let range = operand.range.start..last.range.end;
        operand = match operand.kind {
            OperandKind::Fields(mut first) => {
                first.append(&mut fields);
                Operand { kind: OperandKind::Fields(first), range }
            }
            OperandKind::Variable(name, mut first) => {
                first.append(&mut fields);
                Operand { kind: OperandKind::Variable(name, first), range }
            }
            OperandKind::Function(_) | OperandKind::Pipeline(_) | OperandKind::Chain(..) => {
                Operand { kind: OperandKind::Chain(Box::new(operand), fields), range }
            }
            OperandKind::Dot
            | OperandKind::Nil
            | OperandKind::Bool
            | OperandKind::Number { .. }
            | OperandKind::Text(_) => {
                self.faults.push(Fault::syntax(first_field, "a plain value has no fields"));
                return Err(Reported);
            }
        };
        Ok(Some(operand))
    }

    fn field(&self, token: &Token) -> Name {
        let name = self.spelled(token).trim_start_matches('.').to_owned();
        Name { text: name, range: token.range.clone() }
    }

    fn term(&mut self) -> Parsed<Option<Operand>> {
        let token = self.peek();
        let spelled = self.spelled(token);
        let kind = match token.kind {
            TokenKind::Dot => OperandKind::Dot,
            TokenKind::Field => OperandKind::Fields(vec![self.field(token)]),
            TokenKind::Variable => OperandKind::Variable(spelled[1..].to_owned(), Vec::new()),
            TokenKind::Word => match spelled {
                "nil" => OperandKind::Nil,
                "true" | "false" => OperandKind::Bool,
                word if is_keyword(word) => return Ok(None),
                word => OperandKind::Function(word.to_owned()),
            },
            TokenKind::Raw => OperandKind::Text(literal::raw(spelled)),
            TokenKind::Quoted => match literal::unquote(spelled) {
                Some(text) => OperandKind::Text(text),
                None => {
                    let fault =
                        Fault::syntax(token.range.clone(), "text with an escape that Go does not know");
                    return self
                        .refuse(fault.fix("write `\\\\` for a backslash, or put the text into backticks"));
                }
            },
            TokenKind::Number => match literal::whole_number(spelled) {
                Some(whole) => OperandKind::Number { whole, fraction: literal::has_fraction(spelled) },
                None => {
                    let fault = Fault::syntax(
                        token.range.clone(),
                        format!("`{spelled}` is not a number, or too large"),
                    );
                    return self.refuse(fault);
                }
            },
            TokenKind::Rune => {
                if !literal::is_character(spelled) {
                    let fault = Fault::syntax(token.range.clone(), "text in single quotes");
                    return self.refuse(
                        fault
                            .why("between single quotes stands exactly one character")
                            .fix("write double quotes or backticks"),
                    );
                }
                OperandKind::Number { whole: true, fraction: false }
            }
            TokenKind::LeftParen => return self.parenthesized(token).map(Some),
            _ => return Ok(None),
        };
        self.at += 1;
        Ok(Some(Operand { kind, range: token.range.clone() }))
    }

    fn parenthesized(&mut self, open: &Token) -> Parsed<Operand> {
        self.depth += 1;
        if self.too_deep(&open.range) {
            return Err(Reported);
        }
        self.at += 1;
        let inner = self.pipeline("`( )`", TokenKind::RightParen);
        self.depth -= 1;
        let end = self.tokens.get(self.at - 1).map_or(open.range.end, |token| token.range.end);
        let kind = OperandKind::Pipeline(Box::new(inner?));
        Ok(Operand { kind, range: open.range.start..end })
    }

    fn refuse<T>(&mut self, fault: Fault) -> Parsed<T> {
        self.faults.push(fault);
        Err(Reported)
    }

    fn unexpected<T>(&mut self, token: &Token) -> Parsed<T> {
        if token.kind != TokenKind::Broken {
            let before = self.tokens.iter().find(|before| before.range.end == token.range.start);
            let before = before.filter(|_| token.range.start > 0).map(|before| before.kind);
            self.faults.push(in_pipeline(token, self.spelled(token), before));
        }
        Err(Reported)
    }
}

/// What is no function and no value, wherever it stands.
fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "block" | "break" | "continue" | "define" | "else" | "end" | "if" | "range" | "template" | "with"
    )
}

fn is_plain(kind: &OperandKind) -> bool {
    match kind {
        OperandKind::Dot
        | OperandKind::Nil
        | OperandKind::Bool
        | OperandKind::Number { .. }
        | OperandKind::Text(_) => true,
        OperandKind::Fields(_)
        | OperandKind::Variable(..)
        | OperandKind::Function(_)
        | OperandKind::Pipeline(_)
        | OperandKind::Chain(..) => false,
    }
}
