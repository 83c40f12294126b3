//! What a declared thing becomes, hop by hop: pure, from a config to rows that somebody prints.

use keyloom_models::Config;
use keyloom_models::config::{ExternalSecret, Store, StoreRef};
use keyloom_models::finding::List;
use keyloom_models::policy::StoreKind;
use keyloom_models::{ServiceConfig, Text};

mod cluster;
mod connection;
mod generator;
mod infisical;
mod pipeline;
mod push;
mod secret;
mod service;
mod store;
mod users;

use users::Home;

/// One declared thing and what it becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// `LIST/NAMESPACE/NAME`, or `LIST/NAME` without a namespace.
    pub subject: String,
    /// The hops, in the order in which a value passes them.
    pub hops: Vec<Hop>,
}

/// One hop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// Which system it is in, such as `store` or `Secret`.
    pub system: &'static str,
    /// What it is there.
    pub what: String,
    /// What happens to it, or to where it goes on; may be empty.
    pub note: String,
}

impl Hop {
    fn new(system: &'static str, what: impl Into<String>, note: impl Into<String>) -> Self {
        Self { system, what: what.into(), note: note.into() }
    }
}

/// Traces everything of that name: `NAME`, `LIST/NAME` or `LIST/NAMESPACE/NAME`. An external secret answers to the name
/// of its Secret too. A secret of a pipeline is `pipelines/PIPELINE/NAME`.
pub fn trace(config: &Config, name: &str) -> Vec<Trace> {
    let wanted = Wanted::parse(name);
    let mut traces = Vec::new();
    for item in config.stores() {
        if wanted.is(List::Stores, item.namespace.as_ref(), &[&item.name]) {
            traces.push(Trace { subject: subject_of_store(item), hops: store::hops(config, item) });
        }
    }
    for item in config.generators() {
        if wanted.is(List::Generators, item.namespace.as_ref(), &[&item.name]) {
            let subject = subject(List::Generators, item.namespace.as_ref(), &item.name);
            traces.push(Trace { subject, hops: generator::hops(config, item) });
        }
    }
    for item in config.connections() {
        if wanted.is(List::Connections, None, &[&item.name]) {
            let subject = subject(List::Connections, None, &item.name);
            traces.push(Trace { subject, hops: connection::hops(config, item) });
        }
    }
    for item in config.external_secrets() {
        if wanted.is(List::ExternalSecrets, item.namespace.as_ref(), &[&item.name, &item.target.name]) {
            traces.push(Trace { subject: subject_of_secret(item), hops: secret::hops(config, item) });
        }
    }
    for item in config.cluster_external_secrets() {
        if wanted.is(List::ClusterExternalSecrets, None, &[&item.name, &item.external_secret.target.name]) {
            let hops = cluster::external(config, item);
            traces.push(Trace { subject: subject(List::ClusterExternalSecrets, None, &item.name), hops });
        }
    }
    for item in config.cluster_push_secrets() {
        if wanted.is(List::ClusterPushSecrets, None, &[&item.name]) {
            let hops = cluster::push(config, item);
            traces.push(Trace { subject: subject(List::ClusterPushSecrets, None, &item.name), hops });
        }
    }
    for item in config.push_secrets() {
        if wanted.is(List::PushSecrets, item.namespace.as_ref(), &[&item.name]) {
            let subject = subject(List::PushSecrets, item.namespace.as_ref(), &item.name);
            traces.push(Trace { subject, hops: push::hops(config, item) });
        }
    }
    for item in config.services() {
        if wanted.is(List::Services, item.namespace.as_ref(), &[&item.name]) {
            traces.push(Trace { subject: subject_of_service(item), hops: service::hops(config, item) });
        }
    }
    for item in config.pipelines() {
        if wanted.is_plain(List::Pipelines, None, &item.name) {
            let subject = format!("{}/{}", List::Pipelines.as_str(), item.name);
            traces.push(Trace { subject, hops: pipeline::hops(config, item) });
        }
        let secrets = item.secrets.iter();
        for secret in
            secrets.filter(|secret| wanted.is_plain(List::Pipelines, Some(&item.name), &secret.name))
        {
            let subject = format!("{}/{}/{}", List::Pipelines.as_str(), item.name, secret.name);
            traces.push(Trace { subject, hops: pipeline::secret(config, item, secret) });
        }
    }
    for item in config.app_connections() {
        if wanted.is(List::AppConnections, None, &[&item.name]) {
            let subject = subject(List::AppConnections, None, &item.name);
            traces.push(Trace { subject, hops: infisical::connection(config, item) });
        }
    }
    for item in config.secret_syncs() {
        if wanted.is(List::SecretSyncs, None, &[&item.name]) {
            let subject = subject(List::SecretSyncs, None, &item.name);
            traces.push(Trace { subject, hops: infisical::sync(config, item) });
        }
    }
    traces
}

