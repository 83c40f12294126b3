//! External secrets and push secrets in each of several namespaces.

use keyloom_syntax::Text;
use keyloom_syntax::text::Origins;

use super::{ByText, Context, external_secret, push_secrets, shown};
use crate::cluster::{ChildMetadata, ClusterExternalSecretConfig, ClusterPushSecretConfig};
use crate::code::{CHILD_NAME_TAKEN, NO_NAMESPACES, STORE_CONDITIONS, STORE_PER_NAMESPACE};
use crate::config::{ClusterExternalSecret, ClusterPushSecret, PushStore, StoreRef};
use crate::finding::{Findings, List, Place};
use crate::policy::{SelectorOperator, StoreKind};
use crate::selector::LabelSelector;

/// The label that every namespace has, with its name.
const NAME_LABEL: &str = "kubernetes.io/metadata.name";

/// Makes a cluster external secret; `None` when something it needs is missing, which is reported then.
pub(super) fn external(
    context: &Context<'_>,
    item: ClusterExternalSecretConfig,
    place: &Place,
    findings: &mut Findings,
) -> Option<ClusterExternalSecret> {
    let ClusterExternalSecretConfig { external_secret_spec, namespace_selector, namespaces, .. } = item;
    let selectors = item.namespace_selectors.unwrap_or_default();
    let names = namespaces.unwrap_or_default();
    if selectors.is_empty() && namespace_selector.is_none() && names.is_empty() {
        no_namespaces(place, findings);
    }
    let metadata = item.external_secret_metadata.unwrap_or_default();
    let mut spec = external_secret_spec.0;
    let undeclared = spec.secret_store_ref.as_ref().is_some_and(|store| store.provider.is_some());
    spec.name = item.external_secret_name.clone().unwrap_or_else(|| item.name.clone());
    spec.namespace = Some(anywhere());
    (spec.labels, spec.annotations) = (metadata.labels, metadata.annotations);
    let at = place.at("externalSecretSpec");
    let mut secret = external_secret::make(context, at.clone(), spec, findings)?;
    secret.namespace = None;
    let matched = Namespaces { selectors: &selectors, selector: namespace_selector.as_ref(), names: &names };
    let own = secret.data.iter().filter_map(|entry| entry.store.as_deref());
    let from = secret.data_from.iter().filter_map(|entry| entry.store.as_ref());
    for store in secret.store.iter().chain(own).chain(from) {
        serves(context, store, &matched, undeclared, &at.at("secretStoreRef"), findings);
    }
    Some(ClusterExternalSecret {
        name: item.name,
        external_secret_name: item.external_secret_name,
        external_secret: secret,
        namespace_selectors: selectors,
        namespace_selector,
        namespaces: names,
        refresh_time: item.refresh_time,
        labels: item.labels,
        annotations: item.annotations,
    })
}

/// Makes a cluster push secret.
pub(super) fn push(
    context: &Context<'_>,
    item: ClusterPushSecretConfig,
    place: &Place,
    findings: &mut Findings,
) -> ClusterPushSecret {
    let selectors = item.namespace_selectors.unwrap_or_default();
    if selectors.is_empty() {
        no_namespaces(place, findings);
    }
    let ChildMetadata { labels, annotations } = item.push_secret_metadata.unwrap_or_default();
    let mut spec = item.push_secret_spec.0;
    spec.name = item.push_secret_name.clone().unwrap_or_else(|| item.name.clone());
    (spec.labels, spec.annotations) = (labels, annotations);
    let at = place.at("pushSecretSpec");
    let push_secret = push_secrets::make(context, spec, Some(&anywhere()), &at, findings);
    let matched = Namespaces { selectors: &selectors, selector: None, names: &[] };
    for store in &push_secret.stores {
        if let PushStore::Named(store) = store {
            serves(context, store, &matched, false, &at.at("secretStoreRefs"), findings);
        }
    }
    ClusterPushSecret {
        name: item.name,
        push_secret_name: item.push_secret_name,
        push_secret,
        namespace_selectors: selectors,
        refresh_time: item.refresh_time,
        labels: item.labels,
        annotations: item.annotations,
    }
}

