//! References to stores: which declared store is meant, and may it be used from there.

use indexmap::IndexMap;
use keyloom_syntax::Text;
use keyloom_syntax::suggest::suggest;

use super::conditions::Conditions;
use super::{same, shown};
use crate::config::{Store, StoreRef};
use crate::document::SetAside;
use crate::finding::{Findings, List, Place};
use crate::policy::StoreKind;
use crate::reference::SecretStoreRef;

mod anywhere;
mod reference;
use reference::{other_part, undeclared};

/// The stores by name.
pub(crate) struct Index<'a> {
    by_name: IndexMap<&'a str, Vec<usize>>,
    stores: Vec<Option<&'a Store>>,
    /// Names of stores that are reported already.
    aside: Vec<&'a Text>,
    /// Whether some store is reported already, so that what is in scope is not known.
    some_aside: bool,
    /// Whether one of them has no name, so that it may be the one that is meant.
    nameless: bool,
    conditions: Conditions<'a>,
}

/// So many stores that are elsewhere are pointed at.
const SHOWN: usize = 3;

/// What a reference leads to.
pub(crate) enum Resolved {
    /// A store that may be used.
    Store(StoreRef),
    /// Nothing usable; the reason is reported.
    Reported,
}

impl<'a> Index<'a> {
    pub(crate) fn new(stores: &'a [Option<Store>], set_aside: &'a [SetAside]) -> Self {
        let mut by_name: IndexMap<&str, Vec<usize>> = IndexMap::new();
        let mut first: Vec<Option<&Store>> = Vec::with_capacity(stores.len());
        for (i, store) in stores.iter().enumerate() {
            let same_name = store
                .as_ref()
                .and_then(|store| store.name.written())
                .map(|name| by_name.entry(name).or_default());
            // A store that is declared twice is reported as that, and meant once.
            let again = same_name.as_ref().is_some_and(|others| {
                let others = others.iter().filter_map(|other| first.get(*other).copied().flatten());
                store.as_ref().is_some_and(|store| {
                    others.clone().any(|other| other.kind == store.kind && other.namespace == store.namespace)
                })
            });
            first.push(store.as_ref().filter(|_| !again));
            if let Some(others) = same_name.filter(|_| !again) {
                others.push(i);
            }
        }
        // A pipeline has a store of its own name.
        let of_stores = |item: &&SetAside| matches!(item.list, List::Stores | List::Pipelines);
        let aside = set_aside.iter().filter(of_stores);
        Self {
            by_name,
            conditions: Conditions::of(stores),
            stores: first,
            aside: aside.clone().filter_map(|item| item.name.as_ref()).collect(),
            nameless: aside.clone().any(|item| item.name.is_none()),
            some_aside: aside.count() > 0 || stores.iter().any(Option::is_none),
        }
    }

    /// The store that an item of `namespace` means.
    pub(crate) fn resolve(
        &self,
        reference: Option<&SecretStoreRef>,
        namespace: Option<&Text>,
        place: &Place,
        findings: &mut Findings,
    ) -> Resolved {
        let at = if reference.is_some() { place.at("secretStoreRef") } else { place.clone() };
        self.resolve_at(reference, namespace, &at, findings)
    }

    /// The same, of a reference that stands at `place`.
    pub(crate) fn resolve_at(
        &self,
        reference: Option<&SecretStoreRef>,
        namespace: Option<&Text>,
        place: &Place,
        findings: &mut Findings,
    ) -> Resolved {
        match reference {
            None => self.only_one(namespace, place, findings),
            Some(reference) => self.named(reference, namespace, place, findings),
        }
    }

