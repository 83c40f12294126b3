//! Templates with names: `define`, `block`, `template`.

use std::ops::Range;

use super::{Fault, Opened, Parser, Stop};
use crate::template::lex::TokenKind;
use crate::template::literal;
use crate::template::tree::{Define, Node, Pipeline};

impl Parser<'_, '_> {
    /// Nodes up to `end`, where no `else` may stand.
    fn body(&mut self, opened: &Opened<'_>) -> Vec<Node> {
        let ranges = std::mem::take(&mut self.ranges);
        let mut nodes = Vec::new();
        loop {
            let (more, stop) = self.nested(opened);
            nodes.extend(more);
            match stop {
                Stop::End => break,
                Stop::Text => {
                    self.never_closed(opened);
                    break;
                }
                Stop::Else(range) => {
                    self.faults.push(
                        Fault::syntax(range, format!("`else` in a `{}`", opened.word)).fix("remove it"),
                    );
                    self.else_ends();
                }
            }
        }
        self.ranges = ranges;
        nodes
    }

    /// The name that `define`, `block` and `template` need.
    fn name(&mut self, word: &str) -> Option<(String, Range<usize>)> {
        let token = self.next_word();
        let name = match token.kind {
            TokenKind::Quoted => literal::unquote(self.spelled(token)),
            TokenKind::Raw => Some(literal::raw(self.spelled(token))),
            _ => None,
        };
        if name.is_none() {
            self.at -= 1;
            if token.kind != TokenKind::Broken {
                let range = token.range.clone();
                let fault = Fault::syntax(range, format!("`{word}` needs the name of a template, in quotes"));
                self.faults.push(fault.fix(format!("write `{word} \"name\"`")));
            }
        }
        name.map(|name| (name, token.range.clone()))
    }

    pub(super) fn define(&mut self, opened: &Opened<'_>) {
        self.at += 1;
        if self.depth > 0 {
            let fault = Fault::syntax(opened.range.clone(), "`define` inside of something else");
            self.faults.push(fault.fix("move it to the beginning or the end of the template"));
        }
        let name = self.name("define");
        match &name {
            Some(_) => self.close("define \"name\""),
            None => self.recover(),
        }
        let nodes = self.body(opened);
        if let Some((name, range)) = name {
            self.add(name, nodes, range);
        }
    }

    /// Two templates of one name: of which one may be empty.
    fn add(&mut self, name: String, nodes: Vec<Node>, range: Range<usize>) {
        let text = self.text;
        let empty = |nodes: &[Node]| {
            nodes.iter().all(|node| match node {
                Node::Text(range) => text.get(range.clone()).unwrap_or_default().trim().is_empty(),
                _ => false,
            })
        };
        match self.defined.iter_mut().find(|defined| defined.name == name) {
            Some(first) if empty(&first.nodes) => first.nodes = nodes,
            Some(_) if empty(&nodes) => {}
            Some(_) => {
                let fault = Fault::syntax(range, "a second template of the same name");
                self.faults.push(fault.fix("rename one of them"));
            }
            None => self.defined.push(Define { name, nodes }),
        }
    }

    pub(super) fn block(&mut self, opened: &Opened<'_>, start: usize, nodes: &mut Vec<Node>) {
        self.at += 1;
        let name = self.name("block");
        let argument = match &name {
            Some(_) => self.pipeline_of_action("`block`"),
            None => {
                self.recover();
                Pipeline::default()
            }
        };
        let action = start..opened.range.end;
        let body = self.body(opened);
        if let Some((name, range)) = name {
            self.add(name.clone(), body, range.clone());
            nodes.push(Node::Template { name, name_range: range, argument: Some(argument), action });
        }
    }

    pub(super) fn template(&mut self, start: usize, nodes: &mut Vec<Node>) {
        self.at += 1;
        let Some((name, name_range)) = self.name("template") else { return self.recover() };
        self.skip_space();
        let argument = match self.peek().kind {
            TokenKind::Close | TokenKind::End => {
                self.at += 1;
                None
            }
            _ => Some(self.pipeline_of_action("`template`")),
        };
        nodes.push(Node::Template { name, action: start..name_range.end, name_range, argument });
    }
}