/// A namespace that only the cluster knows.
fn anywhere() -> Text {
    Text::unknown(false, Origins::NONE)
}

fn no_namespaces(place: &Place, findings: &mut Findings) {
    findings
        .error(NO_NAMESPACES, place.clone(), "no namespace is selected, so nothing is made")
        .fix("write `namespaceSelectors: [{matchLabels: {...}}]`, or `namespaceSelectors: [{}]` for all");
}

/// The store must serve every namespace that is selected.
fn serves(
    context: &Context<'_>,
    store: &StoreRef,
    matched: &Namespaces<'_>,
    undeclared: bool,
    place: &Place,
    findings: &mut Findings,
) {
    let name = shown(&store.name);
    if store.kind == StoreKind::ClusterSecretStore {
        let refused = matched.known().into_iter().find(|namespace| context.stores.refuses(store, namespace));
        if let Some(namespace) = refused {
            findings
                .error(
                    STORE_CONDITIONS,
                    place.clone(),
                    format!("the conditions of `{name}` do not allow namespace `{namespace}`"),
                )
                .why("the operator refuses it at every sync")
                .fix(format!("add `{namespace}` to the store's `conditions[].namespaces`"));
        }
        return;
    }
    let message = format!("SecretStore `{name}` must be in every namespace that is selected");
    let finding = match undeclared {
        true => findings.note(STORE_PER_NAMESPACE, place.clone(), message),
        false => findings.warning(STORE_PER_NAMESPACE, place.clone(), message),
    };
    finding
        .why("a SecretStore serves its own namespace alone")
        .fix("make the store cluster-scoped, or see to it that each namespace has one of that name");
}

/// An ExternalSecret that somebody else made keeps the operator from making one of that name.
pub(super) fn names_taken(
    item: &ClusterExternalSecret,
    place: &Place,
    others: &ByText<'_>,
    findings: &mut Findings,
) {
    let matched = Namespaces {
        selectors: &item.namespace_selectors,
        selector: item.namespace_selector.as_ref(),
        names: &item.namespaces,
    };
    let Some(name) = item.external_secret.name.known() else { return };
    for (index, other) in others.get(name).into_iter().flatten() {
        let Some(namespace) = other.namespace.as_ref().and_then(Text::known) else { continue };
        if matched.hold(namespace) {
            let at = if item.external_secret_name.is_some() { "externalSecretName" } else { "name" };
            findings
                .error(
                    CHILD_NAME_TAKEN,
                    place.at(at),
                    format!("namespace `{namespace}` has an ExternalSecret `{name}` already"),
                )
                .why("the operator makes none there, and reports the namespace as failed")
                .fix("write another `externalSecretName`, or rename the other")
                .and(Place::item(List::ExternalSecrets, *index).at("name"), "declared here");
        }
    }
}

/// Which namespaces are selected, as far as it is known.
struct Namespaces<'a> {
    selectors: &'a [LabelSelector],
    selector: Option<&'a LabelSelector>,
    names: &'a [Text],
}

impl<'a> Namespaces<'a> {
    fn all(&self) -> impl Iterator<Item = &'a LabelSelector> {
        self.selectors.iter().chain(self.selector)
    }

    /// Whether a namespace is surely among them: by name, or because all are.
    fn hold(&self, namespace: &str) -> bool {
        let empty = |selector: &LabelSelector| {
            selector.match_labels.is_empty() && selector.match_expressions.is_empty()
        };
        self.all().any(empty) || self.known().contains(&namespace)
    }

    /// Those that are named.
    fn known(&self) -> Vec<&'a str> {
        let named = self.names.iter().filter_map(Text::known);
        named.chain(self.all().flat_map(by_name)).collect()
    }
}

/// The namespaces that a selector matches by name and nothing else.
fn by_name(selector: &LabelSelector) -> Vec<&str> {
    match (selector.match_labels.len(), selector.match_expressions.as_slice()) {
        (1, []) => selector.match_labels.get(NAME_LABEL).and_then(Text::known).into_iter().collect(),
        (0, [one]) if one.key == NAME_LABEL && one.operator == SelectorOperator::In => {
            one.values.iter().filter_map(Text::known).collect()
        }
        _ => Vec::new(),
    }
}
