//! [`World`]: what is declared beside an item, as rules across lists look at it.

use keyloom_syntax::Text;

use super::same;
use crate::config::pipeline::Pipeline;
use crate::config::{ClusterPushSecret, ExternalSecret, PushSecret, PushStore, Store, StoreRef};
use crate::finding::{List, Place};
use crate::policy::StoreKind;
use crate::store::aws::AwsConfig;
use crate::store::{Backend, StoreProvider};

/// Everything that reads or writes secrets.
pub(super) struct World<'a> {
    pub(super) stores: &'a [Option<Store>],
    pub(super) external_secrets: &'a [Option<ExternalSecret>],
    pub(super) push_secrets: &'a [PushSecret],
    pub(super) cluster_push_secrets: &'a [ClusterPushSecret],
    pub(super) pipelines: &'a [Pipeline],
}

/// A push secret, or the child of a cluster push secret, with its place.
pub(super) struct Push<'a> {
    pub(super) item: &'a PushSecret,
    pub(super) place: Place,
}

impl<'a> World<'a> {
    /// The declared store that a reference of that namespace leads to, and its number.
    pub(super) fn numbered(
        &self,
        reference: &StoreRef,
        namespace: Option<&Text>,
    ) -> Option<(usize, &'a Store)> {
        let meant = |store: &&Store| {
            store.kind == reference.kind
                && same(Some(&store.name), Some(&reference.name)) == Some(true)
                && (store.kind == StoreKind::ClusterSecretStore
                    || same(store.namespace.as_ref(), namespace) == Some(true))
        };
        let numbered = self.stores.iter().enumerate();
        numbered.filter_map(|(number, store)| Some((number, store.as_ref()?))).find(|(_, store)| meant(store))
    }

    /// The declared store that a reference of that namespace leads to.
    pub(super) fn store(&self, reference: &StoreRef, namespace: Option<&Text>) -> Option<&'a Store> {
        self.numbered(reference, namespace).map(|(_, store)| store)
    }

    /// Everything that is pushed.
    pub(super) fn pushes(&self) -> impl Iterator<Item = Push<'a>> {
        let own = self.push_secrets.iter().enumerate();
        let own = own.map(|(i, item)| Push { item, place: Place::item(List::PushSecrets, i) });
        let everywhere = self.cluster_push_secrets.iter().enumerate().map(|(i, item)| {
            let place = Place::item(List::ClusterPushSecrets, i).at("pushSecretSpec");
            Push { item: &item.push_secret, place }
        });
        own.chain(everywhere)
    }

    /// The block of a declared store in AWS.
    pub(super) fn aws(&self, store: &PushStore, namespace: Option<&Text>) -> Option<&'a AwsConfig> {
        let PushStore::Named(reference) = store else { return None };
        match &self.store(reference, namespace)?.backend {
            Backend::Declared(StoreProvider::Aws(block)) => Some(block),
            Backend::Declared(_) | Backend::External(_) => None,
        }
    }
}

impl<'a> Push<'a> {
    /// The names that it writes to, as far as it says them.
    pub(super) fn remote_keys(&self) -> Vec<(&'a Text, Place)> {
        let data = self.item.data.iter().enumerate();
        let data = data.map(|(i, entry)| (&entry.remote_key, self.place.at("data").at(i).at("path")));
        let many = self.item.data_to.iter().enumerate().filter_map(|(i, many)| {
            Some((many.remote_key.as_ref()?, self.place.at("dataTo").at(i).at("path")))
        });
        data.chain(many).collect()
    }
}

/// A name as a store in AWS completes it.
pub(super) fn full_name(store: &AwsConfig, name: &Text) -> Option<String> {
    let prefix = store.prefix.as_ref().map_or(Some(""), Text::known)?;
    Some([prefix, name.known()?].concat())
}
