//! What a template writes, as far as it is text: every value is a hole in it.
//!
//! Branches are laid one behind the other, which is how the text reads, if not what comes out.

use std::ops::Range;

use super::fault::Fault;
use super::tree::{Node, OperandKind, Pipeline, Tree};
use super::{Given, Position};

mod url;
mod yaml;

/// Stands for a hole.
const HOLE: char = '\u{0}';

/// A value that is written between texts.
struct Hole<'t> {
    /// The action.
    range: Range<usize>,
    /// Its functions, from the first to the last.
    functions: Vec<&'t str>,
    /// The key that it shows, where it is one.
    key: Option<&'t str>,
    /// Whether it is known what it shows: a variable, for one, may hold what was escaped before.
    plain: bool,
}

/// The text with its holes.
#[derive(Default)]
struct Output<'t> {
    text: String,
    /// Every hole and where it is in the text, in order.
    holes: Vec<(usize, Hole<'t>)>,
    /// Where pieces of the text come from: place in it, place in the template.
    origins: Vec<(usize, usize)>,
}

/// Values that become something else where they are put.
pub(super) fn check(text: &str, tree: &Tree, given: &Given<'_>, faults: &mut Vec<Fault>) {
    if given.position == Position::Transform {
        return;
    }
    let mut output = Output::default();
    output.nodes(text, &tree.nodes);
    url::check(&output, faults);
    match given.position {
        Position::KeysAndValues => yaml::keys_and_values(&output, faults),
        Position::Yaml => yaml::file(&output, faults),
        Position::Value | Position::Transform => {}
    }
}

impl<'t> Output<'t> {
    fn nodes(&mut self, text: &str, nodes: &'t [Node]) {
        for node in nodes {
            match node {
                Node::Text(range) => {
                    self.origins.push((self.text.len(), range.start));
                    self.text.push_str(text.get(range.clone()).unwrap_or_default());
                }
                Node::Action(pipeline, range) if pipeline.variables.is_empty() => self.hole(pipeline, range),
                Node::Action(..) | Node::Jump => {}
                Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
                    self.nodes(text, &branch.body);
                    self.nodes(text, &branch.otherwise);
                }
                Node::Template { action, .. } => {
                    let hole = Hole { range: action.clone(), functions: Vec::new(), key: None, plain: false };
                    self.put(hole);
                }
            }
        }
    }

    fn hole(&mut self, pipeline: &'t Pipeline, range: &Range<usize>) {
        let mut hole = Hole { range: range.clone(), functions: Vec::new(), key: None, plain: true };
        hole.read(pipeline);
        self.put(hole);
    }

    fn put(&mut self, hole: Hole<'t>) {
        self.holes.push((self.text.len(), hole));
        self.text.push(HOLE);
    }

    /// The hole at that place of the text.
    fn hole_at(&self, at: usize) -> Option<&Hole<'t>> {
        let found = self.holes.binary_search_by_key(&at, |(at, _)| *at).ok()?;
        self.holes.get(found).map(|(_, hole)| hole)
    }

    /// Where a stretch of text without holes stands in the template.
    fn origin(&self, range: Range<usize>) -> Range<usize> {
        let piece = self.origins.partition_point(|(at, _)| *at <= range.start);
        let (at, origin) =
            piece.checked_sub(1).and_then(|piece| self.origins.get(piece)).copied().unwrap_or_default();
        let start = origin + range.start - at.min(range.start);
        start..start + range.len()
    }
}

impl<'t> Hole<'t> {
    fn read(&mut self, pipeline: &'t Pipeline) {
        for command in &pipeline.commands {
            match &command.first.kind {
                OperandKind::Function(name) => {
                    let by_name = command.arguments.iter().find_map(|argument| match &argument.kind {
                        OperandKind::Text(text) if name == "index" => Some(text.as_str()),
                        _ => None,
                    });
                    self.key = self.key.or(by_name);
                    for argument in &command.arguments {
                        self.operand(&argument.kind);
                    }
                    self.functions.push(name);
                }
                other => self.operand(other),
            }
        }
    }

    fn operand(&mut self, operand: &'t OperandKind) {
        match operand {
            OperandKind::Fields(names) => self.key = self.key.or(names.last().map(|name| name.text.as_str())),
            OperandKind::Variable(name, fields) if name.is_empty() => {
                self.key = self.key.or(fields.last().map(|name| name.text.as_str()));
            }
            OperandKind::Variable(..) => self.plain = false,
            OperandKind::Pipeline(pipeline) => self.read(pipeline),
            OperandKind::Chain(base, names) => {
                self.operand(&base.kind);
                self.key = names.last().map(|name| name.text.as_str());
            }
            OperandKind::Function(name) => self.functions.push(name),
            OperandKind::Dot
            | OperandKind::Nil
            | OperandKind::Bool
            | OperandKind::Number { .. }
            | OperandKind::Text(_) => {}
        }
    }

    /// Whether one of these functions had a part in it.
    fn passed(&self, functions: &[&str]) -> bool {
        self.functions.iter().any(|function| functions.contains(function))
    }

    /// How messages call it.
    fn words(&self) -> String {
        self.key.map_or_else(|| "the value".to_owned(), |key| format!("the value of `{key}`"))
    }

    /// What to write: a function behind it.
    fn with(&self, function: &str) -> String {
        match self.functions.iter().all(|name| *name == "index") {
            true => format!("write `{{{{ {} | {function} }}}}`", self.spelled()),
            false => format!("write `| {function}` at its end"),
        }
    }

    fn spelled(&self) -> String {
        match self.key {
            Some(key) if key.chars().all(super::lex::is_name) => format!(".{key}"),
            Some(key) => format!("index . \"{key}\""),
            None => "...".to_owned(),
        }
    }
}
