//! The stores and external secrets of pipelines: items like those that somebody wrote, so that every rule looks at them.

use std::collections::{BTreeMap, BTreeSet};

use keyloom_syntax::Text;

use crate::config::pipeline::{Pipeline, Target};
use crate::document::{Document, Item, SetAside};
use crate::external_secret::ExternalSecretConfig;
use crate::finding::List;
use crate::pipeline::PipelineConfig;
use crate::policy::AwsService;
use crate::reference::{SecretReference, SecretStoreRef};
use crate::store::SecretStoreConfig;
use crate::store::aws::{AwsAuth, AwsConfig};

mod relocate;

pub(crate) use relocate::AT_GITHUB;

/// What the items that were added come from.
#[derive(Debug)]
pub(in crate::validate) struct Expanded {
    /// Number of the first store that was added.
    first_store: usize,
    /// The pipeline of each.
    stores: Vec<usize>,
    /// Number of the first external secret that was added.
    first_secret: usize,
    /// What each was made of.
    secrets: Vec<Origin>,
}

/// What an external secret was made of.
#[derive(Debug)]
struct Origin {
    pipeline: usize,
    /// The secret of each of its entries, and which of the `targets` there it is; none for the pipeline's own Secret.
    entries: Vec<(usize, Option<usize>)>,
}

/// Adds what the pipelines need of the operator behind what was written. Of a pipeline whose name is none, which is reported,
/// the Secrets are known to be somebody's.
pub(in crate::validate) fn expand(document: &mut Document, pipelines: &[Pipeline]) -> Expanded {
    let Document { items, set_aside, .. } = document;
    let mut expanded = Expanded {
        first_store: items.stores.len(),
        stores: Vec::new(),
        first_secret: items.external_secrets.len(),
        secrets: Vec::new(),
    };
    for (number, (made, item)) in pipelines.iter().zip(&items.pipelines).enumerate() {
        let written = &item.value;
        let groups = by_secret(made);
        if written.name.known().is_none() {
            let target = |group: &Group<'_>| Some(group.name.clone());
            let aside = |target| SetAside { list: List::ExternalSecrets, name: None, target };
            set_aside.extend(groups.iter().map(target).map(aside));
            continue;
        }
        if written.secret_store_ref.is_none() {
            for namespace in namespaces(&groups) {
                let store = store(made, written, namespace);
                items.stores.push(Item { value: store, place: None });
                expanded.stores.push(number);
            }
        }
        for group in groups {
            let value = external_secret(made, written, &group);
            items.external_secrets.push(Item { value, place: None });
            let target = |secret: usize, at: usize| {
                (secret, (!written.secrets[secret].targets.is_empty()).then_some(at))
            };
            let entries = group.entries.iter().map(|entry| target(entry.secret, entry.at)).collect();
            expanded.secrets.push(Origin { pipeline: number, entries });
        }
    }
    expanded
}

/// The keys of one Kubernetes Secret.
struct Group<'p> {
    namespace: Option<&'p Text>,
    name: &'p Text,
    entries: Vec<Entry<'p>>,
}

/// One of them: the number of the secret, and which of its targets this is.
struct Entry<'p> {
    secret: usize,
    at: usize,
    target: &'p Target,
}

/// One group for each Kubernetes Secret, in the order in which they are first named. A secret that is declared twice, which is
/// reported, is there once.
fn by_secret(pipeline: &Pipeline) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut numbers: BTreeMap<_, usize> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let once = pipeline.secrets.iter().enumerate().filter(|(_, secret)| seen.insert(&secret.name));
    for (number, secret) in once {
        for (i, target) in secret.targets.iter().enumerate() {
            let key = (target.namespace.as_ref().map(Text::shown), target.name.shown());
            let at = *numbers.entry(key).or_insert(groups.len());
            if at == groups.len() {
                let (namespace, name) = (target.namespace.as_ref(), &target.name);
                groups.push(Group { namespace, name, entries: Vec::new() });
            }
            groups[at].entries.push(Entry { secret: number, at: i, target });
        }
    }
    groups
}

fn namespaces<'p>(groups: &[Group<'p>]) -> Vec<Option<&'p Text>> {
    let mut seen = BTreeSet::new();
    let namespaces = groups.iter().map(|group| group.namespace);
    namespaces.filter(|namespace| seen.insert(namespace.map(Text::shown))).collect()
}

fn store(pipeline: &Pipeline, written: &PipelineConfig, namespace: Option<&Text>) -> SecretStoreConfig {
    let mut aws = AwsConfig::new(AwsService::SecretsManager, pipeline.aws.region.as_str());
    if let Some(account) = &written.eso.service_account {
        aws = aws.auth(AwsAuth::service_account(account.clone()));
    }
    let mut store = SecretStoreConfig::aws(pipeline.name.as_str(), aws);
    store.namespace = namespace.cloned();
    store.labels.clone_from(&written.labels);
    store.annotations.clone_from(&written.annotations);
    store
}

fn external_secret(pipeline: &Pipeline, written: &PipelineConfig, group: &Group<'_>) -> ExternalSecretConfig {
    let entry = |entry: &Entry<'_>| {
        let secret = &pipeline.secrets[entry.secret];
        SecretReference::new(entry.target.key.as_str(), secret.aws_name.as_str())
            .property(secret.property.as_str())
    };
    let mut item = ExternalSecretConfig::new(group.name.clone()).data(group.entries.iter().map(entry));
    let own = || SecretStoreRef::from(pipeline.name.as_str());
    item.secret_store_ref = Some(written.secret_store_ref.clone().unwrap_or_else(own));
    item.namespace = group.namespace.cloned();
    item.refresh_interval = written.refresh_interval;
    item.labels.clone_from(&written.labels);
    item.annotations.clone_from(&written.annotations);
    item
}

impl Expanded {
    /// The numbers of the external secrets that were added for a pipeline.
    pub(super) fn external_secrets(&self, pipeline: usize) -> impl Iterator<Item = usize> {
        // They were added pipeline by pipeline.
        let from = self.secrets.partition_point(|origin| origin.pipeline < pipeline);
        let to = self.secrets.partition_point(|origin| origin.pipeline <= pipeline);
        self.first_secret + from..self.first_secret + to
    }
}
