//! A node of Terraform's JSON as rules see it: text with `${...}` is not known.

use keyloom_syntax::Span;
use keyloom_syntax::view::{View, ViewKind};

use super::expression::is_template;
use crate::view::{FilledView, Filler};

/// Terraform itself, by expressions.
#[derive(Clone, Copy)]
pub(crate) struct Expressions;

impl Filler for Expressions {
    fn fills(text: &str) -> bool {
        is_template(text)
    }

    const KEYS: bool = false;
}

/// A node of a file.
pub(super) type TerraformView<'t> = FilledView<'t, Expressions>;

/// A boolean, also as text.
pub(super) fn boolean(place: &super::Place<'_, '_>) -> Option<bool> {
    match (place.view().boolean(), place.text()) {
        (Some(value), _) => Some(value),
        (None, Some("true" | "1")) => Some(true),
        (None, Some("false" | "0")) => Some(false),
        _ => None,
    }
}

/// A number, also as text.
pub(super) fn number(place: &super::Place<'_, '_>) -> Option<f64> {
    place.view().number().or_else(|| place.text()?.parse().ok())
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
