//! [`Tree`]: every node of every file in one preorder arena over the text.
//!
//! A node takes 16 bytes. Scalars that need no decoding are slices of the source text; a collection knows where
//! its subtree ends, so that siblings are found by jumping.

use crate::place::Span;
use crate::scalar::{self, Number};

mod files;
mod part;

pub(crate) use files::Files;

/// Which node of a [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(crate) u32);

/// What a node is. Mapping keys are always strings, as they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`, `~` or nothing at all.
    Null,
    /// `true` or `false`.
    Bool,
    /// A whole number of 64 bits.
    Int,
    /// Any other number.
    Float,
    /// Text.
    String,
    /// A list.
    Sequence,
    /// Keys and values.
    Mapping,
}

/// What a node is in the arena: what its reader sees, or a pointer to another node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RawKind {
    Value(Kind),
    Alias,
}

/// Unquoted, and no block scalar.
pub(crate) const PLAIN: u8 = 1;
/// The text is `owned[payload]`, not a slice of the source.
pub(crate) const OWNED: u8 = 2;
/// The text lies within one quote on either side of the span.
pub(crate) const QUOTED: u8 = 4;
/// On a key: a plain `<<`. On a mapping: it has such a key.
pub(crate) const MERGE: u8 = 8;

/// The payload of a text that is owned and empty: nobody holds it.
pub(crate) const NO_TEXT: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Raw {
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Collections: one past the subtree. Owned scalars: index of the text. Aliases: the target.
    pub(crate) payload: u32,
    pub(crate) kind: RawKind,
    pub(crate) flags: u8,
}

/// All documents of all files of a run. Made by [`parse`](crate::read::parse).
#[derive(Debug, Default)]
pub struct Tree<'s> {
    pub(crate) files: Files<'s>,
    pub(crate) nodes: Vec<Raw>,
    pub(crate) owned: Vec<Box<str>>,
    pub(crate) roots: Vec<NodeId>,
}

/// Counts inside a tree fit 32 bits, for [`Sources`] itself does and no byte makes two nodes.
pub(crate) fn index(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

impl<'s> Tree<'s> {
    /// The root node of each `---` document of each file, in order. Documents without any content are left out.
    pub fn documents(&self) -> impl Iterator<Item = Node<'_>> {
        self.roots.iter().map(|id| self.node(*id))
    }

    /// The node of that id; an alias answers with the node it stands for.
    pub fn node(&self, id: NodeId) -> Node<'_> {
        let mut id = id;
        while let Some(Raw { kind: RawKind::Alias, payload, .. }) = self.nodes.get(id.0 as usize) {
            id = NodeId(*payload);
        }
        Node { tree: self, id }
    }

    /// How many nodes are held, and how many bytes they and their decoded texts take beside the source text.
    pub fn size(&self) -> (usize, usize) {
        let texts: usize = self.owned.iter().map(|text| text.len() + size_of::<Box<str>>()).sum();
        (self.nodes.len(), self.nodes.len() * size_of::<Raw>() + texts)
    }

    /// The node after `at`'s subtree.
    pub(crate) fn after(&self, at: u32) -> u32 {
        match self.nodes.get(at as usize) {
            Some(Raw { kind: RawKind::Value(Kind::Sequence | Kind::Mapping), payload, .. }) => *payload,
            _ => at + 1,
        }
    }

    pub(crate) fn text(&self, raw: &Raw) -> &str {
        if raw.flags & OWNED != 0 {
            return self.owned.get(raw.payload as usize).map_or("", |text| text);
        }
        let quote = u32::from(raw.flags & QUOTED != 0);
        self.files.slice(raw.start + quote, raw.end - quote)
    }
}

/// One node, with the tree it lies in. Aliases are followed and `<<` merged before a caller sees anything.
#[derive(Clone, Copy)]
pub struct Node<'t> {
    pub(crate) tree: &'t Tree<'t>,
    pub(crate) id: NodeId,
}

impl std::fmt::Debug for Node<'_> {
    /// Kind and place alone: a text may be a secret somebody wrote by mistake.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} at {:?}", self.kind(), self.span())
    }
}

impl<'t> Node<'t> {
    /// Its id.
    pub fn id(self) -> NodeId {
        self.id
    }

