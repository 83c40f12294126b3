//! A node of a manifest as a JSON value, aliases followed and merges made.

use keyloom_syntax::tree::Kind;
use keyloom_syntax::{Node, Number};
use serde_json::{Map, Value};

/// The value of a node.
pub(crate) fn value(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool => node.as_bool().map_or(Value::Null, Value::from),
        Kind::Int | Kind::Float => match node.number() {
            Some(Number::Signed(number)) => number.into(),
            Some(Number::Unsigned(number)) => number.into(),
            Some(Number::Float(number)) => number.into(),
            None => Value::Null,
        },
        Kind::String => node.as_str().unwrap_or_default().into(),
        Kind::Sequence => node.items().map(value).collect::<Vec<_>>().into(),
        Kind::Mapping => {
            let fields = node
                .entries()
                .map(|(key, field)| (key.scalar().unwrap_or_default().to_owned(), value(field)));
            fields.collect::<Map<_, _>>().into()
        }
    }
}

/// The node at a path of names and numbers, as far as there is one.
pub(crate) fn follow<'t>(node: Node<'t>, path: &[String]) -> Node<'t> {
    let mut at = node;
    for step in path {
        let next = match step.parse::<usize>() {
            Ok(number) if at.kind() == Kind::Sequence => at.items().nth(number),
            _ => at.get(step),
        };
        match next {
            Some(next) => at = next,
            None => break,
        }
    }
    at
}
