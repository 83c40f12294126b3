//! A file of somebody else's as the checker and the rules see it: text that another tool fills in is not known.

use std::borrow::Cow;
use std::marker::PhantomData;

use keyloom_syntax::tree::Kind;
use keyloom_syntax::view::{View, ViewKind};
use keyloom_syntax::{Node, Span};

/// Who fills text in before anybody else reads it.
pub trait Filler: Copy {
    /// Whether this is such a text, so that nobody knows yet what it will be.
    fn fills(text: &str) -> bool;

    /// Whether keys are filled in too. What becomes of such a key is not known, so it is not seen.
    const KEYS: bool;
}

/// Flux (`${NAME}`) or a template (`{{ }}`).
#[derive(Clone, Copy)]
pub struct Templates;

impl Filler for Templates {
    fn fills(text: &str) -> bool {
        is_filled_in(text)
    }

    const KEYS: bool = true;
}

/// A node of a file whose text a tool may fill in.
#[derive(Clone, Copy)]
pub struct FilledView<'t, F> {
    node: Node<'t>,
    filler: PhantomData<F>,
}

/// A node of a manifest.
pub type ManifestView<'t> = FilledView<'t, Templates>;

/// Whether another tool writes into this text of a manifest.
pub fn is_filled_in(text: &str) -> bool {
    text.contains("${") || text.contains("{{")
}

impl<'t, F> FilledView<'t, F> {
    /// The view of a node.
    pub fn new(node: Node<'t>) -> Self {
        Self { node, filler: PhantomData }
    }

    /// The node as it is written.
    pub fn node(self) -> Node<'t> {
        self.node
    }
}

impl<F: Filler> View for FilledView<'_, F> {
    type At = Span;

    const EMPTY_IS_ABSENT: bool = true;

    fn at(&self) -> Span {
        self.node.span()
    }

    fn kind(&self) -> ViewKind {
        match self.node.kind() {
            Kind::Null => ViewKind::Null,
            Kind::Bool => ViewKind::Bool,
            Kind::Int => ViewKind::Int,
            Kind::Float => ViewKind::Float,
            Kind::String if self.node.as_str().is_some_and(F::fills) => ViewKind::Unknown,
            Kind::String => ViewKind::Text,
            Kind::Sequence => ViewKind::Sequence,
            Kind::Mapping => ViewKind::Mapping,
        }
    }

    fn text(&self) -> Option<&str> {
        self.node.as_str().filter(|text| !F::fills(text))
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
        self.node.items().map(Self::new)
    }

    fn entries(&self) -> impl Iterator<Item = (&str, Span, Self)> {
        let known = |key: &Node<'_>| !(F::KEYS && key.scalar().is_some_and(F::fills));
        let entries = self.node.entries().filter(move |(key, _)| known(key));
        entries.map(|(key, value)| (key.scalar().unwrap_or_default(), key.span(), Self::new(value)))
    }
}
