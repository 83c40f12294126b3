//! Which store or generator an object means.

use std::collections::{BTreeMap, BTreeSet};

use keyloom_models::code::{STORE_IN_OTHER_NAMESPACE, STORE_KIND, UNKNOWN_GENERATOR, UNKNOWN_STORE};
use keyloom_syntax::check::key_step;
use keyloom_syntax::suggest::suggest;
use keyloom_syntax::{Diagnostic, Node};
use keyloom_upstream::eso::Kind;

use super::{label, text_at};
use crate::object::{Object, known};
use crate::set::Set;

/// What an object does with what it refers to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Use<'t> {
    /// It reads from a store: the entry that does.
    Read(Node<'t>),
    /// It writes to a store.
    Push,
    /// It names the store that its entries read from.
    Default,
    /// It asks a generator.
    Generate,
}

/// A reference by kind and name.
#[derive(Clone, Debug)]
pub(super) struct Reference<'t> {
    pub(super) node: Node<'t>,
    pub(super) path: String,
    pub(super) used: Use<'t>,
    /// Where the entry stands, for [`Use::Read`].
    pub(super) entry: String,
}

/// All references of an object.
pub(super) fn of<'t>(object: &Object<'t>, kind: Kind) -> Vec<Reference<'t>> {
    let mut references = Vec::new();
    let spec = object.node.get("spec");
    match kind {
        Kind::ExternalSecret => external_secret(spec, "spec", &mut references),
        Kind::ClusterExternalSecret => {
            let spec = spec.and_then(|spec| spec.get("externalSecretSpec"));
            external_secret(spec, "spec.externalSecretSpec", &mut references);
        }
        Kind::PushSecret => push_secret(spec, "spec", &mut references),
        Kind::ClusterPushSecret => {
            push_secret(
                spec.and_then(|spec| spec.get("pushSecretSpec")),
                "spec.pushSecretSpec",
                &mut references,
            );
        }
        _ => {}
    }
    references
}

fn external_secret<'t>(spec: Option<Node<'t>>, path: &str, references: &mut Vec<Reference<'t>>) {
    let Some(spec) = spec else { return };
    let default = spec.get("secretStoreRef");
    let mut used = false;
    for list in ["data", "dataFrom"] {
        let items = spec.get(list).into_iter().flat_map(Node::items);
        for (index, entry) in items.enumerate() {
            let entry_path = format!("{path}.{list}[{index}]");
            let source = entry.get("sourceRef");
            let mut add = |node, field: &str, used| {
                references.push(Reference {
                    node,
                    path: format!("{entry_path}{field}"),
                    used,
                    entry: entry_path.clone(),
                });
            };
            match source.and_then(|source| source.get("storeRef")) {
                Some(store) => add(store, ".sourceRef.storeRef", Use::Read(entry)),
                None => {
                    if let Some(generator) = source.and_then(|source| source.get("generatorRef")) {
                        add(generator, ".sourceRef.generatorRef", Use::Generate);
                    } else if let Some(store) = default {
                        used = true;
                        references.push(Reference {
                            node: store,
                            path: format!("{path}.secretStoreRef"),
                            used: Use::Read(entry),
                            entry: entry_path,
                        });
                    }
                }
            }
        }
    }
    if let Some(store) = default.filter(|_| !used) {
        let path = format!("{path}.secretStoreRef");
        references.push(Reference { node: store, path, used: Use::Default, entry: String::new() });
    }
}

fn push_secret<'t>(spec: Option<Node<'t>>, path: &str, references: &mut Vec<Reference<'t>>) {
    let Some(spec) = spec else { return };
    let stores = spec.get("secretStoreRefs").into_iter().flat_map(Node::items);
    for (index, node) in stores.enumerate() {
        let path = format!("{path}.secretStoreRefs[{index}]");
        references.push(Reference { node, path, used: Use::Push, entry: String::new() });
    }
    if let Some(node) = spec.get("selector").and_then(|selector| selector.get("generatorRef")) {
        let path = format!("{path}.selector.generatorRef");
        references.push(Reference { node, path, used: Use::Generate, entry: String::new() });
    }
}

/// Names of the stores of the set.
pub(super) struct Stores<'t> {
    cluster: BTreeSet<&'t str>,
    /// Namespace and name.
    namespaced: BTreeSet<(Option<&'t str>, &'t str)>,
    /// Name and namespace.
    by_name: BTreeSet<(&'t str, Option<&'t str>)>,
}

impl<'t> Stores<'t> {
    pub(super) fn of(set: &'t Set<'t>) -> Self {
        let mut stores =
            Self { cluster: BTreeSet::new(), namespaced: BTreeSet::new(), by_name: BTreeSet::new() };
        for (kind, namespace, name) in set.keys() {
            match kind {
                Kind::ClusterSecretStore => _ = stores.cluster.insert(name),
                Kind::SecretStore => {
                    stores.namespaced.insert((namespace, name));
                    stores.by_name.insert((name, namespace));
                }
                _ => {}
            }
        }
        stores
    }

    /// The stores that a reference of that kind could mean.
    fn candidates(&self, kind: Kind, namespace: Option<&str>) -> Vec<&'t str> {
        match kind {
            Kind::ClusterSecretStore => self.cluster.iter().copied().collect(),
            _ => {
                let own = self.namespaced.range((namespace, "")..).take_while(|(at, _)| *at == namespace);
                own.map(|(_, name)| *name).collect()
            }
        }
    }
}

