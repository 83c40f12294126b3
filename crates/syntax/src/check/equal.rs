//! Equality of values as JSON Schema means it: numbers by value, mappings in any order.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::out::Match;
use crate::view::{View, ViewKind};

/// Whether two views hold the same value.
pub(super) fn equal<A: View, B: View>(a: A, b: B) -> Match {
    use ViewKind::{Bool, Float, Int, Mapping, Null, Sequence, Text, Unknown};
    match (a.kind(), b.kind()) {
        (Unknown, _) | (_, Unknown) => Match::Open,
        (Null, Null) => Match::Yes,
        (Bool, Bool) => yes(a.boolean() == b.boolean()),
        (Int | Float, Int | Float) => yes(a.number() == b.number()),
        (Text, Text) => match (a.text(), b.text()) {
            (Some(a), Some(b)) => yes(a == b),
            _ => Match::Open,
        },
        (Sequence, Sequence) => {
            if a.items().count() != b.items().count() {
                return Match::No;
            }
            all(a.items().zip(b.items()).map(|(a, b)| equal(a, b)))
        }
        (Mapping, Mapping) => {
            if a.entries().count() != b.entries().count() {
                return Match::No;
            }
            all(a.entries().map(|(key, _, a)| b.get(key).map_or(Match::No, |(_, b)| equal(a, b))))
        }
        _ => Match::No,
    }
}

fn yes(equal: bool) -> Match {
    if equal { Match::Yes } else { Match::No }
}

fn all(matches: impl Iterator<Item = Match>) -> Match {
    let mut result = Match::Yes;
    for one in matches {
        match one {
            Match::No => return Match::No,
            Match::Open => result = Match::Open,
            Match::Yes => {}
        }
    }
    result
}

/// Whether something in it is not known yet.
pub(super) fn is_open<V: View>(view: V) -> bool {
    match view.kind() {
        ViewKind::Unknown => true,
        ViewKind::Text => view.text().is_none(),
        ViewKind::Sequence => view.items().any(is_open),
        ViewKind::Mapping => view.entries().any(|(_, _, value)| is_open(value)),
        ViewKind::Null | ViewKind::Bool | ViewKind::Int | ViewKind::Float => false,
    }
}

/// Equal values have equal prints, so a long list is searched for twins without comparing every pair.
pub(super) fn print<V: View>(view: V) -> u64 {
    let mut hasher = DefaultHasher::new();
    match view.kind() {
        ViewKind::Null => 0u8.hash(&mut hasher),
        ViewKind::Bool => (1u8, view.boolean()).hash(&mut hasher),
        // Adding zero makes -0.0 the same as 0.0.
        ViewKind::Int | ViewKind::Float => {
            (2u8, view.number().map(|n| (n + 0.0).to_bits())).hash(&mut hasher)
        }
        ViewKind::Text => (3u8, view.text()).hash(&mut hasher),
        ViewKind::Sequence => {
            4u8.hash(&mut hasher);
            view.items().for_each(|item| print(item).hash(&mut hasher));
        }
        ViewKind::Mapping => {
            let entry = |(key, _, value): (&str, V::At, V)| {
                let mut hasher = DefaultHasher::new();
                (key, print(value)).hash(&mut hasher);
                hasher.finish()
            };
            (5u8, view.entries().map(entry).fold(0, u64::wrapping_add)).hash(&mut hasher);
        }
        ViewKind::Unknown => 6u8.hash(&mut hasher),
    }
    hasher.finish()
}
