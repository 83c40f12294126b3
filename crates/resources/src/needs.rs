//! Which resources of a set another one needs, so that it is made after them and goes before them.

use std::collections::BTreeMap;

use keyloom_models::policy::StoreKind;
use keyloom_syntax::Text;
use keyloom_upstream::eso::Kind;

use crate::deployment::PodSpec;
use crate::external_secret::{DataSource, ExternalSecretSpec, GeneratorRef, SourceRef, StoreRef};
use crate::push_secret::{PushSecretSpec, PushSelector, PushStoreRef, WhichStore};
use crate::resource::{Kubernetes, Resource, ResourceSet};
use crate::terraform::{Module, Reference, Terraform};

/// For each resource the numbers of those that it needs, ascending: of a store the Secrets of its credentials, of what reads
/// or writes through stores and generators those of them that are in the set, of a Deployment the external secrets that write what
/// it reads and who its pods are, of what Terraform makes whatever it refers to.
pub fn needs(set: &ResourceSet) -> Vec<Vec<usize>> {
    let index = Index::new(&set.resources);
    let blocks = Blocks::new(&set.resources);
    let needed = |(at, resource): (usize, &Resource)| match resource {
        Resource::Kubernetes(object) => of(&set.resources, at, object, &index),
        Resource::Terraform(resource) => blocks.referred_to(resource),
        Resource::Workflow(_) => Vec::new(),
    };
    set.resources.iter().enumerate().map(needed).collect()
}

/// What Terraform makes or looks up: numbers by configuration, type and label.
struct Blocks<'s>(BTreeMap<(Module, &'s str, &'s str), usize>);

impl<'s> Blocks<'s> {
    fn new(resources: &'s [Resource]) -> Self {
        let block = |(at, resource): (usize, &'s Resource)| {
            let Resource::Terraform(resource) = resource else { return None };
            Some(((resource.module(), resource.resource_type(), resource.label()), at))
        };
        Self(resources.iter().enumerate().filter_map(block).collect())
    }

    fn referred_to(&self, resource: &Terraform) -> Vec<usize> {
        let arguments = resource.arguments();
        let mut references = Vec::new();
        arguments.iter().for_each(|(_, argument)| argument.references(&mut references));
        let number = |reference: &Reference| {
            let module = resource.module();
            self.0.get(&(module, reference.resource_type, reference.label.as_str())).copied()
        };
        let mut needed: Vec<usize> = references.into_iter().filter_map(number).collect();
        needed.sort_unstable();
        needed.dedup();
        needed
    }
}

fn of(resources: &[Resource], at: usize, object: &Kubernetes, index: &Index<'_>) -> Vec<usize> {
    let home =
        Home { index, namespace: object.metadata().namespace.as_ref(), several: object.cluster_scoped() };
    let mut needed = match object {
        Kubernetes::Secret(_)
        | Kubernetes::Generator(_)
        | Kubernetes::ServiceAccount(_)
        | Kubernetes::ClusterRoleBinding(_)
        | Kubernetes::ConfigMap(_)
        | Kubernetes::Service(_)
        | Kubernetes::NetworkPolicy(_) => Vec::new(),
        Kubernetes::SecretStore(_) => credentials(resources, at),
        Kubernetes::ExternalSecret(secret) => home.external_secret(&secret.spec),
        Kubernetes::ClusterExternalSecret(secret) => home.external_secret(&secret.spec.external_secret_spec),
        Kubernetes::PushSecret(push) => home.push_secret(&push.spec),
        Kubernetes::ClusterPushSecret(push) => home.push_secret(&push.spec.push_secret_spec),
        Kubernetes::Deployment(deployment) => {
            let pod = &deployment.spec.template.spec;
            [before_pods(resources, at), home.account(pod), home.pod(pod)].concat()
        }
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

/// Synthesis puts what pods need right before their Deployment, but for an account that they share with others.
fn before_pods(resources: &[Resource], deployment: usize) -> Vec<usize> {
    let is_needed = |at: &usize| {
        matches!(
            resources[*at],
            Resource::Kubernetes(
                Kubernetes::ServiceAccount(_) | Kubernetes::ClusterRoleBinding(_) | Kubernetes::ConfigMap(_)
            )
        )
    };
    (0..deployment).rev().take_while(is_needed).collect()
}

/// The objects that somebody may refer to, by kind, name and namespace as messages show them. Texts that are secret or not
/// known yet share one entry each, so what an entry holds is compared once more.
struct Index<'s> {
    of_operator: BTreeMap<Shown<'s>, Vec<Known<'s>>>,
    accounts: BTreeMap<(&'s str, Option<&'s str>), Vec<Known<'s>>>,
}

/// Kind, name and namespace.
type Shown<'s> = (Kind, &'s str, Option<&'s str>);

/// An object that somebody may refer to.
struct Known<'s> {
    at: usize,
    name: &'s Text,
    namespace: Option<&'s Text>,
}

