//! What is checked when a mapping is complete: no key twice, and `<<` merges mappings.

use crate::diagnostic::Diagnostic;
use crate::tree::{Entries, Kind, Node, NodeId, Tree};

use super::wording;

/// Up to this many keys are compared each with each; above that they are sorted.
const FEW: usize = 16;

/// Reports at most `room` problems of the mapping's own entries.
pub(super) fn check(tree: &Tree<'_>, mapping: NodeId, room: usize, problems: &mut Vec<Diagnostic>) {
    let mapping = tree.node(mapping);
    let mut found = Vec::new();
    twice(mapping, &mut found);
    if mapping.has_merge() {
        let merges = Entries::written(mapping).filter(|(key, _)| key.is_merge_key());
        let bad = merges.filter(|(_, value)| !mergeable(*value));
        found.extend(bad.map(|(_, value)| wording::bad_merge(value.span())));
    }
    found.truncate(room);
    problems.append(&mut found);
}

fn twice(mapping: Node<'_>, found: &mut Vec<Diagnostic>) {
    let mut few = [("", NodeId(0)); FEW];
    let mut count = 0;
    for (key, _) in Entries::written(mapping) {
        if key.is_merge_key() {
            continue;
        }
        let text = key.scalar().unwrap_or_default();
        let Some(slot) = few.get_mut(count) else { return twice_of_many(mapping, found) };
        *slot = (text, key.id());
        count += 1;
    }
    for (i, (text, id)) in few.iter().enumerate().take(count) {
        if let Some((_, first)) = few.iter().take(i).find(|(before, _)| before == text) {
            found.push(wording::duplicate_key(
                text,
                mapping.tree.node(*first).span(),
                mapping.tree.node(*id).span(),
            ));
        }
    }
}

fn twice_of_many(mapping: Node<'_>, found: &mut Vec<Diagnostic>) {
    let mut keys: Vec<_> = Entries::written(mapping)
        .filter(|(key, _)| !key.is_merge_key())
        .map(|(key, _)| (key.scalar().unwrap_or_default(), key.id()))
        .collect();
    keys.sort_unstable();
    for group in keys.chunk_by(|a, b| a.0 == b.0) {
        if let [(text, first), rest @ ..] = group {
            let first = mapping.tree.node(*first).span();
            found.extend(
                rest.iter().map(|(_, id)| wording::duplicate_key(text, first, mapping.tree.node(*id).span())),
            );
        }
    }
}

/// A failed alias reads as null and was reported.
fn mergeable(value: Node<'_>) -> bool {
    match value.kind() {
        Kind::Mapping => true,
        Kind::Sequence => value.items().all(|item| item.kind() == Kind::Mapping),
        Kind::Null => !value.is_plain() && value.scalar().is_some_and(str::is_empty),
        _ => false,
    }
}
