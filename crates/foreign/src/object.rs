//! [`Object`]: one object of a manifest, and what part it plays.

use keyloom_models::finding::List;
use keyloom_syntax::{FileId, Node, tree};
use keyloom_upstream::eso::{EsoVersion, GENERATORS, GROUP, Kind, api};

use crate::view::is_filled_in;

/// The annotation in which kubectl keeps an object: the whole of it, as one text.
pub(crate) const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// One object of a manifest.
#[derive(Clone, Copy, Debug)]
pub struct Object<'t> {
    /// The whole of it.
    pub node: Node<'t>,
    /// The file it stands in.
    pub file: FileId,
    /// What part it plays.
    pub role: Role,
    /// What it is.
    pub sort: Sort,
    /// The value of `apiVersion`.
    pub api_version: Option<Node<'t>>,
    /// The value of `kind`.
    pub kind: Option<Node<'t>>,
    /// The value of `metadata.name`.
    pub name: Option<Node<'t>>,
    /// The value of `metadata.namespace`.
    pub namespace: Option<Node<'t>>,
}

/// What part an object plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is applied as it stands.
    Manifest,
    /// An item of a list, applied as it stands.
    Item,
    /// Part of an object that kustomize lays over another.
    Patch,
}

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// An object of the operator.
    Eso(Kind, Api),
    /// Of one of the operator's groups, and of no kind it has.
    UnknownKind,
    /// Of a kind of the operator, without an `apiVersion`.
    NoVersion,
    /// Anything else: another operator's, Kubernetes' own, or not known.
    Other,
}

/// The version of its API that an object is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    /// The one that is served.
    Served,
    /// One of the group's that is served no longer.
    Old,
    /// One that the group never had for this kind.
    Wrong,
}

impl<'t> Object<'t> {
    /// Reads what an object says of itself.
    pub(crate) fn of(eso: EsoVersion, node: Node<'t>, file: FileId, role: Role) -> Self {
        let metadata = node.get("metadata");
        let field = |name| metadata.and_then(|metadata| metadata.get(name));
        let (api_version, kind) = (node.get("apiVersion"), node.get("kind"));
        let sort = sort(eso, api_version.and_then(known), kind.and_then(known));
        Self { node, file, role, sort, api_version, kind, name: field("name"), namespace: field("namespace") }
    }

    /// The operator's kind, if it is one.
    pub fn eso(&self) -> Option<Kind> {
        match self.sort {
            Sort::Eso(kind, _) => Some(kind),
            Sort::UnknownKind | Sort::NoVersion | Sort::Other => None,
        }
    }

    /// Its name, when it is known.
    pub fn name(&self) -> Option<&'t str> {
        self.name.and_then(known)
    }

    /// Its namespace, when it says one that is known.
    pub fn namespace(&self) -> Option<&'t str> {
        self.namespace.and_then(known)
    }

    /// Where it shows that it is no object at all, but a declaration of Keyloom. What others call so too shows nothing.
    pub(crate) fn declaration(&self) -> Option<Node<'t>> {
        let own = |key: &str| {
            let mut lists =
                List::OF_ITEMS.iter().filter(|list| !matches!(list, List::Services | List::Generators));
            lists.any(|list| list.as_str() == key)
        };
        if self.api_version.or(self.kind).is_some() {
            return None;
        }
        let mut entries = self.node.entries();
        let list = |(key, value): &(Node<'t>, Node<'t>)| {
            value.kind() == tree::Kind::Sequence && key.as_str().is_some_and(own)
        };
        entries.find(list).map(|(key, _)| key)
    }

    /// Whether it is applied, and not laid over another.
    pub fn is_whole(&self) -> bool {
        self.role != Role::Patch
    }
}

/// Text that nobody fills in later.
pub(crate) fn known<'t>(node: Node<'t>) -> Option<&'t str> {
    node.as_str().filter(|text| !is_filled_in(text))
}

/// The kinds of a group.
pub(crate) fn kinds_of(group: &str) -> impl Iterator<Item = Kind> {
    Kind::ALL.into_iter().filter(move |kind| kind.group() == group)
}

fn sort(eso: EsoVersion, api_version: Option<&str>, kind: Option<&str>) -> Sort {
    let Some(api_version) = api_version else {
        // A generator's kind, such as Password, may be anybody's.
        let own = kind.and_then(|kind| kinds_of(GROUP).find(|known| known.name() == kind));
        return if own.is_some() { Sort::NoVersion } else { Sort::Other };
    };
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    if ![GROUP, GENERATORS].contains(&group) {
        return Sort::Other;
    }
    let Some(kind) = kind.and_then(|kind| Kind::of(api_version, kind)) else { return Sort::UnknownKind };
    // The first ExternalSecrets were of v1alpha1, which no definition has any more.
    let old = || api(eso, kind, version).is_some() || (kind.version() == "v1" && version == "v1alpha1");
    match () {
        () if version == kind.version() => Sort::Eso(kind, Api::Served),
        () if old() => Sort::Eso(kind, Api::Old),
        () => Sort::Eso(kind, Api::Wrong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_sorted_by_what_they_say() {
        let eso = |api| Sort::Eso(Kind::ExternalSecret, api);
        for (api_version, kind, expected) in [
            (Some("external-secrets.io/v1"), Some("ExternalSecret"), eso(Api::Served)),
            (Some("external-secrets.io/v1beta1"), Some("ExternalSecret"), eso(Api::Old)),
            (Some("external-secrets.io/v1alpha1"), Some("ExternalSecret"), eso(Api::Old)),
            (Some("external-secrets.io/v2"), Some("ExternalSecret"), eso(Api::Wrong)),
            (Some("external-secrets.io/v1"), Some("ExternalSecrets"), Sort::UnknownKind),
            (Some("external-secrets.io/v1"), None, Sort::UnknownKind),
            (Some("kubernetes-client.io/v1"), Some("ExternalSecret"), Sort::Other),
            (Some("v1"), Some("Secret"), Sort::Other),
            (None, Some("ExternalSecret"), Sort::NoVersion),
            (None, Some("Secret"), Sort::Other),
            (None, None, Sort::Other),
            (
                Some("generators.external-secrets.io/v1alpha1"),
                Some("Password"),
                Sort::Eso(Kind::Password, Api::Served),
            ),
            (Some("external-secrets.io/v1alpha1"), Some("Password"), Sort::UnknownKind),
            (Some("external-secrets.io/v1"), Some("PushSecret"), Sort::Eso(Kind::PushSecret, Api::Wrong)),
        ] {
            assert_eq!(sort(EsoVersion::newest(), api_version, kind), expected, "{api_version:?} {kind:?}");
        }
    }
}