impl<'s> Index<'s> {
    fn new(resources: &'s [Resource]) -> Self {
        let mut index = Self { of_operator: BTreeMap::new(), accounts: BTreeMap::new() };
        let objects = resources.iter().enumerate().filter_map(|(at, it)| Some((at, it.kubernetes()?)));
        for (at, object) in objects {
            let namespace = object.metadata().namespace.as_ref();
            let shown = namespace.map(Text::shown);
            if let Some((kind, name)) = referred_to(object) {
                let known = Known { at, name, namespace };
                index.of_operator.entry((kind, name.shown(), shown)).or_default().push(known);
            }
            if let Kubernetes::ServiceAccount(account) = object {
                let name = &account.metadata.name;
                let known = Known { at, name, namespace };
                index.accounts.entry((name.shown(), shown)).or_default().push(known);
            }
        }
        index
    }

    /// The service account of that name.
    fn account(&self, name: &Text, namespace: Option<&Text>) -> Vec<usize> {
        inside(self.accounts.get(&(name.shown(), namespace.map(Text::shown))), name, namespace)
    }

    /// Those of that name in every namespace.
    fn everywhere(&self, kind: Kind, name: &Text) -> Vec<usize> {
        let name_shown = name.shown();
        let from_there = self.of_operator.range((kind, name_shown, None)..);
        let of_name = from_there.take_while(|((other, shown, _), _)| *other == kind && *shown == name_shown);
        of_name.flat_map(|(_, known)| known).filter(|it| it.name == name).map(|it| it.at).collect()
    }

    /// Those of that name in the namespace.
    fn inside(&self, kind: Kind, name: &Text, namespace: Option<&Text>) -> Vec<usize> {
        inside(self.of_operator.get(&(kind, name.shown(), namespace.map(Text::shown))), name, namespace)
    }
}

/// Those of an entry that have that name in the namespace.
fn inside(known: Option<&Vec<Known<'_>>>, name: &Text, namespace: Option<&Text>) -> Vec<usize> {
    let same = |it: &&Known<'_>| it.name == name && it.namespace == namespace;
    known.into_iter().flatten().filter(same).map(|it| it.at).collect()
}

/// Under which kind and name others refer to the object, if they do: to an external secret by the Secret that it writes.
fn referred_to(object: &Kubernetes) -> Option<(Kind, &Text)> {
    match object {
        Kubernetes::SecretStore(_) | Kubernetes::Generator(_) => {
            Some((object.upstream_kind()?, &object.metadata().name))
        }
        Kubernetes::ExternalSecret(secret) => {
            let target = secret.spec.target.as_ref().and_then(|target| target.name.as_ref());
            Some((Kind::ExternalSecret, target.unwrap_or(&secret.metadata.name)))
        }
        Kubernetes::ClusterExternalSecret(secret) => {
            let target = secret.spec.external_secret_spec.target.as_ref();
            let name = secret.spec.external_secret_name.as_ref().unwrap_or(&secret.metadata.name);
            Some((
                Kind::ClusterExternalSecret,
                target.and_then(|target| target.name.as_ref()).unwrap_or(name),
            ))
        }
        Kubernetes::Secret(_)
        | Kubernetes::PushSecret(_)
        | Kubernetes::ClusterPushSecret(_)
        | Kubernetes::Deployment(_)
        | Kubernetes::ServiceAccount(_)
        | Kubernetes::ClusterRoleBinding(_)
        | Kubernetes::ConfigMap(_)
        | Kubernetes::Service(_)
        | Kubernetes::NetworkPolicy(_) => None,
    }
}

