//! Stores: scope, settings, and what each provider asks for.

use super::selectors::Scope;
use super::{Rules, newer, regexp};
use crate::config::{Credentials, Store};
use crate::document::Item;
use crate::finding::{Findings, List, Place};
use crate::store::{Backend, SecretStoreConfig, StoreProvider};

/// Checks every store; one that cannot be made is `None`, and is reported.
pub(super) fn all(
    rules: &Rules,
    stores: &[Item<SecretStoreConfig>],
    credentials: &[Vec<Credentials>],
    findings: &mut Findings,
) -> Vec<Option<Store>> {
    stores
        .iter()
        .zip(credentials)
        .enumerate()
        .map(|(i, (item, own))| make(rules, &item.value, own, &Place::item(List::Stores, i), findings))
        .collect()
}

fn make(
    rules: &Rules,
    store: &SecretStoreConfig,
    credentials: &[Credentials],
    place: &Place,
    findings: &mut Findings,
) -> Option<Store> {
    scope(store, place, findings);
    literals(store, place, findings);
    let refresh_seconds = refresh_seconds(store, place, findings);
    if let Backend::Declared(provider) = &store.backend {
        let at = place.at(provider.kind().as_str());
        let scope = Scope {
            cluster: store.cluster_scoped,
            namespace: store.namespace.as_ref(),
            needs_namespace: provider.needs_namespaces(),
        };
        provider.check(&scope, &at, findings);
        newer::store(rules, provider, &at, findings);
    }
    Some(Store {
        name: store.name.clone(),
        namespace: store.namespace.clone(),
        kind: store.kind(),
        backend: store.backend.clone(),
        credentials: credentials.to_vec(),
        conditions: store.conditions.clone().unwrap_or_default(),
        controller: store.controller.clone(),
        retry_settings: store.retry_settings.clone(),
        refresh_seconds: refresh_seconds.ok()?,
        labels: store.labels.clone(),
        annotations: store.annotations.clone(),
    })
}

/// A cluster-scoped store has no namespace, and should say who may use it; conditions are for it alone.
fn scope(store: &SecretStoreConfig, place: &Place, findings: &mut Findings) {
    let external = matches!(store.backend, Backend::External(_));
    if store.cluster_scoped && store.namespace.is_some() {
        findings
            .error(
                "cluster-store-namespace",
                place.at("namespace"),
                "a cluster-scoped store has no namespace",
            )
            .fix("leave `namespace` out, or leave `clusterScoped` out");
    }
    let Some(conditions) = &store.conditions else {
        if store.cluster_scoped && !external {
            findings
                .warning("cluster-store-open", place.at("clusterScoped"), "every namespace may use this store")
                .why("whoever may create an external secret anywhere can read all that the store can")
                .fix("name the namespaces in `conditions: [{namespaces: [...]}]`, or make it a store of one namespace");
        }
        return;
    };
    let at = place.at("conditions");
    if !store.cluster_scoped {
        findings
            .error(
                "conditions-of-namespace",
                at.clone(),
                "conditions are for cluster-scoped stores; the operator ignores them here",
            )
            .fix("leave `conditions` out");
    }
    for (i, condition) in conditions.iter().enumerate() {
        let empty = condition.namespace_selector.is_none()
            && condition.namespaces.is_empty()
            && condition.namespace_regexes.is_empty();
        if empty {
            findings
                .error("empty-condition", at.at(i), "an empty condition matches no namespace")
                .fix("write `namespaceSelector: {}` for all, or leave it out");
        }
        for (n, regexp) in condition.namespace_regexes.iter().enumerate() {
            regexp::check(regexp, &at.at(i).at("namespaceRegexes").at(n), findings);
        }
    }
}

/// Values are written out in the block `fake` alone, and only where that is allowed.
fn literals(store: &SecretStoreConfig, place: &Place, findings: &mut Findings) {
    let (provider, values) = match &store.backend {
        Backend::Declared(StoreProvider::Carried(block)) => {
            (block.provider().as_str(), block.literal_values())
        }
        Backend::Declared(provider) => (provider.kind().as_str(), Vec::new()),
        Backend::External(external) => (external.provider.as_str(), Vec::new()),
    };
    if store.allow_literal && provider != "fake" {
        findings
            .warning(
                "ignored-by-provider",
                place.at("allowLiteral"),
                format!("a store of provider {provider} has no values that could be written out"),
            )
            .fix("leave `allowLiteral` out");
    } else if store.allow_literal {
        findings
            .warning(
                "literal-allowed",
                place.at("allowLiteral"),
                "the values of this store are in the file and in the manifest",
            )
            .why("whoever reads the repository or the store reads them")
            .fix("use it for tests alone, with values that open nothing");
    }
    for index in values.into_iter().filter(|_| !store.allow_literal) {
        findings
            .error(
                super::literal::CODE,
                place.path("fake.data").at(index).at("value"),
                "a `fake` store writes the value out",
            )
            .why("what is written here ends in git and in manifests, for everybody to read")
            .fix("if it is for a test and opens nothing, write `allowLiteral: true` in the store; otherwise name a store that keeps secrets");
    }
}

/// The interval as whole seconds, which every version of the operator reads.
fn refresh_seconds(
    store: &SecretStoreConfig,
    place: &Place,
    findings: &mut Findings,
) -> Result<Option<u32>, ()> {
    let Some(interval) = store.refresh_interval else { return Ok(None) };
    match interval.whole_secs().and_then(|seconds| u32::try_from(seconds).ok()) {
        Some(seconds) => Ok(Some(seconds)),
        None => {
            findings
                .error(
                    "store-refresh-interval",
                    place.at("refreshInterval"),
                    "a store's interval is a whole number of seconds",
                )
                .fix("write it in seconds, minutes or hours");
            Err(())
        }
    }
}

/// Two ways to say one thing, or none: exactly one of two fields.
pub(crate) fn one_of_two(
    code: &'static str,
    (first, second): ((&'static str, bool), (&'static str, bool)),
    place: &Place,
    findings: &mut Findings,
) {
    match (first.1, second.1) {
        (true, false) | (false, true) => {}
        (true, true) => {
            findings
                .error(code, place.at(second.0), format!("`{}` and `{}` are both there", first.0, second.0))
                .why("the operator takes the first and says nothing")
                .fix("keep one")
                .and(place.at(first.0), "and here");
        }
        (false, false) => {
            findings
                .error(code, place.clone(), format!("`{}` or `{}` is needed", first.0, second.0))
                .fix("write one of the two");
        }
    }
}
