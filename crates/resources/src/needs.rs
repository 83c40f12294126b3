//! Which resources of a set another one needs, so that it is made after them and goes before them.

use keyloom_models::policy::StoreKind;
use keyloom_syntax::Text;
use keyloom_upstream::eso::Kind;

use crate::external_secret::{DataSource, ExternalSecretSpec, GeneratorRef, SourceRef, StoreRef};
use crate::push_secret::{PushSecretSpec, PushSelector, PushStoreRef, WhichStore};
use crate::resource::{Kubernetes, Resource, ResourceSet};

/// For each resource the numbers of those that it needs, ascending: of a store the Secrets of its credentials, of what reads
/// or writes through stores and generators those of them that are in the set.
pub fn needs(set: &ResourceSet) -> Vec<Vec<usize>> {
    (0..set.resources.len()).map(|at| of(&set.resources, at)).collect()
}

fn of(resources: &[Resource], at: usize) -> Vec<usize> {
    let Some(Resource::Kubernetes(object)) = resources.get(at) else { return Vec::new() };
    let home =
        Home { resources, namespace: object.metadata().namespace.as_ref(), several: object.cluster_scoped() };
    let mut needed = match object {
        Kubernetes::Secret(_) | Kubernetes::Generator(_) => Vec::new(),
        Kubernetes::SecretStore(_) => credentials(resources, at),
        Kubernetes::ExternalSecret(secret) => home.external_secret(&secret.spec),
        Kubernetes::ClusterExternalSecret(secret) => home.external_secret(&secret.spec.external_secret_spec),
        Kubernetes::PushSecret(push) => home.push_secret(&push.spec),
        Kubernetes::ClusterPushSecret(push) => home.push_secret(&push.spec.push_secret_spec),
    };
    needed.sort_unstable();
    needed.dedup();
    needed
}

/// Synthesis puts the Secrets of a store's credentials right before it, and makes no others.
fn credentials(resources: &[Resource], store: usize) -> Vec<usize> {
    let is_secret = |at: &usize| matches!(resources[*at], Resource::Kubernetes(Kubernetes::Secret(_)));
    (0..store).rev().take_while(is_secret).collect()
}

/// Where references are followed from.
struct Home<'s> {
    resources: &'s [Resource],
    namespace: Option<&'s Text>,
    /// Whether it is in every namespace that somebody selects.
    several: bool,
}

impl Home<'_> {
    fn external_secret(&self, spec: &ExternalSecretSpec) -> Vec<usize> {
        let mut needed: Vec<usize> =
            spec.secret_store_ref.iter().flat_map(|store| self.reference(store)).collect();
        for source in spec.data.iter().filter_map(|entry| entry.source_ref.as_ref()) {
            match source {
                SourceRef::Store(store) => needed.extend(self.reference(store)),
                SourceRef::Generator(generator) => needed.extend(self.generator(generator)),
            }
        }
        for entry in &spec.data_from {
            match &entry.source {
                DataSource::Extract { store, .. } | DataSource::Find { store, .. } => {
                    needed.extend(store.iter().flat_map(|store| self.reference(store)));
                }
                DataSource::Generator(generator) => needed.extend(self.generator(generator)),
            }
        }
        needed
    }

    fn push_secret(&self, spec: &PushSecretSpec) -> Vec<usize> {
        let of_entries = spec.data_to.iter().map(|entry| &entry.store_ref);
        let mut needed: Vec<usize> =
            spec.secret_store_refs.iter().chain(of_entries).flat_map(|store| self.pushed_to(store)).collect();
        match &spec.selector {
            PushSelector::Secret(name) => needed.extend(self.written(name)),
            PushSelector::Secrets(_) => {}
            PushSelector::Generator(generator) => needed.extend(self.generator(generator)),
        }
        needed
    }

    fn reference(&self, store: &StoreRef) -> Vec<usize> {
        self.store(&store.name, store.kind)
    }

    /// Labels may be those of any store, so they say nothing.
    fn pushed_to(&self, store: &PushStoreRef) -> Vec<usize> {
        match &store.which {
            WhichStore::Name(name) => self.store(name, store.kind),
            WhichStore::Labels(_) => Vec::new(),
        }
    }

    fn store(&self, name: &Text, kind: Option<StoreKind>) -> Vec<usize> {
        let kind = match kind.unwrap_or(StoreKind::SecretStore) {
            StoreKind::SecretStore => Kind::SecretStore,
            StoreKind::ClusterSecretStore => Kind::ClusterSecretStore,
        };
        self.find(|object| object.upstream_kind() == Some(kind) && self.is(object, name))
    }

    fn generator(&self, generator: &GeneratorRef) -> Vec<usize> {
        let kind = Some(generator.kind.upstream());
        self.find(|object| object.upstream_kind() == kind && self.is(object, &generator.name))
    }

    /// The external secret that writes the Secret of that name.
    fn written(&self, name: &Text) -> Vec<usize> {
        self.find(|object| match object {
            Kubernetes::ExternalSecret(secret) => {
                let target = secret.spec.target.as_ref().and_then(|target| target.name.as_ref());
                target.unwrap_or(&secret.metadata.name) == name && self.reaches(object)
            }
            Kubernetes::Secret(_)
            | Kubernetes::SecretStore(_)
            | Kubernetes::Generator(_)
            | Kubernetes::PushSecret(_)
            | Kubernetes::ClusterExternalSecret(_)
            | Kubernetes::ClusterPushSecret(_) => false,
        })
    }

    fn is(&self, object: &Kubernetes, name: &Text) -> bool {
        object.metadata().name == *name && self.reaches(object)
    }

    fn reaches(&self, object: &Kubernetes) -> bool {
        self.several || object.cluster_scoped() || object.metadata().namespace.as_ref() == self.namespace
    }

    fn find(&self, wanted: impl Fn(&Kubernetes) -> bool) -> Vec<usize> {
        let fits = |(at, resource): (usize, &Resource)| {
            let Resource::Kubernetes(object) = resource;
            wanted(object).then_some(at)
        };
        self.resources.iter().enumerate().filter_map(fits).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyloom_models::read::{Options, load};

    #[test]
    fn what_is_needed_is_found_across_a_declaration() {
        let text = r#"
stores:
  - {name: main, namespace: web, provider: aws, aws: {service: SecretsManager, region: eu-central-1}}
  - {name: main, namespace: other, provider: aws, aws: {service: SecretsManager, region: eu-central-1}}
  - {name: wide, clusterScoped: true, conditions: [{namespaces: [web]}], provider: aws, aws: {service: SecretsManager, region: eu-central-1}}
generators: [{kind: Password, name: random, namespace: web, spec: {length: 20}}]
externalSecrets:
  - {name: app, namespace: web, secretStoreRef: main, data: [{key: a, path: a}, {key: b, path: b, secretStoreRef: wide}]}
  - {name: made, namespace: web, dataFrom: [{generator: {kind: Password, name: random}}]}
pushSecrets:
  - {name: push, namespace: web, secretStoreRefs: [wide], secret: app, data: [{key: a, path: copy}]}
"#;
        let mut sources = keyloom_syntax::Sources::new();
        sources.add("keyloom.yaml", text.to_owned()).unwrap();
        let outcome = load(&sources, &Options::default());
        let config = outcome.config.unwrap_or_else(|| panic!("{:?}", outcome.diagnostics));
        let set = crate::synthesize(&config);
        let none = Vec::new;
        assert_eq!(needs(&set), [none(), none(), none(), none(), vec![0, 2], vec![3], vec![2, 4]]);
    }
}
