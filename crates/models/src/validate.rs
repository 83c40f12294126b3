//! Rules: what makes a document a config. Every rule says everything it finds; none stops the others.

use std::collections::BTreeMap;

use keyloom_syntax::Text;
use keyloom_upstream::eso::EsoVersion;

use crate::cluster::{ClusterExternalSecretConfig, ClusterPushSecretConfig};
use crate::config::{ClusterExternalSecret, ClusterPushSecret, Config, ExternalSecret, PushSecret};
use crate::document::{Document, Item, SetAside};
use crate::external_secret::ExternalSecretConfig;
use crate::finding::{Findings, List, Place};
use crate::parts;
use crate::push_secret::PushSecretConfig;

mod address;
mod aws;
mod built;
mod cluster;
mod conditions;
mod connections;
mod expand;
mod external_secret;
mod generators;
mod infisical;
pub(crate) mod inline;
mod keys;
pub(crate) mod literal;
pub(crate) mod newer;
pub(crate) mod pipelines;
pub(crate) mod pods;
mod policies;
mod push_secrets;
mod pushed;
mod reads;
pub(crate) mod redact;
pub(crate) mod regexp;
mod resolve;
pub(crate) mod schedule;
pub(crate) mod selectors;
mod services;
pub(crate) mod stores;
mod targets;
mod templates;
mod unique;
mod versions;
mod world;

/// What every rule may look at.
pub(crate) struct Rules {
    /// The version of External Secrets Operator that is written for.
    pub(crate) eso: EsoVersion,
    /// Whether environment variables may have any printable name (Kubernetes 1.34).
    pub(crate) relaxed_env_names: bool,
    /// Whether the name of a Service may begin with a digit (Kubernetes 1.36).
    pub(crate) relaxed_service_names: bool,
    /// Whether a container may begin before the others and stay beside them (Kubernetes 1.29).
    pub(crate) sidecars: bool,
}

/// What an item that is made may look at: the rules, and what its references may lead to.
pub(crate) struct Context<'a> {
    pub(crate) rules: &'a Rules,
    pub(crate) stores: &'a resolve::Index<'a>,
    pub(crate) generators: &'a generators::Generators<'a>,
    pub(crate) connections: &'a connections::Connections<'a>,
}

/// Checks a whole document. The config is there when every item could be made, whatever else was found.
pub(crate) fn whole(mut document: Document) -> (Option<Config>, Findings) {
    let mut findings = Findings::default();
    let rules = versions::rules(&document.versions, &mut findings);
    let mut credentials = inline::take(&mut document.items.stores, &mut findings);
    built::check(&mut document.items, &mut findings);
    let pipelines = pipelines::make(&document.items.pipelines, &mut findings);
    let expanded = pipelines::expand(&mut document, &pipelines);
    credentials.resize_with(document.items.stores.len(), Vec::new);
    unique::check(&mut document.items, &mut findings);
    let stores = stores::all(&rules, &document.items.stores, &credentials, &mut findings);
    let index = resolve::Index::new(&stores, &document.set_aside);
    generators::check(&rules, &document.items.generators, &mut findings);
    let made_here = generators::Generators::new(&document.items.generators, &document.set_aside);
    let connections = connections::Connections::check(
        &document.items.connections,
        &document.set_aside,
        &index,
        &mut findings,
    );
    let context =
        Context { rules: &rules, stores: &index, generators: &made_here, connections: &connections };
    let complete = document.set_aside.is_empty() && stores.iter().all(Option::is_some);
    let made = external_secrets(&context, document.items.external_secrets, &mut findings);
    let pushes = push_secrets(&context, document.items.push_secrets, &mut findings);
    let everywhere =
        cluster_external_secrets(&context, document.items.cluster_external_secrets, &made, &mut findings);
    let pushes_everywhere =
        cluster_push_secrets(&context, document.items.cluster_push_secrets, &mut findings);
    drop(index);
    targets::check(&made, complete_targets(&document.set_aside), &mut findings);
    inline::names_taken(&credentials, &made, &mut findings);
    let services: Vec<_> = document.items.services.into_iter().map(|item| item.value).collect();
    if !services.is_empty() || !pushes.is_empty() {
        let produced = services::produced(&made, &everywhere, &document.set_aside);
        services::check(&rules, &services, &produced, &mut findings);
        let makers = by_text(&made, |item| item.target.name.written());
        for (i, item) in pushes.iter().enumerate() {
            let place = Place::item(List::PushSecrets, i);
            pushed::check(item, item.namespace.as_ref(), &makers, &produced, &place, &mut findings);
        }
    }
    let world = world::World {
        stores: &stores,
        external_secrets: &made,
        push_secrets: &pushes,
        cluster_push_secrets: &pushes_everywhere,
        pipelines: &pipelines,
    };
    pipelines::agree(&document.items.pipelines, &expanded, &services, &world, &mut findings);
    let in_infisical = infisical::make(
        document.infisical,
        document.items.app_connections,
        document.items.secret_syncs,
        &document.set_aside,
        &world,
        &mut findings,
    );
    expanded.relocate(&mut findings);
    if !complete || findings.has_errors() {
        return (None, findings);
    }
    // Collected so, the items stay where they lie in memory.
    let (Some(stores), Some(external_secrets), Some(cluster_external_secrets)) = (
        stores.into_iter().collect(),
        made.into_iter().collect::<Option<Vec<_>>>(),
        everywhere.into_iter().collect(),
    ) else {
        return (None, findings);
    };
    let config = Config {
        eso: rules.eso,
        stores,
        generators: document.items.generators.into_iter().map(|item| item.value).collect(),
        connections: document.items.connections.into_iter().map(|item| item.value).collect(),
        external_secrets,
        cluster_external_secrets,
        push_secrets: pushes,
        cluster_push_secrets: pushes_everywhere,
        services,
        pipelines,
        infisical: in_infisical.access,
        app_connections: in_infisical.connections,
        secret_syncs: in_infisical.syncs,
        relaxed_env_names: rules.relaxed_env_names,
    };
    (Some(config), findings)
}

