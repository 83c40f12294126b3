//! A manifest as the checker and the rules see it: text that another tool fills in is not known.

use std::borrow::Cow;

use keyloom_syntax::tree::Kind;
use keyloom_syntax::view::{View, ViewKind};
use keyloom_syntax::{Node, Span};

/// A node of a manifest. Text with a placeholder of Flux (`${NAME}`) or of a template (`{{ }}`) is not known.
#[derive(Clone, Copy)]
pub struct ManifestView<'t>(pub Node<'t>);

/// Whether another tool writes into this text, so that nobody knows yet what it will be.
pub fn is_filled_in(text: &str) -> bool {
    text.contains("${") || text.contains("{{")
}

impl View for ManifestView<'_> {
    type At = Span;

    const EMPTY_IS_ABSENT: bool = true;

    fn at(&self) -> Span {
        self.0.span()
    }

    fn kind(&self) -> ViewKind {
        match self.0.kind() {
            Kind::Null => ViewKind::Null,
            Kind::Bool => ViewKind::Bool,
            Kind::Int => ViewKind::Int,
            Kind::Float => ViewKind::Float,
            Kind::String if self.0.as_str().is_some_and(is_filled_in) => ViewKind::Unknown,
            Kind::String => ViewKind::Text,
            Kind::Sequence => ViewKind::Sequence,
            Kind::Mapping => ViewKind::Mapping,
        }
    }

    fn text(&self) -> Option<&str> {
        self.0.as_str().filter(|text| !is_filled_in(text))
    }

    fn number(&self) -> Option<f64> {
        self.0.as_f64()
    }

    fn boolean(&self) -> Option<bool> {
        self.0.as_bool()
    }

    fn source(&self) -> Option<Cow<'_, str>> {
        self.0.scalar().map(Cow::Borrowed)
    }

    fn items(&self) -> impl Iterator<Item = Self> {
        self.0.items().map(ManifestView)
    }

    fn entries(&self) -> impl Iterator<Item = (&str, Span, Self)> {
        // What a placeholder as a key becomes is not known either.
        let entries = self.0.entries().filter(|(key, _)| !key.scalar().is_some_and(is_filled_in));
        entries.map(|(key, value)| (key.scalar().unwrap_or_default(), key.span(), ManifestView(value)))
    }
}
