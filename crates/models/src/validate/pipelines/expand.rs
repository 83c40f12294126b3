//! The stores and external secrets of pipelines: items like those that somebody wrote, so that every rule looks at them.

use std::collections::{BTreeMap, BTreeSet};

use keyloom_syntax::Text;

use crate::code::AWS_REGION;
use crate::config::pipeline::{Pipeline, Target};
use crate::document::{Document, Item, SetAside};
use crate::external_secret::ExternalSecretConfig;
use crate::finding::{Finding, Findings, List, Place, Step};
use crate::pipeline::PipelineConfig;
use crate::policy::AwsService;
use crate::reference::{SecretReference, SecretStoreRef};
use crate::store::SecretStoreConfig;
use crate::store::aws::{AwsAuth, AwsConfig};

/// What the items that were added come from.
#[derive(Debug)]
pub(in crate::validate) struct Expanded {
    /// Number of the first store that was added.
    first_store: usize,
    /// The pipeline of each.
    stores: Vec<usize>,
    /// Number of the first external secret that was added.
    first_secret: usize,
    /// The pipeline of each, and the secret of each of its entries.
    secrets: Vec<(usize, Vec<usize>)>,
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
            expanded.secrets.push((number, group.entries.iter().map(|(secret, _)| *secret).collect()));
        }
    }
    expanded
}

/// The keys of one Kubernetes Secret.
struct Group<'p> {
    namespace: Option<&'p Text>,
    name: &'p Text,
    /// The number of each secret, and where it goes.
    entries: Vec<(usize, &'p Target)>,
}

/// One group for each Kubernetes Secret, in the order in which they are first named. A secret that is declared twice, which is
/// reported, is there once.
fn by_secret(pipeline: &Pipeline) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut numbers: BTreeMap<_, usize> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let once = pipeline.secrets.iter().enumerate().filter(|(_, secret)| seen.insert(&secret.name));
    for (number, secret) in once {
        for target in &secret.targets {
            let key = (target.namespace.as_ref().map(Text::shown), target.name.shown());
            let at = *numbers.entry(key).or_insert(groups.len());
            if at == groups.len() {
                let (namespace, name) = (target.namespace.as_ref(), &target.name);
                groups.push(Group { namespace, name, entries: Vec::new() });
            }
            groups[at].entries.push((number, target));
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
    let entry = |(number, target): &(usize, &Target)| {
        let secret = &pipeline.secrets[*number];
        SecretReference::new(target.key.as_str(), secret.aws_name.as_str()).property(secret.property.as_str())
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
        let of_it = self.secrets.iter().enumerate().filter(move |(_, (owner, _))| *owner == pipeline);
        of_it.map(|(at, _)| self.first_secret + at)
    }

    /// Tells findings about what was added where it comes from.
    pub(in crate::validate) fn relocate(&self, findings: &mut Findings) {
        // The region of a pipeline is looked at where it is written.
        let of_region = |finding: &Finding| {
            finding.diagnostic.code == AWS_REGION
                && finding.place.list == List::Stores
                && finding.place.index >= self.first_store
        };
        findings.0.retain(|finding| !of_region(finding));
        for finding in &mut findings.0 {
            self.place(&mut finding.place);
            finding.others.iter_mut().for_each(|(place, _)| self.place(place));
        }
    }

    fn place(&self, place: &mut Place) {
        match place.list {
            List::Stores => {
                let added = place.index.checked_sub(self.first_store);
                if let Some(pipeline) = added.and_then(|at| self.stores.get(at)) {
                    *place = store_setting(*pipeline, &place.steps);
                }
            }
            List::ExternalSecrets => {
                let added = place.index.checked_sub(self.first_secret);
                if let Some((pipeline, entries)) = added.and_then(|at| self.secrets.get(at)) {
                    *place = entry(*pipeline, entries, &place.steps);
                }
            }
            _ => {}
        }
    }
}

/// The setting of a pipeline that a field of its store comes from.
fn store_setting(pipeline: usize, steps: &[Step]) -> Place {
    let pipeline = Place::item(List::Pipelines, pipeline);
    match steps {
        [Step::Key(aws), Step::Key(auth), ..] if aws == "aws" && auth == "auth" => {
            pipeline.path("eso.serviceAccount")
        }
        [Step::Key(name), ..] if name == "name" => pipeline.at("name"),
        [Step::Key(namespace), ..] if namespace == "namespace" => pipeline.path("secret.namespace"),
        _ => pipeline,
    }
}

/// The entry of `secrets` that an entry of `data` comes from, or what the whole external secret comes from.
fn entry(pipeline: usize, entries: &[usize], steps: &[Step]) -> Place {
    let pipeline = Place::item(List::Pipelines, pipeline);
    match steps {
        [Step::Key(data), Step::Index(at), ..] if data == "data" => match entries.get(*at) {
            Some(secret) => pipeline.at("secrets").at(*secret),
            None => pipeline.at("secrets"),
        },
        [Step::Key(store), ..] if store == "secretStoreRef" => pipeline.at("secretStoreRef"),
        _ => pipeline.at("secret"),
    }
}
