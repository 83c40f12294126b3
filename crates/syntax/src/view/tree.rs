//! A document's tree, as the checker sees it.

use std::borrow::Cow;

use super::{View, ViewKind};
use crate::place::Span;
use crate::tree::{Kind, Node};

/// A node of a document. Under `substitution`, text that holds `${` is a placeholder: not known yet.
#[derive(Clone, Copy)]
pub struct TreeView<'t> {
    node: Node<'t>,
    substitution: bool,
}

impl<'t> TreeView<'t> {
    /// The view of a node.
    pub fn new(node: Node<'t>, substitution: bool) -> Self {
        Self { node, substitution }
    }

    fn of(&self, node: Node<'t>) -> Self {
        Self { node, ..*self }
    }
}

impl View for TreeView<'_> {
    type At = Span;

    fn at(&self) -> Span {
        self.node.span()
    }

    fn kind(&self) -> ViewKind {
        match self.node.kind() {
            Kind::Null => ViewKind::Null,
            Kind::Bool => ViewKind::Bool,
            Kind::Int => ViewKind::Int,
            Kind::Float => ViewKind::Float,
            Kind::String => ViewKind::Text,
            Kind::Sequence => ViewKind::Sequence,
            Kind::Mapping => ViewKind::Mapping,
        }
    }

    fn text(&self) -> Option<&str> {
        self.node.as_str().filter(|text| !(self.substitution && text.contains("${")))
    }

    fn number(&self) -> Option<f64> {
        self.node.as_f64()
    }

    fn boolean(&self) -> Option<bool> {
        self.node.as_bool()
    }

    fn source(&self) -> Option<Cow<'_, str>> {
        self.node.scalar().map(Cow::Borrowed)
    }

    fn items(&self) -> impl Iterator<Item = Self> {
        self.node.items().map(|node| self.of(node))
    }

    fn entries(&self) -> impl Iterator<Item = (&str, Span, Self)> {
        self.node.entries().map(|(key, value)| (key.as_str().unwrap_or_default(), key.span(), self.of(value)))
    }
}
