//! Stores that read Infisical.

use std::collections::{BTreeMap, BTreeSet};

use super::objects::{Condition, Infisical, Object, StoreRef, StoreSpec};
use super::path::Path;

/// What the operator takes for `hostAPI` where a store has none.
const CLOUD: &str = "https://app.infisical.com/api";

/// What a store reads.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    /// The slug of the project.
    pub(crate) project: String,
    /// The slug of the environment.
    pub(crate) environment: String,
    /// Where it begins.
    pub(crate) path: Path,
    /// Whether a search also finds what lies below.
    pub(crate) recursive: bool,
    /// Of a ClusterSecretStore: from where it may be used.
    pub(crate) conditions: Vec<Condition>,
}

/// Stores of both kinds, by what names them.
#[derive(Debug, Default)]
pub(crate) struct Stores {
    /// By namespace and name.
    own: BTreeMap<(String, String), Store>,
    /// By name.
    cluster: BTreeMap<String, Store>,
}

impl Stores {
    /// Those that read Infisical, at one of these hosts where any are named.
    pub(crate) fn new(
        own: impl IntoIterator<Item = Object<StoreSpec>>,
        cluster: impl IntoIterator<Item = Object<StoreSpec>>,
        hosts: &Hosts,
    ) -> Self {
        let own = own.into_iter().filter_map(|object| {
            let name = (object.metadata.namespace.clone(), object.metadata.name.clone());
            // Conditions of a SecretStore mean nothing.
            let conditions = Vec::new();
            Some((name, Store { conditions, ..Store::of(object.spec?, hosts)? }))
        });
        let cluster = cluster
            .into_iter()
            .filter_map(|object| Some((object.metadata.name, Store::of(object.spec?, hosts)?)));
        Self { own: own.collect(), cluster: cluster.collect() }
    }

    /// The store that an entry of an ExternalSecret in this namespace means.
    pub(crate) fn find(&self, reference: &StoreRef, namespace: &str) -> Option<&Store> {
        let name = reference.name.as_ref()?;
        match reference.kind.as_deref() {
            Some("ClusterSecretStore") => self.cluster.get(name),
            None | Some("" | "SecretStore") => self.own.get(&(namespace.to_owned(), name.clone())),
            // The operator knows no others.
            Some(_) => None,
        }
    }

    /// Those of both kinds.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Store> {
        self.own.values().chain(self.cluster.values())
    }
}

impl Store {
    fn of(spec: StoreSpec, hosts: &Hosts) -> Option<Self> {
        let Infisical { host_api, secrets_scope: scope } = spec.provider?.infisical?;
        if !hosts.include(host_api.as_deref().unwrap_or(CLOUD)) {
            return None;
        }
        Some(Self {
            project: scope.project_slug,
            environment: scope.environment_slug,
            path: Path::new(scope.secrets_path.as_deref().unwrap_or_default()),
            recursive: scope.recursive.unwrap_or(false),
            conditions: spec.conditions.unwrap_or_default(),
        })
    }
}

/// Addresses under which stores reach the Infisical that sends webhooks; without any, all may be.
#[derive(Clone, Debug, Default)]
pub struct Hosts(BTreeSet<String>);

impl Hosts {
    /// Addresses as stores write them, with or without `/api`.
    pub fn new<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        Self(texts.into_iter().map(plain).collect())
    }

    fn include(&self, host_api: &str) -> bool {
        self.0.is_empty() || self.0.contains(&plain(host_api))
    }
}

/// An address without what makes no difference.
fn plain(text: &str) -> String {
    let text = text.trim().trim_end_matches('/');
    text.strip_suffix("/api").unwrap_or(text).trim_end_matches('/').to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_the_same_with_and_without_what_makes_no_difference() {
        let hosts = Hosts::new(["https://Infisical.example.com/api/"]);
        for (host_api, expected) in [
            ("https://infisical.example.com", true),
            ("https://infisical.example.com/api", true),
            ("https://infisical.example.com/", true),
            ("http://infisical.example.com", false),
            ("https://infisical.example.com:8443/api", false),
        ] {
            assert_eq!(hosts.include(host_api), expected, "{host_api}");
        }
        assert!(Hosts::default().include(CLOUD));
    }
}
