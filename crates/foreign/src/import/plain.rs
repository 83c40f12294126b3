//! What has no spelling of the declaration's own: fields as they stand, without those that the API server would add.

use keyloom_models::duration::Duration;
use keyloom_syntax::Node;
use keyloom_syntax::tree::Kind;
use keyloom_upstream::Cursor;

use super::comments::Comments;
use super::written::{Item, Map, Notes, Written};
use crate::json;

/// A value as it stands; with the comments in it.
pub(super) fn value(node: Node<'_>, schema: Option<Cursor<'_>>, comments: &Comments) -> Written {
    match node.kind() {
        Kind::Null => Written::Word("null".to_owned()),
        Kind::Bool | Kind::Int | Kind::Float => Written::Word(node.scalar().unwrap_or_default().to_owned()),
        Kind::String => Written::text(node.as_str().unwrap_or_default()),
        Kind::Sequence => {
            let item = schema.and_then(Cursor::item);
            let items = node
                .items()
                .map(|node| Item { notes: about(node, comments), value: value(node, item, comments) });
            Written::List(items.collect())
        }
        Kind::Mapping => fields(node, schema, comments, |_| true).into(),
    }
}

/// The fields of a mapping as they stand, of which some are wanted.
pub(super) fn fields(
    node: Node<'_>,
    schema: Option<Cursor<'_>>,
    comments: &Comments,
    wanted: impl Fn(&str) -> bool,
) -> Map {
    let mut map = Map::default();
    for (key, node) in node.entries() {
        let name = key.scalar().unwrap_or_default();
        let schema = schema.and_then(|schema| schema.step(name));
        if wanted(name) && !is_default(node, schema) {
            let (notes, value) = field(key, node, schema, comments);
            map.put_with(name, notes, value);
        }
    }
    map
}

/// One field with the comments in it.
pub(super) fn field(
    key: Node<'_>,
    node: Node<'_>,
    schema: Option<Cursor<'_>>,
    comments: &Comments,
) -> (Notes, Written) {
    let own = comments.of_key(key);
    let notes = if is_scalar(node) { own.and(about(node, comments)) } else { own };
    (notes, value(node, schema, comments))
}

/// Whether a field says what the API server would add without it, or nothing.
pub(super) fn is_default(node: Node<'_>, schema: Option<Cursor<'_>>) -> bool {
    let default = schema.and_then(Cursor::default);
    node.kind() == Kind::Null
        || is_scalar(node) && default.is_some_and(|default| *default == json::value(node))
}

/// The shortest spelling of a duration; anything else as it stands.
pub(super) fn duration(node: Node<'_>) -> Written {
    let text = node.as_str().unwrap_or_default();
    match (node.kind(), text.parse::<Duration>()) {
        (Kind::String, Ok(duration)) => Written::text(duration.short()),
        (Kind::String, Err(_)) => Written::text(text),
        (Kind::Int, _) => seconds(node),
        _ => Written::Word(node.scalar().unwrap_or_default().to_owned()),
    }
}

/// A store counts in seconds.
fn seconds(node: Node<'_>) -> Written {
    match node.as_i64().filter(|seconds| (0..1_000_000_000).contains(seconds)) {
        Some(seconds) => Written::text(Duration::from_secs(seconds).short()),
        None => Written::Word(node.scalar().unwrap_or_default().to_owned()),
    }
}

fn is_scalar(node: Node<'_>) -> bool {
    !matches!(node.kind(), Kind::Sequence | Kind::Mapping)
}

/// The comments about a value itself; those in a mapping are about its keys.
fn about(node: Node<'_>, comments: &Comments) -> Notes {
    if is_scalar(node) { comments.of_key(node) } else { Notes::default() }
}