/// Where references are followed from.
struct Home<'s> {
    index: &'s Index<'s>,
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

    /// The external secrets of the Secrets that a pod reads. Those of several namespaces may be in this one.
    fn pod(&self, spec: &PodSpec) -> Vec<usize> {
        let of_secret = |name| [self.written(name), self.find(Kind::ClusterExternalSecret, name)].concat();
        spec.secrets().flat_map(of_secret).collect()
    }

    /// The account of a pod.
    fn account(&self, spec: &PodSpec) -> Vec<usize> {
        let name = spec.service_account_name.as_ref();
        name.map(|name| self.index.account(name, self.namespace)).unwrap_or_default()
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
        self.find(kind, name)
    }

    fn generator(&self, generator: &GeneratorRef) -> Vec<usize> {
        self.find(generator.kind.upstream(), &generator.name)
    }

    /// The external secret that writes the Secret of that name.
    fn written(&self, name: &Text) -> Vec<usize> {
        self.find(Kind::ExternalSecret, name)
    }

    fn find(&self, kind: Kind, name: &Text) -> Vec<usize> {
        if self.several || kind.cluster_scoped() {
            self.index.everywhere(kind, name)
        } else {
            self.index.inside(kind, name, self.namespace)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyloom_models::read::{Options, load};

    fn synthesized(text: &str) -> ResourceSet {
        let mut sources = keyloom_syntax::Sources::new();
        sources.add("keyloom.yaml", text.to_owned()).unwrap();
        let outcome = load(&sources, &Options::default());
        let config = outcome.config.unwrap_or_else(|| panic!("{:?}", outcome.diagnostics));
        crate::synthesize(&config)
    }

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
  - {name: push, namespace: web, secretStoreRefs: [wide], selector: {secret: app}, data: [{key: a, path: copy}]}
"#;
        let set = synthesized(text);
        let none = Vec::new;
        assert_eq!(needs(&set), [none(), none(), none(), none(), vec![0, 2], vec![3], vec![2, 4]]);
    }

    #[test]
    fn a_deployment_needs_what_writes_the_secrets_that_it_reads() {
        let text = r#"
stores: [{name: main, clusterScoped: true, conditions: [{namespaces: [web, other]}], provider: aws, aws: {service: SecretsManager, region: eu-central-1}}]
externalSecrets:
  - {name: app, namespace: web, targetSecretName: login, data: [{key: a, path: a}]}
  - {name: tls, namespace: web, tlsCertificate: {path: tls}}
  - {name: login, namespace: other, data: [{key: a, path: a}]}
  - {name: unused, namespace: web, data: [{key: a, path: a}]}
clusterExternalSecrets:
  - {name: registry, namespaceSelectors: [{}], externalSecretSpec: {dockerConfig: {path: robot, registry: registry.example.com}}}
services:
  - name: shop
    namespace: web
    image: registry.example.com/shop:1
    imagePullSecrets: [{name: registry}]
    env: [{name: A, valueFrom: {secretKeyRef: {name: login, key: a}}}]
    volumes: [{name: tls, mountPath: /tls, secret: {secretName: tls}}]
    envFrom: [{secretRef: {name: login}}, {configMapRef: {name: unused}}]
  - {name: nothing, namespace: web, image: registry.example.com/shop:1}
  - {name: made-elsewhere, namespace: web, envFrom: [{secretRef: {name: login}}]}
"#;
        let set = synthesized(text);
        let expected: [&[usize]; 8] = [&[], &[0], &[0], &[0], &[0], &[0], &[1, 2, 5], &[]];
        assert_eq!(needs(&set), expected.map(<[usize]>::to_vec));
    }

    #[test]
    fn pods_that_ask_infisical_need_who_they_are() {
        let text = r#"
services:
  - {name: shop, namespace: web, image: "shop:1", secretAccess: infisical, infisical: {identityId: 7d0c6f3e-1a2b-4c3d-9e8f-001122334455, projectId: shop}}
  - {name: plain, namespace: web, image: "shop:1"}
  - {name: other, namespace: web, image: "shop:1", serviceAccountName: shop-sa, secretAccess: infisical, infisical: {identityId: 7d0c6f3e-1a2b-4c3d-9e8f-001122334455, projectId: shop, reviewer: server}}
"#;
        let set = synthesized(text);
        // Account, binding and ConfigMap; Deployment; two Services and a NetworkPolicy. The account is made once.
        let expected: [&[usize]; 13] =
            [&[], &[], &[], &[0, 1, 2], &[], &[], &[], &[], &[], &[0, 8], &[], &[], &[]];
        assert_eq!(needs(&set), expected.map(<[usize]>::to_vec));
    }

    #[test]
    fn the_same_names_in_many_namespaces_are_kept_apart() {
        const COUNT: usize = 40;
        let items = |item: &str| {
            let of = |number: usize| format!("  - {}\n", item.replace("HERE", &format!("team-{number}")));
            (0..COUNT).map(of).collect::<String>()
        };
        let store = "provider: aws, aws: {service: SecretsManager, region: eu-central-1}";
        let text = [
            "stores:\n".to_owned(),
            items(&format!("{{name: main, namespace: HERE, {store}}}")),
            format!("  - {{name: main, clusterScoped: true, conditions: [{{namespaces: [team-1]}}], {store}}}\n"),
            "externalSecrets:\n".to_owned(),
            items("{name: app, namespace: HERE, targetSecretName: login, secretStoreRef: {kind: SecretStore, name: main}, data: [{key: a, path: a}]}"),
            "  - {name: wide, namespace: team-1, secretStoreRef: {kind: ClusterSecretStore, name: main}, data: [{key: a, path: a}]}\n".to_owned(),
            "pushSecrets:\n".to_owned(),
            items("{name: push, namespace: HERE, secretStoreRefs: [{kind: SecretStore, name: main}], selector: {secret: login}, data: [{key: a, path: copy}]}"),
            "clusterPushSecrets:\n".to_owned(),
            "  - {name: all, namespaceSelectors: [{}], pushSecretSpec: {secretStoreRefs: [{kind: ClusterSecretStore, name: main}], selector: {secret: login}, data: [{key: a, path: copy}]}}\n".to_owned(),
        ]
        .concat();
        let stores = (0..=COUNT).map(|_| Vec::new());
        let secrets = (0..COUNT).map(|number| vec![number]).chain([vec![COUNT]]);
        let pushes = (0..COUNT).map(|number| vec![number, COUNT + 1 + number]);
        let everywhere = (COUNT..=2 * COUNT).collect();
        let expected: Vec<_> = stores.chain(secrets).chain(pushes).chain([everywhere]).collect();
        let set = synthesized(&text);
        assert_eq!(needs(&set), expected);
    }
}
