//! Stores: those that are among the manifests, and those that are only referred to.

use std::collections::{BTreeMap, BTreeSet};

use keyloom_models::ProviderKind;
use keyloom_syntax::Node;
use keyloom_upstream::eso::Kind;

use super::external_secret::reads_store;
use super::store::provider_name;
use crate::object::Object;

/// Which store, from where it is referred to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct StoreId {
    pub(super) cluster: bool,
    pub(super) namespace: Option<String>,
    pub(super) name: String,
}

/// All stores there will be in the declaration.
#[derive(Debug, Default)]
pub(super) struct Stores<'t> {
    /// Among the manifests.
    declared: BTreeSet<StoreId>,
    /// Somebody else's, with the provider.
    pub(super) external: BTreeMap<StoreId, ProviderKind>,
    /// Somebody else's of a provider that nobody told, with the places that refer to them.
    pub(super) unknown: BTreeMap<StoreId, Vec<Node<'t>>>,
}

impl StoreId {
    /// What a reference means in an object of that namespace. A kind that is not said is `SecretStore`.
    pub(super) fn of(reference: Node<'_>, namespace: Option<&str>) -> Option<Self> {
        let cluster = reference.get("kind").and_then(Node::as_str) == Some("ClusterSecretStore");
        let namespace = namespace.filter(|_| !cluster).map(str::to_owned);
        Some(Self { cluster, namespace, name: reference.get("name")?.as_str()?.to_owned() })
    }

    pub(super) fn kind(&self) -> &'static str {
        if self.cluster { "ClusterSecretStore" } else { "SecretStore" }
    }
}

/// The namespace that an object says, placeholders included.
pub(super) fn namespace<'t>(object: &Object<'t>) -> Option<&'t str> {
    object.namespace.and_then(Node::as_str)
}

/// Every reference to a store in an object.
pub(super) fn references<'t>(object: &Object<'t>) -> Vec<Node<'t>> {
    let mut found = Vec::new();
    if let Some(spec) = object.node.get("spec") {
        collect(spec, &mut found);
    }
    found
}

fn collect<'t>(node: Node<'t>, found: &mut Vec<Node<'t>>) {
    for (key, value) in node.entries() {
        match key.scalar() {
            Some("secretStoreRef" | "storeRef") => found.push(value),
            Some("secretStoreRefs") => found.extend(value.items()),
            _ => collect(value, found),
        }
    }
    node.items().for_each(|item| collect(item, found));
}

impl<'t> Stores<'t> {
    /// The stores of these objects, and those that they refer to. `told` are providers by name of the store, `others` that
    /// of every other.
    pub(super) fn of(
        objects: &[Object<'t>],
        told: &BTreeMap<String, ProviderKind>,
        others: Option<ProviderKind>,
    ) -> Self {
        let mut stores = Self::default();
        let mut providers: BTreeMap<&str, Option<ProviderKind>> = BTreeMap::new();
        for object in objects {
            let cluster = match object.eso() {
                Some(Kind::SecretStore) => false,
                Some(Kind::ClusterSecretStore) => true,
                _ => continue,
            };
            let Some(name) = object.name.and_then(Node::as_str) else { continue };
            let namespace = namespace(object).filter(|_| !cluster).map(str::to_owned);
            stores.declared.insert(StoreId { cluster, namespace, name: name.to_owned() });
            let provider = object.node.get("spec").and_then(provider_name).and_then(ProviderKind::named);
            providers.insert(name, provider);
        }
        for object in objects {
            for reference in references(object) {
                let Some(id) = StoreId::of(reference, namespace(object)) else { continue };
                if stores.declared.contains(&id) {
                    continue;
                }
                // One that is elsewhere in the set, or whose namespace is filled in later, is of the same provider.
                let provider = told.get(&id.name).copied();
                let elsewhere = || providers.get(id.name.as_str()).copied().flatten();
                match provider.or_else(elsewhere).or(others) {
                    Some(provider) => {
                        stores.external.insert(id, provider);
                    }
                    None => stores.unknown.entry(id).or_default().push(reference),
                }
            }
        }
        stores
    }

    fn all(&self) -> impl Iterator<Item = &StoreId> {
        self.declared.iter().chain(self.external.keys())
    }

    /// Whether the name alone says which store is meant.
    pub(super) fn is_plain(&self, id: &StoreId) -> bool {
        let name = || id.name.clone();
        let cluster = StoreId { cluster: true, namespace: None, name: name() };
        let own = StoreId { cluster: false, namespace: id.namespace.clone(), name: name() };
        let there = |id: &&StoreId| self.declared.contains(id) || self.external.contains_key(id);
        [cluster, own].iter().filter(there).count() == 1
    }

    /// Whether there is one store alone, and everything that reads a store reads that one.
    pub(super) fn is_only_one(&self, objects: &[Object<'_>]) -> bool {
        let mut all = self.all();
        let (Some(only), None) = (all.next(), all.next()) else { return false };
        objects.iter().filter(|object| object.eso() == Some(Kind::ExternalSecret)).all(|object| {
            let spec = object.node.get("spec");
            let reads = spec.is_some_and(reads_store);
            let own = spec.and_then(|spec| spec.get("secretStoreRef"));
            !reads || own.and_then(|own| StoreId::of(own, namespace(object))).as_ref() == Some(only)
        })
    }
}
