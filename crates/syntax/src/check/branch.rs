//! What a branch of a choice is for, read off its schema.

use super::out::Match;
use super::walk::matches;
use super::words;
use crate::schema::{Additional, Branches, Node, NodeId, ObjectRules, Schema, Types};
use crate::view::{View, ViewKind};

/// Names to choose from, the first few when there are many.
pub(super) fn choices(names: &[String]) -> String {
    match names.get(words::MANY..) {
        None | Some([]) => words::either(names),
        Some(more) => format!("{} or {} more", names[..words::MANY].join(", "), more.len()),
    }
}

/// The schema behind references.
pub(super) fn target(schema: &Schema, id: NodeId) -> &Node {
    let mut node = schema.node(id);
    while let Some(next) = node.reference {
        node = schema.node(next);
    }
    node
}

/// The names a schema requires, if it does little else.
pub(super) fn required(schema: &Schema, id: NodeId) -> impl Iterator<Item = &str> {
    let rules = target(schema, id).object.as_deref();
    rules.into_iter().flat_map(|rules| rules.required.iter().map(|slot| &*rules.slots[*slot as usize].name))
}

/// The fields any of which asks for this branch: the first that it requires, or a choice among required ones.
pub(super) fn asks_for(schema: &Schema, id: NodeId) -> Vec<&str> {
    if let Some(name) = required(schema, id).next() {
        return vec![name];
    }
    let choice = target(schema, id).choice.as_ref();
    let keys = choice.and_then(|choice| choice.any.as_ref()?.keys.as_ref());
    keys.into_iter().flatten().map(|(key, _)| &**key).collect()
}

/// The first field of a mapping that asks for this branch.
pub(super) fn present<V: View>(schema: &Schema, id: NodeId, view: V) -> Option<&str> {
    asks_for(schema, id).into_iter().find(|name| view.has(name))
}

/// The fields to choose from, when every branch is asked for by fields of its own, none of them is there, and the
/// branches leave it to their neighbours which fields are known at all.
pub(super) fn unmade_choice<V: View>(schema: &Schema, branches: &Branches, view: V) -> Option<Vec<String>> {
    let mut names: Vec<&str> = Vec::new();
    for id in &branches.list {
        let closed = |rules: &ObjectRules| matches!(rules.additional, Additional::Nothing);
        let asked = asks_for(schema, *id);
        let taken = asked.iter().any(|name| names.contains(name) || view.has(name));
        if asked.is_empty() || taken || target(schema, *id).object.as_deref().is_some_and(closed) {
            return None;
        }
        names.extend(asked);
    }
    (view.kind() == ViewKind::Mapping).then(|| names.into_iter().map(words::quoted).collect())
}

/// The types a schema lets through.
pub(super) fn accepted(schema: &Schema, id: NodeId) -> Types {
    let node = target(schema, id);
    if node.never {
        return Types::NONE;
    }
    let mut types = node.types;
    if let Some(values) = &node.values {
        types = types.and(values.list.iter().fold(Types::NONE, |all, value| all.or(Types::of(value))));
    }
    if let Some(constant) = &node.constant {
        types = types.and(Types::of(&**constant));
    }
    let Some(choice) = &node.choice else { return types };
    for id in &choice.all {
        types = types.and(accepted(schema, *id));
    }
    for branches in choice.any.iter().chain(&choice.one) {
        types = types.and(branches.list.iter().fold(Types::NONE, |all, id| all.or(accepted(schema, *id))));
    }
    types
}

/// How much a mapping looks like one that a branch is for: a fitting constant speaks loudest, one that does not
/// fit speaks against, then count the fields it knows and those it misses.
pub(super) fn likeness<V: View>(schema: &Schema, id: NodeId, view: V) -> i64 {
    let node = target(schema, id);
    let inner = node.choice.iter().flat_map(|choice| &choice.all).map(|id| likeness(schema, *id, view));
    let mut score: i64 = inner.sum();
    let Some(rules) = &node.object else { return score };
    for (key, _, value) in view.entries() {
        let known = rules.find(key).and_then(|slot| rules.slots[slot].schema);
        score += match known.map(|id| (id, target(schema, id))) {
            Some((id, field)) if field.values.is_some() || field.constant.is_some() => {
                if matches(schema, id, value) == Match::No { -100 } else { 100 }
            }
            Some((id, _)) if accepted(schema, id).has(Types::of(value)) => 4,
            Some(_) => 2,
            None if matches!(rules.additional, Additional::Nothing) => -1,
            None => 0,
        };
    }
    let missing = rules.required.iter().filter(|slot| !view.has(&rules.slots[**slot as usize].name));
    score - 3 * i64::try_from(missing.count()).unwrap_or(i64::MAX / 4)
}
