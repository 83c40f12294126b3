//! Whether a ClusterSecretStore serves the namespace of an object.

use keyloom_models::code::STORE_CONDITIONS;
use keyloom_syntax::{Diagnostic, Node};
use keyloom_upstream::eso::Kind;

use super::label;
use super::references::Reference;
use crate::object::{Object, known};

pub(super) fn check(
    reference: &Reference<'_>,
    object: &Object<'_>,
    store: &Object<'_>,
    found: &mut Vec<Diagnostic>,
) {
    if store.eso() != Some(Kind::ClusterSecretStore) {
        return;
    }
    let Some(namespace) = object.namespace() else { return };
    let conditions = store.node.get("spec").and_then(|spec| spec.get("conditions"));
    let Some(conditions) = conditions.filter(|conditions| conditions.items().next().is_some()) else {
        return;
    };
    let answers: Vec<Option<bool>> =
        conditions.items().map(|condition| serves(condition, namespace)).collect();
    if answers.iter().any(|answer| *answer != Some(false)) {
        return;
    }
    let fault =
        Diagnostic::error(STORE_CONDITIONS, format!("the store does not serve the namespace `{namespace}`"))
            .at(label(reference.node.get("name").unwrap_or(reference.node), &reference.path, ""))
            .and_at(label(conditions, "spec.conditions", "its conditions"))
            .why("the operator refuses to read from it for this namespace")
            .fix("add the namespace to the store's conditions, or use another store");
    found.push(fault);
}

/// Whether one condition is fulfilled; labels are the cluster's to know.
fn serves(condition: Node<'_>, namespace: &str) -> Option<bool> {
    let list = |field| condition.get(field).into_iter().flat_map(Node::items);
    let mut open = condition.get("namespaceSelector").is_some();
    for item in list("namespaces") {
        match known(item) {
            Some(name) if name == namespace => return Some(true),
            Some(_) => {}
            None => open = true,
        }
    }
    for item in list("namespaceRegexes") {
        match known(item).and_then(|pattern| keyloom_models::regexp_matches(pattern, namespace)) {
            Some(true) => return Some(true),
            Some(false) => {}
            None => open = true,
        }
    }
    if open { None } else { Some(false) }
}
