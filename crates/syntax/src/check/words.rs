//! The user's language: names of types and values, joined lists, safe quoting.

use std::borrow::Cow;

use serde_json::Value;

use crate::schema::Types;
use crate::view::{View, ViewKind};

/// The most characters of a value or key that a message repeats.
const LONGEST: usize = 60;
/// The most names that a message lists.
pub(super) const MANY: usize = 8;

/// Text in backticks, cut to a readable length, control characters escaped.
pub(super) fn quoted(text: &str) -> String {
    format!("`{}`", cut(text))
}

fn cut(text: &str) -> String {
    let mut out = String::new();
    for (count, c) in text.chars().enumerate() {
        if count == LONGEST - 1 && text.chars().nth(LONGEST).is_some() {
            out.push('…');
            break;
        }
        if c.is_control() { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

/// A scalar as the user wrote it, in backticks; `None` for what is not known and for lists and mappings.
pub(super) fn value<V: View>(view: V) -> Option<String> {
    match view.kind() {
        ViewKind::Text => view.text().map(quoted),
        ViewKind::Null => Some("`null`".to_owned()),
        ViewKind::Bool | ViewKind::Int | ViewKind::Float => scalar(&view).map(|text| quoted(&text)),
        ViewKind::Sequence | ViewKind::Mapping | ViewKind::Unknown => None,
    }
}

/// A number or boolean as written.
pub(super) fn scalar<V: View>(view: &V) -> Option<Cow<'_, str>> {
    view.source()
        .or_else(|| view.number().map(|number| Cow::Owned(number.to_string())))
        .or_else(|| view.boolean().map(|value| Cow::Borrowed(if value { "true" } else { "false" })))
}

/// What stands there, without its value.
pub(super) fn kind(kind: ViewKind) -> &'static str {
    match kind {
        ViewKind::Null => "nothing",
        ViewKind::Bool => "a boolean",
        ViewKind::Int | ViewKind::Float => "a number",
        ViewKind::Text => "text",
        ViewKind::Sequence => "a list",
        ViewKind::Mapping => "a mapping",
        ViewKind::Unknown => "something not known yet",
    }
}

/// A set of types: "text", "text or a mapping".
pub(crate) fn types(types: Types) -> String {
    let number =
        if types.has(Types::NUMBER) { (Types::NUMBER, "a number") } else { (Types::INT, "a whole number") };
    let all = [
        (Types::TEXT, "text"),
        number,
        (Types::BOOL, "true or false"),
        (Types::LIST, "a list"),
        (Types::MAP, "a mapping"),
        (Types::NULL, "nothing"),
    ];
    // "or nothing" is only worth a word when nothing else is wanted.
    let some = types.and(Types(Types::ALL.0 & !Types::NULL.0)) != Types::NONE;
    let words = all.iter().filter(|(one, _)| types.has(*one) && !(some && *one == Types::NULL));
    either(&words.map(|(_, word)| (*word).to_owned()).collect::<Vec<_>>())
}

/// "a", "a or b", "a, b or c".
pub(super) fn either(names: &[String]) -> String {
    joined(names, "or")
}

/// "a", "a and b", "a, b and c".
pub(super) fn both(names: &[String]) -> String {
    joined(names, "and")
}

fn joined(names: &[String], last: &str) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [init @ .., end] => format!("{} {last} {end}", init.join(", ")),
    }
}

/// A value of a schema as a message shows it: text bare, everything else as JSON.
pub(super) fn known(value: &Value) -> String {
    match value {
        Value::String(text) => cut(text),
        other => cut(&other.to_string()),
    }
}

/// "1 item", "2 items".
pub(super) fn plural(count: u64, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}
