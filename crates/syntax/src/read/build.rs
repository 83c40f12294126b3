//! Events of the parser to nodes of the arena.

mod aliases;
mod pieces;
mod scalars;

use saphyr_parser::{Event, Span as Marks, Tag};

use crate::diagnostic::{Diagnostic, Label};
use crate::place::{Source, Span};
use crate::tree::{Kind, NodeId, Raw, RawKind, Tree, index};

use super::places::Places;
use super::tags::{self, Wanted};
use super::{Budget, MAX_PROBLEMS, extent, keys, wording};

/// The file cannot be read on; why was reported.
pub(super) struct Stop;

/// A collection that is still open.
struct Frame {
    node: u32,
    mapping: bool,
    key_next: bool,
    anchor: usize,
    /// Nodes of the subtree so far, aliases counted as what they stand for.
    size: u64,
    /// Levels below this one, aliases counted likewise.
    height: u32,
}

/// A node with an anchor; `None` while it is open.
type Anchor = Option<(NodeId, u64, u32)>;

pub(super) struct Builder<'b, 's> {
    tree: &'b mut Tree<'s>,
    problems: &'b mut Vec<Diagnostic>,
    first_problem: usize,
    text: &'s str,
    base: u32,
    places: Places<'b>,
    budget: &'b Budget,
    frames: Vec<Frame>,
    /// Anchors of this document, by the parser's number less `first_anchor`.
    anchors: Vec<Anchor>,
    first_anchor: usize,
    /// Nodes that the file's aliases stand for.
    expanded: u64,
    /// One past the last byte that belongs to a node.
    last_end: usize,
    /// Lengths of `tree.nodes` and `tree.owned` where the document began.
    document: (usize, usize),
    /// The parser reads a copy with stand-ins for surrogate pairs.
    pub(super) stand_ins: bool,
}

impl<'b, 's> Builder<'b, 's> {
    pub(super) fn new(
        file: &'s Source,
        places: Places<'b>,
        budget: &'b Budget,
        tree: &'b mut Tree<'s>,
        problems: &'b mut Vec<Diagnostic>,
    ) -> Self {
        let document = (tree.nodes.len(), tree.owned.len());
        Self {
            first_problem: problems.len(),
            tree,
            problems,
            text: &file.text,
            base: file.base,
            places,
            budget,
            frames: Vec::new(),
            anchors: Vec::new(),
            first_anchor: 1,
            expanded: 0,
            last_end: 0,
            document,
            stand_ins: false,
        }
    }

