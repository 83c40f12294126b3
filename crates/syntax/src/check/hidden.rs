//! What a problem hides: scalars of which nothing says what they are.

use crate::schema::Types;
use crate::view::{View, ViewKind};

/// The scalars of a tree. A key without a value may be a value in the wrong brackets (`{hunter2}`), so it is one too.
pub(super) fn scalars<V: View>(view: V, found: &mut Vec<V::At>) {
    match view.kind() {
        ViewKind::Sequence => view.items().for_each(|item| scalars(item, found)),
        ViewKind::Mapping => {
            for (_, key_at, value) in view.entries() {
                if value.kind() == ViewKind::Null { found.push(key_at) } else { scalars(value, found) }
            }
        }
        ViewKind::Null => {}
        ViewKind::Bool | ViewKind::Int | ViewKind::Float | ViewKind::Text | ViewKind::Unknown => {
            found.push(view.at());
        }
    }
}

/// Whether a node is of another shape than is wanted there: a scalar for a list or a mapping, or any of these for
/// another.
pub(super) fn is_misshapen<V: View>(view: V, wanted: Types) -> bool {
    match view.kind() {
        ViewKind::Sequence | ViewKind::Mapping => true,
        _ => ![Types::TEXT, Types::INT, Types::BOOL].into_iter().any(|scalar| wanted.has(scalar)),
    }
}