/// The store that is meant, when it is in the set; says so when the set contradicts the reference.
pub(super) fn resolve<'s, 't>(
    reference: &Reference<'t>,
    object: &Object<'t>,
    of: Kind,
    set: &'s Set<'t>,
    stores: &Stores<'_>,
    found: &mut Vec<Diagnostic>,
) -> Option<&'s Object<'t>> {
    if matches!(reference.used, Use::Generate) {
        return None;
    }
    let written = reference.node.get("name")?;
    let name = known(written)?;
    let kind = match reference.node.get("kind") {
        None => Kind::SecretStore,
        Some(kind) => match known(kind)? {
            "SecretStore" => Kind::SecretStore,
            "ClusterSecretStore" => Kind::ClusterSecretStore,
            _ => return None,
        },
    };
    // Objects that are made in other namespaces look there; a namespace that is filled in may be any.
    let elsewhere = of.cluster_scoped() || (object.namespace.is_some() && object.namespace().is_none());
    let namespace = if kind == Kind::ClusterSecretStore { None } else { object.namespace() };
    if kind == Kind::ClusterSecretStore || !elsewhere {
        // A ClusterSecretStore with a namespace, which is dropped, is found as well.
        let own = set.find(kind, namespace, name).next();
        if own.is_some() {
            return own;
        }
    }
    // Said once, at the reference, whatever reads through it.
    let fault = contradiction(reference, written, name, kind, (namespace, elsewhere), stores)?;
    found.push(fault);
    None
}

fn contradiction(
    reference: &Reference<'_>,
    written: Node<'_>,
    name: &str,
    kind: Kind,
    (namespace, elsewhere): (Option<&str>, bool),
    stores: &Stores<'_>,
) -> Option<Diagnostic> {
    let mut path = reference.path.clone();
    key_step(&mut path, "name");
    let at = label(written, &path, "");
    let in_namespaces =
        || stores.by_name.range((name, None)..).take_while(|(at, _)| *at == name).map(|(_, at)| *at);
    match kind {
        Kind::SecretStore if stores.cluster.contains(name) => {
            let said = reference.node.get("kind").is_some();
            let why = if said { None } else { Some("a reference without `kind` means a SecretStore") };
            let mut fault = Diagnostic::error(STORE_KIND, format!("`{name}` is a ClusterSecretStore"))
                .at(at)
                .fix("write `kind: ClusterSecretStore` beside the name");
            fault.why = why.map(str::to_owned);
            return Some(fault);
        }
        Kind::ClusterSecretStore if in_namespaces().next().is_some() => {
            return Some(
                Diagnostic::error(STORE_KIND, format!("`{name}` is a SecretStore"))
                    .at(at)
                    .fix("write `kind: SecretStore` beside the name"),
            );
        }
        _ if kind == Kind::SecretStore && elsewhere => return None,
        _ => {}
    }
    let candidates = stores.candidates(kind, namespace);
    if let Some(near) = suggest(name, candidates.iter().copied()) {
        return Some(
            Diagnostic::error(UNKNOWN_STORE, format!("there is no {} `{name}` here", kind.name()))
                .at(keyloom_syntax::Label { text: format!("did you mean `{near}`?"), ..at })
                .why("these files declare stores, and none of that name"),
        );
    }
    let other = in_namespaces().flatten().next().filter(|_| kind == Kind::SecretStore && namespace.is_some());
    if let Some(other) = other {
        return Some(
            Diagnostic::warning(STORE_IN_OTHER_NAMESPACE, format!("the SecretStore `{name}` is in `{other}`"))
                .at(at)
                .why("a SecretStore serves its own namespace alone; if there is another of that name, it is not among these files")
                .fix("make it a ClusterSecretStore, or declare one in this namespace"),
        );
    }
    (!candidates.is_empty()).then(|| {
        Diagnostic::warning(UNKNOWN_STORE, format!("there is no {} `{name}` here", kind.name()))
            .at(at)
            .why("these files declare stores, and none of that name; the cluster may have it all the same")
            .fix(format!(
                "declared here: `{}`",
                candidates.iter().take(8).copied().collect::<Vec<_>>().join("`, `")
            ))
    })
}

/// Generators of the set.
pub(super) struct Generators<'t> {
    /// Names by kind and, where it has one, namespace.
    names: BTreeMap<(Kind, Option<&'t str>), BTreeSet<&'t str>>,
}

impl<'t> Generators<'t> {
    pub(super) fn of(set: &'t Set<'t>) -> Self {
        let mut names: BTreeMap<_, BTreeSet<&str>> = BTreeMap::new();
        for (kind, namespace, name) in set.keys().filter(|(kind, ..)| kind.is_generator()) {
            names.entry((kind, namespace)).or_default().insert(name);
        }
        Self { names }
    }

    /// A generator that is not there, while one of nearly that name is.
    pub(super) fn check(
        &self,
        reference: &Reference<'_>,
        object: &Object<'_>,
        of: Kind,
        found: &mut Vec<Diagnostic>,
    ) {
        if !matches!(reference.used, Use::Generate) || of.cluster_scoped() {
            return;
        }
        let Some(written) = reference.node.get("name") else { return };
        let (Some(name), Some(kind)) = (known(written), text_at(reference.node, &["kind"])) else { return };
        let Some(kind) = Kind::generator(kind) else { return };
        let unknown = object.namespace.is_some() && object.namespace().is_none();
        let namespace = if kind == Kind::ClusterGenerator { None } else { object.namespace() };
        let Some(names) =
            self.names.get(&(kind, namespace)).filter(|names| !unknown && !names.contains(name))
        else {
            return;
        };
        let Some(near) = suggest(name, names.iter().copied()) else { return };
        let mut path = reference.path.clone();
        key_step(&mut path, "name");
        found.push(
            Diagnostic::error(UNKNOWN_GENERATOR, format!("there is no {} `{name}` here", kind.name()))
                .at(label(written, &path, format!("did you mean `{near}`?")))
                .why("these files declare generators of that kind, and none of that name"),
        );
    }
}
