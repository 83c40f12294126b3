//! Whether a ClusterSecretStore serves the namespace of an object.

use keyloom_models::RegexpSet;
use keyloom_models::code::STORE_CONDITIONS;
use keyloom_syntax::{Diagnostic, Node};
use keyloom_upstream::eso::Kind;

use super::label;
use super::references::Reference;
use crate::object::{Object, known};
use crate::set::Set;

/// What is asked of many objects: the regular expressions of all conditions, each read once.
pub(super) struct Serving<'t> {
    regexps: RegexpSet<'t>,
}

impl<'t> Serving<'t> {
    pub(super) fn of(set: &'t Set<'t>) -> Self {
        let stores = set.objects.iter().filter(|object| object.eso() == Some(Kind::ClusterSecretStore));
        let all = stores.filter_map(conditions).flat_map(Node::items);
        let regexps = all.flat_map(|condition| list(condition, "namespaceRegexes")).filter_map(known);
        Self { regexps: RegexpSet::of(regexps) }
    }

    pub(super) fn check(
        &self,
        reference: &Reference<'_>,
        object: &Object<'_>,
        store: &Object<'_>,
        found: &mut Vec<Diagnostic>,
    ) {
        if store.eso() != Some(Kind::ClusterSecretStore) {
            return;
        }
        let Some(namespace) = object.namespace() else { return };
        let Some(conditions) = conditions(store).filter(|conditions| !conditions.is_empty()) else { return };
        if conditions.items().any(|condition| self.serves(condition, namespace) != Some(false)) {
            return;
        }
        let fault = Diagnostic::error(
            STORE_CONDITIONS,
            format!("the store does not serve the namespace `{namespace}`"),
        )
        .at(label(reference.node.get("name").unwrap_or(reference.node), &reference.path, ""))
        .and_at(label(conditions, "spec.conditions", "its conditions"))
        .why("the operator refuses to read from it for this namespace")
        .fix("add the namespace to the store's conditions, or use another store");
        found.push(fault);
    }

    /// Whether one condition is fulfilled; labels are the cluster's to know.
    fn serves(&self, condition: Node<'_>, namespace: &str) -> Option<bool> {
        let mut open = condition.get("namespaceSelector").is_some();
        for item in list(condition, "namespaces") {
            match known(item) {
                Some(name) if name == namespace => return Some(true),
                Some(_) => {}
                None => open = true,
            }
        }
        for item in list(condition, "namespaceRegexes") {
            match known(item).and_then(|regexp| self.regexps.matches(regexp, namespace)) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => open = true,
            }
        }
        if open { None } else { Some(false) }
    }
}

fn conditions<'t>(store: &Object<'t>) -> Option<Node<'t>> {
    store.node.get("spec").and_then(|spec| spec.get("conditions"))
}

fn list<'t>(condition: Node<'t>, field: &str) -> impl Iterator<Item = Node<'t>> + use<'t> {
    condition.get(field).into_iter().flat_map(Node::items)
}