    /// Takes the next event.
    pub(super) fn event(&mut self, event: Event<'_>, marks: &Marks) -> Result<(), Stop> {
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                self.scalar(value, style, anchor, tag.as_deref(), marks);
                Ok(())
            }
            Event::MappingStart(anchor, tag) => self.open(Kind::Mapping, anchor, tag.as_deref(), marks),
            Event::SequenceStart(anchor, tag) => self.open(Kind::Sequence, anchor, tag.as_deref(), marks),
            Event::MappingEnd | Event::SequenceEnd => {
                self.close(marks);
                Ok(())
            }
            Event::Alias(anchor) => self.alias(anchor, marks),
            Event::DocumentStart(_) => {
                self.document = (self.tree.nodes.len(), self.tree.owned.len());
                self.first_anchor += self.anchors.len();
                self.anchors.clear();
                Ok(())
            }
            Event::DocumentEnd => {
                self.finish_document();
                Ok(())
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd => Ok(()),
        }
    }

    /// The bracket that is open, if one is: inside of brackets there are only such collections.
    pub(super) fn open_bracket(&self) -> Option<Span> {
        let start = self.tree.nodes.get(self.frames.last()?.node as usize)?.start;
        let opens = self.text.as_bytes().get((start - self.base) as usize)?;
        matches!(opens, b'[' | b'{').then(|| Span::new(start, start + 1))
    }

    /// Drops the document that cannot be finished.
    pub(super) fn abandon(&mut self) {
        self.tree.nodes.truncate(self.document.0);
        self.tree.owned.truncate(self.document.1);
    }

    fn finish_document(&mut self) {
        let root = index(self.document.0);
        let Some(raw) = self.tree.nodes.get(self.document.0) else { return };
        if raw.kind == RawKind::Value(Kind::Null) && raw.start == raw.end {
            self.abandon();
        } else {
            self.tree.roots.push(NodeId(root));
        }
    }

    fn open(&mut self, kind: Kind, anchor: usize, tag: Option<&Tag>, marks: &Marks) -> Result<(), Stop> {
        let mut start = self.places.byte(marks.start.index());
        if anchor > 0 || tag.is_some() {
            start = extent::after_properties(self.text, start);
        }
        let at = self.global(start);
        if index(self.frames.len()) >= self.budget.max_depth {
            self.report(wording::too_deep(Span::new(at, at + 1), self.budget.max_depth));
            return Err(Stop);
        }
        if self.take_key_turn() {
            self.report(wording::complex_key(self.text, start, Span::new(at, at + 1)));
        }
        if let Some(tag) = tag {
            let fits = match tags::wanted(tag) {
                Some(Wanted::Mapping) => kind == Kind::Mapping,
                Some(Wanted::Sequence) => kind == Kind::Sequence,
                wanted => wanted == Some(Wanted::Unresolved),
            };
            if !fits {
                let known = tags::wanted(tag).is_some();
                self.report(wording::bad_tag(&tags::written(tag), known, Span::new(at, at + 1)));
            }
        }
        self.last_end = self.last_end.max(start);
        let id = self.push(Raw { start: at, end: at, payload: 0, kind: RawKind::Value(kind), flags: 0 });
        self.remember(anchor, None);
        let mapping = kind == Kind::Mapping;
        self.frames.push(Frame { node: id.0, mapping, key_next: mapping, anchor, size: 1, height: 0 });
        Ok(())
    }

    fn close(&mut self, marks: &Marks) {
        let Some(frame) = self.frames.pop() else { return };
        if !marks.is_empty() {
            let end = self.places.byte(marks.start.index());
            if matches!(self.text.as_bytes().get(end), Some(b'}' | b']')) {
                self.last_end = end + 1;
            }
        }
        let (after, end) = (index(self.tree.nodes.len()), self.global(self.last_end));
        if let Some(raw) = self.tree.nodes.get_mut(frame.node as usize) {
            raw.payload = after;
            raw.end = end.max(raw.start);
        }
        if frame.mapping {
            let room = self.room();
            keys::check(self.tree, NodeId(frame.node), room, self.problems);
        }
        self.remember(frame.anchor, Some((NodeId(frame.node), frame.size, frame.height + 1)));
        self.count(frame.size, frame.height + 1);
    }

    fn take_key_turn(&mut self) -> bool {
        match self.frames.last_mut() {
            Some(frame) if frame.mapping => {
                frame.key_next = !frame.key_next;
                !frame.key_next
            }
            _ => false,
        }
    }

    fn push(&mut self, raw: Raw) -> NodeId {
        let id = NodeId(index(self.tree.nodes.len()));
        self.tree.nodes.push(raw);
        id
    }

    fn remember(&mut self, anchor: usize, what: Anchor) {
        let Some(at) = anchor.checked_sub(self.first_anchor) else { return };
        if self.anchors.len() <= at {
            self.anchors.resize(at + 1, None);
        }
        if let Some(slot) = self.anchors.get_mut(at) {
            *slot = what;
        }
    }

    fn count(&mut self, size: u64, height: u32) {
        if let Some(frame) = self.frames.last_mut() {
            frame.size = frame.size.saturating_add(size);
            frame.height = frame.height.max(height);
        }
    }

    fn global(&self, at: usize) -> u32 {
        self.base + index(at)
    }

    fn room(&self) -> usize {
        (self.first_problem + MAX_PROBLEMS).saturating_sub(self.problems.len())
    }

    fn report(&mut self, problem: Diagnostic) {
        if self.room() > 0 {
            self.problems.push(problem);
        }
    }
}

/// A label without words.
pub(super) fn here(span: Span) -> Label {
    Label::at(span, "")
}