    fn raw(self) -> Option<&'t Raw> {
        self.tree.nodes.get(self.id.0 as usize)
    }

    /// Its place: a scalar with its quotes, a collection from its first to its last byte. Anchor and tag are outside.
    pub fn span(self) -> Span {
        self.raw().map_or_else(Span::default, |raw| Span::new(raw.start, raw.end))
    }

    /// What it is.
    pub fn kind(self) -> Kind {
        match self.raw() {
            Some(Raw { kind: RawKind::Value(kind), .. }) => *kind,
            _ => Kind::Null,
        }
    }

    fn flag(self, flag: u8) -> bool {
        self.raw().is_some_and(|raw| raw.flags & flag != 0)
    }

    /// Whether it is a scalar without quotes that is no block either.
    pub fn is_plain(self) -> bool {
        self.flag(PLAIN)
    }

    /// The text of a scalar of any kind: as written, unquoted and unescaped.
    pub fn scalar(self) -> Option<&'t str> {
        match self.kind() {
            Kind::Sequence | Kind::Mapping => None,
            _ => self.raw().map(|raw| self.tree.text(raw)),
        }
    }

    /// The text of a string.
    pub fn as_str(self) -> Option<&'t str> {
        if self.kind() == Kind::String { self.scalar() } else { None }
    }

    /// The value of a boolean.
    pub fn as_bool(self) -> Option<bool> {
        if self.kind() == Kind::Bool { scalar::boolean(self.scalar()?) } else { None }
    }

    /// The value of an integer or a float.
    pub fn number(self) -> Option<Number> {
        match self.kind() {
            Kind::Int | Kind::Float => scalar::number(self.scalar()?),
            _ => None,
        }
    }

    /// The value of an integer that fits.
    pub fn as_i64(self) -> Option<i64> {
        match self.number()? {
            Number::Signed(value) => Some(value),
            Number::Unsigned(_) | Number::Float(_) => None,
        }
    }

    /// The value of any number, rounded where it has more digits than a float.
    pub fn as_f64(self) -> Option<f64> {
        self.number().map(Number::as_f64)
    }

    /// The ids of the direct children, aliases not followed: items, or keys and values in turn.
    pub(crate) fn children(self) -> Children<'t> {
        let end = match self.kind() {
            Kind::Sequence | Kind::Mapping => self.tree.after(self.id.0),
            _ => 0,
        };
        Children { tree: self.tree, at: self.id.0 + 1, end }
    }

    /// The items of a sequence; none of anything else.
    pub fn items(self) -> impl Iterator<Item = Node<'t>> {
        let is_sequence = self.kind() == Kind::Sequence;
        self.children().filter(move |_| is_sequence).map(move |id| self.tree.node(id))
    }

    /// Keys and values of a mapping, merged ones last; none of anything else.
    pub fn entries(self) -> Entries<'t> {
        Entries::of(self)
    }

    /// The value under `key`.
    pub fn get(self, key: &str) -> Option<Node<'t>> {
        self.entries().find(|(name, _)| name.scalar() == Some(key)).map(|(_, value)| value)
    }

    /// How many items or entries it has.
    pub fn len(self) -> usize {
        match self.kind() {
            Kind::Mapping => self.entries().count(),
            _ => self.items().count(),
        }
    }

    /// Whether it has no items or entries.
    pub fn is_empty(self) -> bool {
        self.entries().next().is_none() && self.items().next().is_none()
    }

    pub(crate) fn is_merge_key(self) -> bool {
        self.kind() == Kind::String && self.flag(MERGE)
    }

    pub(crate) fn has_merge(self) -> bool {
        self.kind() == Kind::Mapping && self.flag(MERGE)
    }
}

/// Ids of direct children.
#[derive(Clone)]
pub(crate) struct Children<'t> {
    tree: &'t Tree<'t>,
    at: u32,
    end: u32,
}

impl Iterator for Children<'_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        if self.at >= self.end {
            return None;
        }
        let id = NodeId(self.at);
        self.at = self.tree.after(self.at);
        Some(id)
    }
}

/// Keys and values of a mapping.
pub struct Entries<'t> {
    tree: &'t Tree<'t>,
    pairs: Pairs<'t>,
}

enum Pairs<'t> {
    Written(Children<'t>),
    Merged(std::vec::IntoIter<(NodeId, NodeId)>),
}

impl<'t> Entries<'t> {
    fn of(node: Node<'t>) -> Self {
        let pairs = match node.kind() {
            Kind::Mapping if node.has_merge() => Pairs::Merged(crate::merge::merged(node).into_iter()),
            Kind::Mapping => Pairs::Written(node.children()),
            _ => Pairs::Merged(Vec::new().into_iter()),
        };
        Self { tree: node.tree, pairs }
    }

    /// The entries as they stand, `<<` among them.
    pub(crate) fn written(node: Node<'t>) -> Self {
        Self { tree: node.tree, pairs: Pairs::Written(node.children()) }
    }
}

impl<'t> Iterator for Entries<'t> {
    type Item = (Node<'t>, Node<'t>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (key, value) = match &mut self.pairs {
                Pairs::Written(ids) => (ids.next()?, ids.next()?),
                Pairs::Merged(pairs) => pairs.next()?,
            };
            let key = self.tree.node(key);
            // A collection as key was reported when it was read.
            if !matches!(key.kind(), Kind::Sequence | Kind::Mapping) {
                return Some((key, self.tree.node(value)));
            }
        }
    }
}
