//! A node of Terraform's JSON as rules see it: text with `${...}` is not known.

use std::borrow::Cow;

use keyloom_syntax::tree::Kind;
use keyloom_syntax::view::{View, ViewKind};
use keyloom_syntax::{Node, Span};

use super::expression::is_template;

/// A node of a file.
#[derive(Clone, Copy)]
pub(super) struct TerraformView<'t>(pub(super) Node<'t>);

impl View for TerraformView<'_> {
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
            Kind::String if self.0.as_str().is_some_and(is_template) => ViewKind::Unknown,
            Kind::String => ViewKind::Text,
            Kind::Sequence => ViewKind::Sequence,
            Kind::Mapping => ViewKind::Mapping,
        }
    }

    fn text(&self) -> Option<&str> {
        self.0.as_str().filter(|text| !is_template(text))
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
        self.0.items().map(TerraformView)
    }

    fn entries(&self) -> impl Iterator<Item = (&str, Span, Self)> {
        let entries = self.0.entries();
        entries.map(|(key, value)| (key.scalar().unwrap_or_default(), key.span(), TerraformView(value)))
    }
}

/// A boolean, also as text.
pub(super) fn boolean(place: &super::Place<'_, '_>) -> Option<bool> {
    match (place.view().boolean(), place.text()) {
        (Some(value), _) => Some(value),
        (None, Some("true" | "1")) => Some(true),
        (None, Some("false" | "0")) => Some(false),
        _ => None,
    }
}

/// Every scalar at and below a node.
pub(super) fn scalars(view: TerraformView<'_>, to: &mut Vec<Span>) {
    match view.kind() {
        ViewKind::Null => {}
        ViewKind::Mapping => view.entries().for_each(|(_, _, below)| scalars(below, to)),
        ViewKind::Sequence => view.items().for_each(|below| scalars(below, to)),
        ViewKind::Bool | ViewKind::Int | ViewKind::Float | ViewKind::Text | ViewKind::Unknown => {
            to.push(view.at())
        }
    }
}
