//! A store: where it reads, and who reads or writes through it.

use keyloom_models::Config;
use keyloom_models::Text;
use keyloom_models::config::{Credentials, ExternalSecret, PushStore, Store, StoreRef};
use keyloom_models::store::{Backend, ProviderKind};

use super::users::{self, Home, User};
use super::{Hop, is_store, qualified, shown};

pub(super) fn hops(config: &Config, store: &Store) -> Vec<Hop> {
    let uses = |user: User<'_>, home: Home<'_>| match user {
        User::Secret(item) => references(item).any(|reference| is_store(reference, home, store)),
        User::Push(item) => item.stores.iter().any(|used| match used {
            PushStore::Named(reference) => is_store(reference, home, store),
            PushStore::Labelled { .. } => false,
        }),
    };
    let credentials = store.credentials.iter().map(credentials);
    std::iter::once(hop(store)).chain(credentials).chain(users::hops(config, "written by", uses)).collect()
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
        Backend::External(external) => elsewhere(external.provider, external.path.as_ref()),
    };
    Hop::new("store", what, note)
}

/// A Secret of credentials: its keys, never what they hold.
fn credentials(own: &Credentials) -> Hop {
    let keys: Vec<_> = own.values.keys().map(String::as_str).collect();
    Hop::new(
        "logs in with",
        format!("Secret {}", qualified(own.namespace.as_ref(), &own.name)),
        keys.join(", "),
    )
}

/// A store by its reference, for one that is not declared here.
pub(super) fn hop_of_reference(reference: &StoreRef) -> Hop {
    let what = format!("{} {}", reference.kind, shown(&reference.name));
    Hop::new("store", what, elsewhere(reference.provider, reference.mount.as_ref()))
}

fn elsewhere(provider: ProviderKind, mount: Option<&Text>) -> String {
    let mount = mount.map(|mount| format!(": mount {}", shown(mount))).unwrap_or_default();
    format!("{}{mount}, declared elsewhere", provider.as_str())
}

/// Every store that an external secret reads through, repeated where it does so again.
pub(super) fn references(item: &ExternalSecret) -> impl Iterator<Item = &StoreRef> {
    let data = item.data.iter().filter_map(|entry| entry.store.as_deref());
    let data_from = item.data_from.iter().filter_map(|entry| entry.store.as_ref());
    item.store.iter().chain(data).chain(data_from)
}
