//! A node of a tree as a value of CEL.

use keyloom_syntax::view::{View, ViewKind};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// A node, written for the evaluator alone. Fields that are null are absent, as for the API server; what is not known is
/// empty text, which is there, and which no rule that reads it gets to see.
pub(super) struct Plain<V>(pub(super) V);

impl<V: View> Serialize for Plain<V> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let view = self.0;
        match view.kind() {
            ViewKind::Null => to.serialize_unit(),
            ViewKind::Bool => to.serialize_bool(view.boolean().unwrap_or_default()),
            // The view's numbers are floats; rules compare whole ones as such.
            ViewKind::Int => to.serialize_i64(view.number().unwrap_or_default() as i64),
            ViewKind::Float => to.serialize_f64(view.number().unwrap_or_default()),
            ViewKind::Text | ViewKind::Unknown => to.serialize_str(view.text().unwrap_or_default()),
            ViewKind::Sequence => to.collect_seq(view.items().map(Plain)),
            ViewKind::Mapping => {
                let mut map = to.serialize_map(None)?;
                for (key, _, value) in view.entries().filter(|(_, _, value)| value.kind() != ViewKind::Null) {
                    map.serialize_entry(key, &Plain(value))?;
                }
                map.end()
            }
        }
    }
}

/// Whether a node and all that is below it is known.
pub(super) fn is_known<V: View>(view: V) -> bool {
    is_known_itself(view) && view.items().all(is_known) && view.entries().all(|(_, _, value)| is_known(value))
}

/// Whether it is known what a node is, whatever stands below it.
pub(super) fn is_known_itself<V: View>(view: V) -> bool {
    match view.kind() {
        ViewKind::Unknown => false,
        ViewKind::Text => view.text().is_some(),
        ViewKind::Null | ViewKind::Bool | ViewKind::Int | ViewKind::Float => true,
        ViewKind::Sequence | ViewKind::Mapping => true,
    }
}
