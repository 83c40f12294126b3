//! A store: where it reads, and who reads through it.

use keyloom_models::config::{ExternalSecret, PushSecret, PushStore, Store, StoreRef};
use keyloom_models::store::Backend;
use keyloom_models::{Config, Text};

use super::{Hop, is_store, qualified, shown};

pub(super) fn hops(config: &Config, store: &Store) -> Vec<Hop> {
    let mut hops = vec![hop(store)];
    for item in config.external_secrets() {
        let uses = references(item).any(|reference| is_store(reference, item.namespace.as_ref(), store));
        if uses {
            let target = format!("Secret {}", qualified(item.namespace.as_ref(), &item.target.name));
            hops.push(Hop::new("used by", format!("ExternalSecret {}", named(item)), target));
        }
    }
    for item in config.cluster_external_secrets() {
        let secret = &item.external_secret;
        if references(secret).any(|reference| is_store(reference, None, store)) {
            let what = format!("ClusterExternalSecret {}", shown(&item.name));
            hops.push(Hop::new("used by", what, format!("Secret {}", shown(&secret.target.name))));
        }
    }
    let writes = |push: &PushSecret, namespace: Option<&Text>| {
        push.stores.iter().any(|to| match to {
            PushStore::Named(to) => is_store(to, namespace, store),
            PushStore::Labelled { .. } => false,
        })
    };
    for item in config.push_secrets().iter().filter(|item| writes(item, item.namespace.as_ref())) {
        let what = format!("PushSecret {}", qualified(item.namespace.as_ref(), &item.name));
        hops.push(Hop::new("written by", what, ""));
    }
    for item in config.cluster_push_secrets().iter().filter(|item| writes(&item.push_secret, None)) {
        hops.push(Hop::new("written by", format!("ClusterPushSecret {}", shown(&item.name)), ""));
    }
    if hops.len() == 1 {
        hops.push(Hop::new("used by", "nobody", ""));
    }
    hops
}

/// The store itself: kind, name, and which part of its backend it reads.
pub(super) fn hop(store: &Store) -> Hop {
    let what = format!("{} {}", store.kind, qualified(store.namespace.as_ref(), &store.name));
    let note = match &store.backend {
        Backend::Declared(provider) => {
            let scope = provider.scope();
            let scope = scope.iter().map(|(name, value)| format!("{name} {}", shown(value)));
            format!("{}: {}", provider.kind().as_str(), scope.collect::<Vec<_>>().join(", "))
        }
        Backend::External(external) => format!("{}, declared elsewhere", external.provider.as_str()),
    };
    Hop::new("store", what, note)
}

/// A store by its reference, for one that is not declared here.
pub(super) fn hop_of_reference(reference: &StoreRef) -> Hop {
    let what = format!("{} {}", reference.kind, shown(&reference.name));
    Hop::new("store", what, format!("{}, declared elsewhere", reference.provider.as_str()))
}

/// Every store that an external secret reads through, repeated where it does so again.
pub(super) fn references(item: &ExternalSecret) -> impl Iterator<Item = &StoreRef> {
    let data = item.data.iter().filter_map(|entry| entry.store.as_deref());
    let data_from = item.data_from.iter().filter_map(|entry| entry.store.as_ref());
    item.store.iter().chain(data).chain(data_from)
}

fn named(item: &ExternalSecret) -> String {
    qualified(item.namespace.as_ref(), &item.name)
}
