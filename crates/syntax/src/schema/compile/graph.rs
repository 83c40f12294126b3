//! What follows from how schemas refer to each other.

use super::super::{Additional, Node, NodeId, SchemaError};

/// The schemas a node applies to the same value.
fn in_place(node: &Node) -> impl Iterator<Item = NodeId> {
    let choice = node.choice.iter().flat_map(|choice| {
        let branches = choice.any.iter().chain(&choice.one).flat_map(|branches| &branches.list);
        let rest = [choice.not, choice.condition, choice.then, choice.otherwise];
        choice.all.iter().chain(branches).copied().chain(rest.into_iter().flatten())
    });
    node.reference.into_iter().chain(choice)
}

/// The schemas a node applies to what is inside the value.
fn below(node: &Node) -> impl Iterator<Item = NodeId> {
    let object = node.object.iter().flat_map(|object| {
        let additional = match object.additional {
            Additional::Schema(id) => Some(id),
            Additional::Anything | Additional::Nothing => None,
        };
        let named = object.slots.iter().filter_map(|slot| slot.schema);
        named.chain(object.patterns.iter().map(|(_, id)| *id)).chain(additional)
    });
    object.chain(node.list.iter().filter_map(|list| list.items))
}

/// Walking a schema that applies itself to the same value would never end.
pub(super) fn refuse_endless(nodes: &[Node]) -> Result<(), SchemaError> {
    const OPEN: u8 = 1;
    const DONE: u8 = 2;
    let mut state = vec![0u8; nodes.len()];
    let mut stack = Vec::new();
    for start in (0u32..).take(nodes.len()) {
        stack.push((NodeId(start), false));
        while let Some((id, leaving)) = stack.pop() {
            let at = id.0 as usize;
            if leaving {
                state[at] = DONE;
            } else if state[at] == 0 {
                state[at] = OPEN;
                stack.push((id, true));
                for next in in_place(&nodes[at]) {
                    if state[next.0 as usize] == OPEN {
                        return Err(SchemaError::Endless { at: format!("node {}", next.0) });
                    }
                    stack.push((next, false));
                }
            }
        }
    }
    Ok(())
}

/// Marks every node below which a deprecated field can be met.
pub(super) fn mark_warning(nodes: &mut [Node]) {
    for at in 0..nodes.len() {
        let mut id = nodes[at].reference;
        while let Some(target) = id {
            nodes[at].deprecated |= nodes[target.0 as usize].deprecated;
            id = nodes[target.0 as usize].reference;
        }
    }
    let mut changed = true;
    while changed {
        changed = false;
        for at in 0..nodes.len() {
            let warns = |id: NodeId| nodes[id.0 as usize].warns;
            let node = &nodes[at];
            let now = in_place(node).any(warns)
                || below(node).any(|id| warns(id) || nodes[id.0 as usize].deprecated);
            if now && !node.warns {
                nodes[at].warns = true;
                changed = true;
            }
        }
    }
}