/// Every name that can be traced, for did-you-mean.
pub fn names(config: &Config) -> Vec<&str> {
    let stores = config.stores().iter().map(|item| &item.name);
    let generators = config.generators().iter().map(|item| &item.name);
    let secrets = config.external_secrets().iter().flat_map(|item| [&item.name, &item.target.name]);
    let pushes = config.push_secrets().iter().map(|item| &item.name);
    let everywhere = config
        .cluster_external_secrets()
        .iter()
        .flat_map(|item| [&item.name, &item.external_secret.target.name]);
    let pushes = pushes.chain(config.cluster_push_secrets().iter().map(|item| &item.name)).chain(everywhere);
    let services = config.services().iter().map(|item| &item.name);
    let typed = config.connections().iter().map(|item| &item.name);
    let connections = config.app_connections().iter().map(|item| &item.name);
    let syncs = config.secret_syncs().iter().map(|item| &item.name);
    let of_operator = stores.chain(generators).chain(secrets).chain(pushes).chain(services);
    let declared = of_operator.chain(typed).chain(connections).chain(syncs).filter_map(Text::written);
    let pipelines = config.pipelines().iter().map(|item| item.name.as_str());
    let of_pipelines = config.pipelines().iter().flat_map(|item| &item.secrets).map(|it| it.name.as_str());
    declared.chain(pipelines).chain(of_pipelines).collect()
}

/// A name as it is asked for.
struct Wanted<'n> {
    list: Option<&'n str>,
    namespace: Option<&'n str>,
    name: &'n str,
}

impl<'n> Wanted<'n> {
    fn parse(name: &'n str) -> Self {
        match name.splitn(3, '/').collect::<Vec<_>>().as_slice() {
            [list, namespace, name] => Self { list: Some(list), namespace: Some(namespace), name },
            // A namespace that is called like a list wants the whole of it.
            [list, name] if List::OF_ITEMS.iter().any(|known| known.as_str() == *list) => {
                Self { list: Some(list), namespace: None, name }
            }
            [namespace, name] => Self { list: None, namespace: Some(namespace), name },
            _ => Self { list: None, namespace: None, name },
        }
    }

    fn is(&self, list: List, namespace: Option<&Text>, names: &[&Text]) -> bool {
        let namespace = namespace.and_then(Text::written);
        names.iter().filter_map(|name| name.written()).any(|name| self.is_plain(list, namespace, name))
    }

    /// The same of what has plain names; secrets of a pipeline stand in it as objects stand in a namespace.
    fn is_plain(&self, list: List, namespace: Option<&str>, name: &str) -> bool {
        self.list.is_none_or(|wanted| wanted == list.as_str())
            && self.namespace.is_none_or(|wanted| namespace == Some(wanted))
            && self.name == name
    }
}

fn subject(list: List, namespace: Option<&Text>, name: &Text) -> String {
    format!("{}/{}", list.as_str(), qualified(namespace, name))
}

fn subject_of_store(item: &Store) -> String {
    subject(List::Stores, item.namespace.as_ref(), &item.name)
}

fn subject_of_secret(item: &ExternalSecret) -> String {
    subject(List::ExternalSecrets, item.namespace.as_ref(), &item.name)
}

fn subject_of_service(item: &ServiceConfig) -> String {
    subject(List::Services, item.namespace.as_ref(), &item.name)
}

/// `NAMESPACE/NAME`, or the name alone where the namespace is left to somebody else.
fn qualified(namespace: Option<&Text>, name: &Text) -> String {
    match namespace {
        Some(namespace) => format!("{}/{}", shown(namespace), shown(name)),
        None => shown(name).to_owned(),
    }
}

fn shown(text: &Text) -> &str {
    text.shown()
}

/// Whether a reference is to that store, seen from where an item is.
fn is_store(reference: &StoreRef, home: Home<'_>, store: &Store) -> bool {
    reference.kind == store.kind
        && reference.name == store.name
        && (store.kind == StoreKind::ClusterSecretStore || home.reaches(store.namespace.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyloom_models::read::{Options, load};

    #[test]
    fn names_may_be_qualified() {
        let mut sources = keyloom_syntax::Sources::new();
        let text = include_str!("../../../examples/complete-workflow/keyloom.yaml");
        sources.add("keyloom.yaml", text.to_owned()).unwrap();
        let config = load(&sources, &Options::default()).config.unwrap();
        let subjects = |name: &str| -> Vec<String> {
            trace(&config, name).into_iter().map(|trace| trace.subject).collect()
        };
        let name = names(&config)[0];
        assert_eq!(subjects(name).len(), 1);
        let qualified = &subjects(name)[0];
        assert_eq!(subjects(qualified), std::slice::from_ref(qualified));
        // Without the list, as hops are printed.
        let (_, short) = qualified.split_once('/').unwrap();
        assert!(short.contains('/') && subjects(short).contains(qualified), "{short}");
        assert_eq!(subjects(&format!("services/{name}")), [""; 0]);
        assert_eq!(subjects(&format!("elsewhere/{name}")), [""; 0]);
        assert!(trace(&config, "nothing").is_empty());
    }
}
