//! Nodes that an alias or a merge makes part of several places: edited once, and only if every place wants that.

use std::collections::BTreeMap;

use keyloom_syntax::tree::Kind;
use keyloom_syntax::{Node, Span, Tree};

use super::Fix;
use crate::edit::Edit;

/// The fixes that all places which share what is edited ask for, each once.
pub(super) fn agreed(tree: &Tree<'_>, fixes: Vec<Fix>) -> Vec<Fix> {
    if fixes.is_empty() {
        return fixes;
    }
    let mut asked: BTreeMap<&Edit, usize> = BTreeMap::new();
    for edit in fixes.iter().flat_map(|fix| &fix.edits) {
        *asked.entry(edit).or_default() += 1;
    }
    let mut places: Vec<Span> = asked.keys().map(|edit| edit.span).collect();
    places.sort_unstable();
    let mut reached = BTreeMap::new();
    tree.documents().for_each(|root| walk(root, &places, &mut reached));
    // What lies in no scalar, such as the blanks before one, is reached as often as what it stands beside.
    let wanted = |edit: &Edit| reached.get(&edit.span).is_none_or(|count| Some(count) == asked.get(edit));
    let kept: Vec<bool> = fixes.iter().map(|fix| fix.edits.iter().all(wanted)).collect();
    let mut once: Vec<Fix> = Vec::with_capacity(fixes.len());
    let mut seen = std::collections::BTreeSet::new();
    for (fix, kept) in fixes.into_iter().zip(kept) {
        if kept && seen.insert(fix.edits.clone()) {
            once.push(fix);
        }
    }
    once
}

/// Counts how often every place is part of a document.
fn walk(node: Node<'_>, places: &[Span], reached: &mut BTreeMap<Span, usize>) {
    match node.kind() {
        Kind::Sequence => node.items().for_each(|item| walk(item, places, reached)),
        Kind::Mapping => {
            for (key, value) in node.entries() {
                count(key.span(), places, reached);
                walk(value, places, reached);
            }
        }
        _ => count(node.span(), places, reached),
    }
}

fn count(scalar: Span, places: &[Span], reached: &mut BTreeMap<Span, usize>) {
    let first = places.partition_point(|place| place.start < scalar.start);
    for place in places[first..].iter().take_while(|place| place.start < scalar.end) {
        *reached.entry(*place).or_default() += 1;
    }
}