    fn in_scope(&self, namespace: Option<&Text>) -> impl Iterator<Item = &'a Store> {
        self.stores.iter().copied().flatten().filter(move |store| usable_from(store, namespace))
    }

    fn only_one(&self, namespace: Option<&Text>, place: &Place, findings: &mut Findings) -> Resolved {
        let candidates: Vec<_> = self.in_scope(namespace).collect();
        match candidates.as_slice() {
            _ if self.some_aside => Resolved::Reported,
            [store] => self.allowed(store, namespace, place, findings),
            [] => {
                self.missing(namespace, place, findings);
                Resolved::Reported
            }
            [first, second, ..] => {
                findings
                    .error(
                        "ambiguous-store",
                        place.clone(),
                        format!("no store is named, and {} are in scope", candidates.len()),
                    )
                    .fix(format!(
                        "write `secretStoreRef: {}` or `secretStoreRef: {}`",
                        shown(&first.name),
                        shown(&second.name)
                    ));
                Resolved::Reported
            }
        }
    }

    /// No store is in scope: those there are say where they are.
    fn missing(&self, namespace: Option<&Text>, place: &Place, findings: &mut Findings) {
        let finding =
            findings.error("missing-store", place.clone(), "no store is named, and none is in scope");
        let here = scope(namespace);
        let elsewhere: Vec<_> =
            self.stores.iter().enumerate().filter_map(|(i, it)| Some((i, (*it)?))).collect();
        finding.why(format!("a SecretStore serves its own namespace, and here it is {here}"));
        for (i, store) in elsewhere.iter().take(SHOWN) {
            let words = format!("`{}` is in {}", shown(&store.name), scope(store.namespace.as_ref()));
            finding.and(Place::item(List::Stores, *i).at("name"), words);
        }
        finding.fix(match elsewhere.as_slice() {
            [] => "declare a store in the same namespace or a cluster-scoped one, or write `secretStoreRef`"
                .to_owned(),
            [(_, store), ..] => format!(
                "declare a store in {here}, or make `{}` cluster-scoped: `clusterScoped: true`",
                shown(&store.name)
            ),
        });
    }

    fn named(
        &self,
        reference: &SecretStoreRef,
        namespace: Option<&Text>,
        place: &Place,
        findings: &mut Findings,
    ) -> Resolved {
        let Some(name) = reference.name.written() else { return undeclared(reference, place, findings) };
        if self.aside.iter().any(|aside| aside.written() == Some(name)) {
            return Resolved::Reported;
        }
        let declared: Vec<_> =
            self.by_name.get(name).into_iter().flatten().filter_map(|i| self.stores[*i]).collect();
        if declared.is_empty() {
            if reference.provider.is_some() {
                return undeclared(reference, place, findings);
            }
            if !self.nameless {
                self.unknown(reference, name, namespace, &place.at("name"), findings);
            }
            return Resolved::Reported;
        }
        let of_kind: Vec<_> = declared
            .iter()
            .filter(|store| reference.kind.is_none_or(|kind| kind == store.kind))
            .copied()
            .collect();
        if of_kind.is_empty() {
            let kind = declared[0].kind;
            findings
                .error("store-kind", place.at("kind"), format!("store `{name}` is a {kind}"))
                .fix(format!("write `kind: {kind}`, or leave `kind` out"));
            return Resolved::Reported;
        }
        if let Some(provider) = reference
            .provider
            .filter(|provider| of_kind.iter().all(|store| store.backend.provider() != *provider))
        {
            let actual = of_kind[0].backend.provider();
            findings
                .error(
                    "store-kind",
                    place.at("provider"),
                    format!("store `{name}` is of provider {}, not {}", actual.as_str(), provider.as_str()),
                )
                .fix("leave `provider` out: the store is declared");
            return Resolved::Reported;
        }
        if let Some(field) = of_kind.iter().find_map(|store| other_part(reference, store)) {
            findings
                .error(
                    "store-kind",
                    place.at(field),
                    format!("store `{name}` is declared with another `{field}`"),
                )
                .fix(format!("leave `{field}` out: the store is declared"));
            return Resolved::Reported;
        }
        let usable: Vec<_> = of_kind.iter().filter(|store| usable_from(store, namespace)).copied().collect();
        match usable.as_slice() {
            [store] => self.allowed(store, namespace, &place.at("name"), findings),
            [] => {
                let there = scope(of_kind[0].namespace.as_ref());
                findings
                    .error(
                        "store-in-other-namespace",
                        place.at("name"),
                        format!("SecretStore `{name}` is in {there}, and is used in {}", scope(namespace)),
                    )
                    .why("a SecretStore serves its own namespace alone")
                    .fix("move one of the two, or make the store cluster-scoped");
                Resolved::Reported
            }
            [_, ..] => {
                findings
                    .error(
                        "ambiguous-store",
                        place.at("name"),
                        format!("`{name}` is the name of a SecretStore and of a ClusterSecretStore"),
                    )
                    .fix(format!(
                        "write `secretStoreRef: {{name: {name}, kind: SecretStore}}`, or the other kind"
                    ));
                Resolved::Reported
            }
        }
    }

    fn unknown(
        &self,
        reference: &SecretStoreRef,
        name: &str,
        namespace: Option<&Text>,
        place: &Place,
        findings: &mut Findings,
    ) {
        let near = suggest(
            name,
            self.by_name.keys().copied().chain(self.aside.iter().filter_map(|name| name.known())),
        );
        let kind = reference.kind.map_or("SecretStore", StoreKind::as_str);
        let finding =
            findings.error("unknown-store", place.clone(), format!("store `{name}` is not declared"));
        match near {
            Some(near) => finding.label(format!("did you mean `{near}`?")),
            None => finding.label("no such store"),
        };
        let home = match (reference.kind, namespace) {
            (Some(StoreKind::ClusterSecretStore), _) => " with `clusterScoped: true`".to_owned(),
            (Some(StoreKind::SecretStore), Some(namespace)) => {
                format!(" in namespace `{}`", shown(namespace))
            }
            (None, Some(namespace)) => {
                format!(" in namespace `{}` or with `clusterScoped: true`", shown(namespace))
            }
            (Some(StoreKind::SecretStore) | None, None) => String::new(),
        };
        finding.fix(format!(
            "declare it{home}, with `external: true` if it is somebody else's, or write `secretStoreRef: {{name: {name}, kind: {kind}, provider: ...}}`"
        ));
    }

    /// The conditions of a cluster-scoped store must allow the namespace.
    fn allowed(
        &self,
        store: &Store,
        namespace: Option<&Text>,
        place: &Place,
        findings: &mut Findings,
    ) -> Resolved {
        if let Some(namespace) = namespace.and_then(Text::known)
            && self.conditions.refuse(store, namespace)
        {
            findings
                .error(
                    "store-conditions",
                    place.clone(),
                    format!(
                        "the conditions of `{}` do not allow namespace `{namespace}`",
                        shown(&store.name)
                    ),
                )
                .why("the operator refuses it at every sync")
                .fix(format!("add `{namespace}` to the store's `conditions[].namespaces`"));
            return Resolved::Reported;
        }
        Resolved::Store(StoreRef {
            name: store.name.clone(),
            kind: store.kind,
            provider: store.backend.provider(),
            address: store.backend.address(),
            mount: None,
        })
    }
}

impl Index<'_> {
    /// Whether the conditions of a declared store surely do not allow a namespace.
    pub(crate) fn refuses(&self, store: &StoreRef, namespace: &str) -> bool {
        let declared = store.name.written().and_then(|name| self.by_name.get(name));
        let declared = declared.into_iter().flatten().filter_map(|i| self.stores[*i]);
        let mut same_kind = declared.filter(|other| other.kind == store.kind);
        same_kind.any(|other| self.conditions.refuse(other, namespace))
    }
}

fn usable_from(store: &Store, namespace: Option<&Text>) -> bool {
    store.kind == StoreKind::ClusterSecretStore || same(store.namespace.as_ref(), namespace) != Some(false)
}

fn scope(namespace: Option<&Text>) -> String {
    namespace
        .map_or_else(|| "no namespace".to_owned(), |namespace| format!("namespace `{}`", shown(namespace)))
}
