//! A text read in pieces: whether the next one may begin here, and putting it where it belongs.

use saphyr_parser::{Event, Span as Marks};

use crate::read::keys;
use crate::read::pieces::{Cut, Piece};
use crate::read::shift::Shift;
use crate::tree::{MERGE, NodeId, Raw, index};

use super::{Builder, Frame};

/// A piece's root, first key and first list stand for nodes that are there already; its first text is that key.
const NODES: usize = 3;
const TEXTS: usize = 1;

impl<'s> Builder<'_, 's> {
    /// Whether the event is the first that does not belong before the cut, or none before the cut ever will.
    pub(in crate::read) fn reaches(&mut self, cut: &Cut, event: &Event<'_>, marks: &Marks) -> bool {
        match event {
            Event::Scalar(..) | Event::MappingStart(..) => self.places.byte(marks.start.index()) >= cut.item,
            Event::SequenceStart(..) => self.frames.is_empty(),
            Event::DocumentEnd => true,
            _ => false,
        }
    }

    /// Whether the event is an item of a list under a key of the root, and begins at the cut. It does not come out of
    /// the middle of a text, then: what it stands behind is the `-` of the list.
    pub(in crate::read) fn fits(&mut self, cut: &Cut, event: &Event<'_>, marks: &Marks) -> bool {
        let begins = matches!(event, Event::Scalar(..) | Event::MappingStart(..))
            && self.places.byte(marks.start.index()) == cut.item;
        begins
            && matches!(
                self.frames.as_slice(),
                [Frame { mapping: true, key_next: true, .. }, Frame { mapping: false, .. }]
            )
    }

    /// Whether the root of the document begins a line, and no directive stands before it.
    pub(in crate::read) fn has_plain_root(&self) -> bool {
        let root = self.frames.first().and_then(|frame| self.tree.nodes.get(frame.node as usize));
        let before = root.and_then(|root| self.text.get(..(root.start - self.base) as usize));
        before.is_some_and(|before| {
            !before.contains('%') && (before.is_empty() || before == "\u{feff}" || before.ends_with('\n'))
        })
    }

    /// The list that is open in the root.
    pub(in crate::read) fn open_list(&self) -> Option<u32> {
        self.frames.get(1).map(|frame| frame.node)
    }

    /// Nodes that aliases stand for so far.
    pub(in crate::read) fn expanded(&self) -> u64 {
        self.expanded
    }

    /// Whether the aliases of all the pieces stay within the budget together.
    pub(in crate::read) fn takes(&self, pieces: &[Piece<'_>]) -> bool {
        let all = pieces.iter().fold(self.expanded, |sum, piece| sum.saturating_add(piece.expanded));
        all <= self.budget.max_nodes
    }

    /// Continues the open list, and the root after it, with what a piece holds.
    pub(in crate::read) fn append(&mut self, piece: Piece<'s>) {
        let Piece { tree, open, .. } = piece;
        let [root, list] = self.frames.as_slice() else { return };
        let (root, list) = (root.node, list.node);
        let by = between(self.tree.nodes.len(), self.tree.owned.len());
        if let [its_root, _, its_list, nodes @ ..] = tree.nodes.as_slice() {
            self.tree.nodes.reserve_exact(nodes.len());
            self.tree.nodes.extend(nodes.iter().map(|raw| by.moved(raw)));
            if open != Some(2) {
                self.ends_as(list, by.moved(its_list));
            }
            if let Some(raw) = self.tree.nodes.get_mut(root as usize) {
                raw.flags |= its_root.flags & MERGE;
            }
            if open.is_none() {
                self.ends_as(root, by.moved(its_root));
            }
        }
        self.tree.owned.extend(tree.owned.into_iter().skip(TEXTS));
        match open {
            Some(2) => {}
            Some(open) => self.continue_with(by.node(open)),
            None => {
                self.frames.clear();
                let room = self.room();
                keys::check(self.tree, NodeId(root), room, self.problems);
                self.tree.roots.push(NodeId(root));
                self.tree.roots.extend(tree.roots.iter().skip(1).map(|id| NodeId(by.node(id.0))));
            }
        }
    }

    fn continue_with(&mut self, list: u32) {
        if let Some(frame) = self.frames.get_mut(1) {
            frame.node = list;
        }
    }

    /// An open collection ends where its continuation does.
    fn ends_as(&mut self, node: u32, continuation: Raw) {
        if let Some(raw) = self.tree.nodes.get_mut(node as usize) {
            raw.end = continuation.end;
            raw.payload = continuation.payload;
        }
    }
}

/// How far a piece's indices move.
fn between(nodes: usize, texts: usize) -> Shift {
    Shift { nodes: index(nodes).wrapping_sub(index(NODES)), texts: index(texts).wrapping_sub(index(TEXTS)) }
}