fn cluster_external_secrets(
    context: &Context<'_>,
    items: Vec<Item<ClusterExternalSecretConfig>>,
    others: &[Option<ExternalSecret>],
    findings: &mut Findings,
) -> Vec<Option<ClusterExternalSecret>> {
    let others = if items.is_empty() { ByText::new() } else { by_text(others, |item| item.name.known()) };
    let make = |(i, item): (usize, Item<ClusterExternalSecretConfig>)| {
        let place = Place::item(List::ClusterExternalSecrets, i);
        let made = cluster::external(context, item.value, &place, findings)?;
        cluster::names_taken(&made, &place, &others, findings);
        Some(made)
    };
    items.into_iter().enumerate().map(make).collect()
}

fn cluster_push_secrets(
    context: &Context<'_>,
    items: Vec<Item<ClusterPushSecretConfig>>,
    findings: &mut Findings,
) -> Vec<ClusterPushSecret> {
    let make = |(i, item): (usize, Item<ClusterPushSecretConfig>)| {
        cluster::push(context, item.value, &Place::item(List::ClusterPushSecrets, i), findings)
    };
    items.into_iter().enumerate().map(make).collect()
}

fn push_secrets(
    context: &Context<'_>,
    items: Vec<Item<PushSecretConfig>>,
    findings: &mut Findings,
) -> Vec<PushSecret> {
    let make = |(i, item): (usize, Item<PushSecretConfig>)| {
        let namespace = item.value.namespace.clone();
        let place = Place::item(List::PushSecrets, i);
        push_secrets::make(context, item.value, namespace.as_ref(), &place, findings)
    };
    items.into_iter().enumerate().map(make).collect()
}

/// External secrets by one of their texts, each with its number.
pub(crate) type ByText<'a> = BTreeMap<&'a str, Vec<(usize, &'a ExternalSecret)>>;

fn by_text<'a>(
    made: &'a [Option<ExternalSecret>],
    text: impl Fn(&'a ExternalSecret) -> Option<&'a str>,
) -> ByText<'a> {
    let mut by_text = ByText::new();
    for (number, item) in made.iter().enumerate().filter_map(|(number, item)| Some((number, item.as_ref()?)))
    {
        if let Some(text) = text(item) {
            by_text.entry(text).or_default().push((number, item));
        }
    }
    by_text
}

/// Whether no external secret is set aside, so that all targets are known.
fn complete_targets(set_aside: &[SetAside]) -> bool {
    set_aside.iter().all(|item| item.list != List::ExternalSecrets)
}

fn external_secrets(
    context: &Context<'_>,
    mut items: Vec<Item<ExternalSecretConfig>>,
    findings: &mut Findings,
) -> Vec<Option<ExternalSecret>> {
    let mut made: Vec<_> = items.iter().map(|_| None).collect();
    let runs = parts::into(&mut items, &mut made, |first, run, slots| {
        let mut own = Findings::default();
        for (i, (item, slot)) in run.iter_mut().zip(slots).enumerate() {
            let place = Place::item(List::ExternalSecrets, first + i);
            *slot = external_secret::make(context, place, std::mem::take(&mut item.value), &mut own);
        }
        own.0
    });
    findings.0.extend(runs.into_iter().flatten());
    made
}

/// Whether two names are the same: yes, no, or not known. What a later tool fills in is the same as itself.
pub(crate) fn same(a: Option<&Text>, b: Option<&Text>) -> Option<bool> {
    match (a, b) {
        (None, None) => Some(true),
        (None, Some(_)) | (Some(_), None) => Some(false),
        (Some(a), Some(b)) => match (a.known(), b.known()) {
            (Some(a), Some(b)) => Some(a == b),
            _ if a.written().is_some() && a.written() == b.written() => Some(true),
            _ => None,
        },
    }
}

/// A text as it is shown in messages: as it was written, or a word for what cannot be shown.
pub(crate) fn shown(text: &Text) -> &str {
    text.shown()
}
