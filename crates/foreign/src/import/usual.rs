//! `defaults`: what all items share, or most of them, is said once.

use std::collections::BTreeMap;

use keyloom_syntax::Node;
use keyloom_upstream::eso::Kind;

use super::external_secret::{USUAL, reads_store, said_interval};
use super::stores::{StoreId, Stores, namespace};
use super::written::{Map, Written};
use crate::object::Object;

/// What goes without saying.
#[derive(Debug, Default)]
pub(super) struct Usual {
    pub(super) namespace: Option<String>,
    /// The store that everything reads, because it is the only one.
    pub(super) only_store: Option<StoreId>,
    pub(super) store: Option<StoreId>,
    pub(super) interval: Option<String>,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) annotations: BTreeMap<String, String>,
}

impl Usual {
    /// What these objects share.
    pub(super) fn of(objects: &[Object<'_>], stores: &Stores<'_>) -> Self {
        let secrets: Vec<_> =
            objects.iter().filter(|object| object.eso() == Some(Kind::ExternalSecret)).collect();
        let specs = || secrets.iter().filter_map(|object| Some((*object, object.node.get("spec")?)));
        let readers: Vec<Option<StoreId>> = specs()
            .filter(|(_, spec)| reads_store(*spec))
            .map(|(object, spec)| StoreId::of(spec.get("secretStoreRef")?, namespace(object)))
            .collect();
        let only = stores.is_only_one(objects);
        let first = readers.first().cloned().flatten();
        let intervals: Vec<_> = specs().map(|(_, spec)| Some(said_interval(spec))).collect();
        let namespaced = objects.iter().filter(|object| !is_cluster_scoped(object));
        let namespaces: Vec<_> = namespaced.map(|object| namespace(object).map(str::to_owned)).collect();
        Self {
            namespace: most(&namespaces, true),
            only_store: first.filter(|_| only),
            store: most(&readers, true).filter(|_| !only),
            interval: most(&intervals, false).filter(|interval| interval != USUAL),
            labels: shared(objects, "labels"),
            annotations: shared(objects, "annotations"),
        }
    }

    /// The section, if there is anything to say.
    pub(super) fn section(&self, stores: &Stores<'_>) -> Option<Map> {
        let mut map = Map::default();
        if let Some(namespace) = &self.namespace {
            map.put("namespace", Written::text(namespace));
        }
        if let Some(store) = &self.store {
            map.put("secretStoreRef", reference(store, stores));
        }
        if let Some(interval) = &self.interval {
            map.put("refreshInterval", Written::text(interval));
        }
        for (name, texts) in [("labels", &self.labels), ("annotations", &self.annotations)] {
            let mut fields = Map::default();
            texts.iter().for_each(|(key, text)| fields.put(key, Written::text(text)));
            if !fields.is_empty() {
                map.put(name, fields.into());
            }
        }
        (!map.is_empty()).then_some(map)
    }
}

/// A store by its name, with its kind where another has that name.
pub(super) fn reference(id: &StoreId, stores: &Stores<'_>) -> Written {
    if stores.is_plain(id) {
        return Written::text(&id.name);
    }
    let mut map = Map::default();
    map.put("name", Written::text(&id.name));
    map.put("kind", Written::text(id.kind()));
    map.into()
}

/// Whether objects of that kind have no namespace.
pub(super) fn is_cluster_scoped(object: &Object<'_>) -> bool {
    object.eso().is_some_and(Kind::cluster_scoped)
}

/// What more than half of at least two say. Where one that says nothing would get it too, all must say something.
fn most<T: Ord + Clone>(said: &[Option<T>], complete: bool) -> Option<T> {
    if said.len() < 2 || complete && said.iter().any(Option::is_none) {
        return None;
    }
    let mut counts: BTreeMap<&T, usize> = BTreeMap::new();
    said.iter().flatten().for_each(|one| *counts.entry(one).or_default() += 1);
    counts.into_iter().find(|(_, count)| count * 2 > said.len()).map(|(one, _)| one.clone())
}

/// Labels or annotations that every object has. There is no way to take one back.
fn shared(objects: &[Object<'_>], field: &str) -> BTreeMap<String, String> {
    let texts = |object: &Object<'_>| -> BTreeMap<String, String> {
        let map = object.node.get("metadata").and_then(|metadata| metadata.get(field));
        let entries = map.into_iter().flat_map(Node::entries);
        entries
            .filter_map(|(key, value)| Some((key.scalar()?.to_owned(), value.as_str()?.to_owned())))
            .collect()
    };
    let [first, rest @ ..] = objects else { return BTreeMap::new() };
    if rest.is_empty() {
        return BTreeMap::new();
    }
    let mut shared = texts(first);
    for object in rest {
        let own = texts(object);
        shared.retain(|key, text| own.get(key) == Some(text));
    }
    shared
}
