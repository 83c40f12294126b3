//! `<<`: the entries of other mappings, seen as if they were written in this one.

use std::collections::BTreeSet;

use crate::tree::{Entries, Kind, Node, NodeId};

/// The entries of a mapping that has a `<<`: its own, then what it merges. Its own keys win over merged ones, and
/// an earlier mapping over a later one.
pub(crate) fn merged(node: Node<'_>) -> Vec<(NodeId, NodeId)> {
    let mut seen = BTreeSet::new();
    let mut pairs = Vec::new();
    collect(node, &mut seen, &mut pairs);
    pairs
}

/// Recursion is as deep as the document after its aliases, which the reader has bounded.
fn collect<'t>(node: Node<'t>, seen: &mut BTreeSet<&'t str>, pairs: &mut Vec<(NodeId, NodeId)>) {
    for (key, value) in Entries::written(node).filter(|(key, _)| !key.is_merge_key()) {
        if seen.insert(key.scalar().unwrap_or_default()) {
            pairs.push((key.id(), value.id()));
        }
    }
    if !node.has_merge() {
        return;
    }
    for (_, value) in Entries::written(node).filter(|(key, _)| key.is_merge_key()) {
        match value.kind() {
            Kind::Mapping => collect(value, seen, pairs),
            _ => value.items().for_each(|item| collect(item, seen, pairs)),
        }
    }
}
