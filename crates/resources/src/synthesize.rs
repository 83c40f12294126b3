//! From a valid config to the resources it amounts to. Nothing here can fail: what could has been refused before.

use keyloom_models::Config;
use keyloom_models::store::Backend;

use crate::metadata::Metadata;
use crate::resource::{Resource, ResourceSet};

mod cluster;
mod direct;
mod external_secret;
mod generator;
mod infisical;
mod pipeline;
mod push_secret;
mod service;
mod store;
mod template;
mod workflow;

/// Everything that the declaration amounts to, at once.
pub fn synthesize(config: &Config) -> ResourceSet {
    let infisical = infisical::provider(config);
    let aws = pipeline::settings(config);
    ResourceSet { eso: config.eso(), infisical, aws, resources: resources(config).collect() }
}

/// Every resource, stores and generators first, in the declaration's order, each made when it is asked for. Somebody else's
/// stores and generators are left out. The Secrets of a store's credentials stand right before it.
pub fn resources(config: &Config) -> impl Iterator<Item = Resource> {
    let stores = config.stores().iter().flat_map(|item| {
        let store = match &item.backend {
            Backend::Declared(provider) => Some(Resource::from(store::lower(item, provider))),
            Backend::External(_) => None,
        };
        item.credentials.iter().map(|own| Resource::from(store::credentials(item, own))).chain(store)
    });
    let generators = config.generators().iter().filter(|item| !item.external);
    let generators = generators.map(|item| Resource::from(generator::lower(item)));
    let secrets = config.external_secrets().iter().map(|item| Resource::from(external_secret::lower(item)));
    let pushes = config.push_secrets().iter().map(|item| Resource::from(push_secret::lower(item)));
    let everywhere =
        config.cluster_external_secrets().iter().map(|item| Resource::from(cluster::external(item)));
    let pushes_everywhere =
        config.cluster_push_secrets().iter().map(|item| Resource::from(cluster::push(item)));
    let objects =
        stores.chain(generators).chain(secrets).chain(everywhere).chain(pushes).chain(pushes_everywhere);
    let services = service::resources(config.services());
    let infisical = infisical::connections(config).chain(infisical::syncs(config));
    objects
        .chain(services)
        .chain(infisical)
        .chain(pipeline::resources(config))
        .chain(workflow::workflows(config))
}

fn metadata(
    name: &keyloom_syntax::Text,
    namespace: Option<&keyloom_syntax::Text>,
    labels: &crate::metadata::TextMap,
    annotations: &crate::metadata::TextMap,
) -> Metadata {
    Metadata {
        name: name.clone(),
        namespace: namespace.cloned(),
        labels: labels.clone(),
        annotations: annotations.clone(),
    }
}
