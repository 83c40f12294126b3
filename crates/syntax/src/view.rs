//! [`View`]: the little that the checker needs to see of a tree, whatever the tree is.

use std::borrow::Cow;
use std::fmt;

use serde_json::Value;

pub mod tree;

/// What stands at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ViewKind {
    /// Nothing, or an explicit null.
    Null,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// Any other number.
    Float,
    /// Text; [`View::text`] may still be `None` when it is secret or not known yet.
    Text,
    /// A list.
    Sequence,
    /// A mapping.
    Mapping,
    /// Not known yet: passes every constraint.
    Unknown,
}

/// A node of some tree, cheap to copy.
///
/// Implemented by the tree of a document, by a passed-through block, by a program's inputs, and by
/// `&serde_json::Value`.
pub trait View: Copy {
    /// A place that can be pointed at.
    type At: Clone;

    /// Whether a field with nothing in it counts as left out, as the API server takes it.
    const EMPTY_IS_ABSENT: bool = false;

    /// Where the node is; of a mapping or list, the whole of it.
    fn at(&self) -> Self::At;

    /// What it is.
    fn kind(&self) -> ViewKind;

    /// The value of a [`ViewKind::Text`]; `None` when it is secret, not known, or holds a placeholder.
    fn text(&self) -> Option<&str>;

    /// The value of a number.
    fn number(&self) -> Option<f64>;

    /// The value of a boolean.
    fn boolean(&self) -> Option<bool>;

    /// A number or boolean as the user wrote it (`2.10`), when that is kept.
    fn source(&self) -> Option<Cow<'_, str>> {
        None
    }

    /// The items of a list; none for anything else.
    fn items(&self) -> impl Iterator<Item = Self>;

    /// The entries of a mapping in the document's order: key, the key's place, value; none for anything else.
    fn entries(&self) -> impl Iterator<Item = (&str, Self::At, Self)>;

    /// The entry of that key: the key's place and the value.
    fn get(&self, key: &str) -> Option<(Self::At, Self)> {
        self.entries().find(|(k, _, _)| *k == key).map(|(_, at, value)| (at, value))
    }

    /// Whether a field is there.
    fn has(&self, key: &str) -> bool {
        self.get(key).is_some_and(|(_, value)| !value.is_absent())
    }

    /// Whether this, as the value of a field, counts as left out.
    fn is_absent(&self) -> bool {
        Self::EMPTY_IS_ABSENT && self.kind() == ViewKind::Null
    }
}

/// A place in a `serde_json::Value`: the value that stands there, named by identity and never printed.
#[derive(Clone, Copy)]
pub struct JsonAt<'v>(&'v Value);

impl JsonAt<'_> {
    /// The JSON pointer (`/a/0/b`, empty at the root) of this place inside `root`; `None` if it is not in there.
    pub fn pointer_in(&self, root: &Value) -> Option<String> {
        if std::ptr::eq(self.0, root) {
            return Some(String::new());
        }
        let below =
            |step: &dyn fmt::Display, value| self.pointer_in(value).map(|rest| format!("/{step}{rest}"));
        match root {
            Value::Array(items) => items.iter().enumerate().find_map(|(i, item)| below(&i, item)),
            Value::Object(map) => {
                map.iter().find_map(|(key, value)| below(&key.replace('~', "~0").replace('/', "~1"), value))
            }
            _ => None,
        }
    }
}

impl fmt::Debug for JsonAt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JsonAt(..)")
    }
}

impl<'v> View for &'v Value {
    type At = JsonAt<'v>;

    fn at(&self) -> JsonAt<'v> {
        JsonAt(self)
    }

    fn kind(&self) -> ViewKind {
        match self {
            Value::Null => ViewKind::Null,
            Value::Bool(_) => ViewKind::Bool,
            Value::Number(number) if number.is_f64() => ViewKind::Float,
            Value::Number(_) => ViewKind::Int,
            Value::String(_) => ViewKind::Text,
            Value::Array(_) => ViewKind::Sequence,
            Value::Object(_) => ViewKind::Mapping,
        }
    }

    fn text(&self) -> Option<&str> {
        self.as_str()
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn boolean(&self) -> Option<bool> {
        self.as_bool()
    }

    fn source(&self) -> Option<Cow<'_, str>> {
        match self {
            Value::Number(number) => Some(Cow::Owned(number.to_string())),
            Value::Bool(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
            _ => None,
        }
    }

    fn items(&self) -> impl Iterator<Item = Self> {
        self.as_array().into_iter().flatten()
    }

    fn entries(&self) -> impl Iterator<Item = (&str, JsonAt<'v>, Self)> {
        self.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), JsonAt(value), value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_place_in_json_is_found_again_and_never_printed() {
        let root = json!({"a": [{"b/c": "canary"}]});
        let (at, _) = (&&root["a"][0]).get("b/c").unwrap();
        assert_eq!(at.pointer_in(&root).as_deref(), Some("/a/0/b~1c"));
        assert!(!format!("{at:?}").contains("canary"));
    }
}
