//! `if`, `with` and `range`, with what follows `else`.

use super::{Fault, Opened, Parser, Stop};
use crate::template::lex::TokenKind;
use crate::template::tree::{Branch, Node, Pipeline};

impl Parser<'_, '_> {
    /// Everything of `if`, `with` or `range` behind the word.
    pub(super) fn branch(&mut self, opened: &Opened<'_>) -> Branch {
        let of = match opened.word {
            "if" => "`if`",
            "with" => "`with`",
            _ => "`range`",
        };
        let pipeline = self.pipeline_of_action(of);
        let range = usize::from(opened.word == "range");
        self.ranges += range;
        let (body, mut stop) = self.nested(opened);
        self.ranges -= range;
        let mut otherwise = Vec::new();
        let mut seen_else = false;
        loop {
            let at = match stop {
                Stop::End => break,
                Stop::Text => {
                    self.never_closed(opened);
                    break;
                }
                Stop::Else(at) => at,
            };
            if seen_else {
                let fault = Fault::syntax(at, format!("a second `else` of the same `{}`", opened.word));
                self.faults.push(fault.fix("write `else if` for the first, or remove one"));
                self.else_ends();
            } else if let Some(nested) = self.else_branch(opened) {
                otherwise.push(nested);
                break;
            }
            seen_else = true;
            let (more, next) = self.nested(opened);
            otherwise.extend(more);
            stop = next;
        }
        Branch { pipeline, body, otherwise }
    }

    /// What directly follows `else`: another `if` or `with`, which shares the `end`.
    fn else_branch(&mut self, opened: &Opened<'_>) -> Option<Node> {
        let token = self.peek();
        let word = self.spelled(token);
        if token.kind != TokenKind::Word {
            self.recover();
            return None;
        }
        if word != opened.word {
            self.faults.push(
                Fault::syntax(token.range.clone(), format!("`else {word}` in a `{}`", opened.word))
                    .why("only an `if` goes on with `else if`, and a `with` with `else with`")
                    .fix(format!("write `{{{{ else }}}}{{{{ {word} ... }}}}`, with an `end` of its own")),
            );
            self.recover();
            return None;
        }
        self.at += 1;
        self.depth += 1;
        let branch = match self.too_deep(&token.range) {
            true => Branch { pipeline: Pipeline::default(), body: Vec::new(), otherwise: Vec::new() },
            false => self.branch(&Opened { word, range: token.range.clone() }),
        };
        self.depth -= 1;
        Some(if word == "if" { Node::If(branch) } else { Node::With(branch) })
    }
}
