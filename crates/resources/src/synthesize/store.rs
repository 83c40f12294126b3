//! Stores, provider by provider.

use keyloom_models::RetrySettings as Retries;
use keyloom_models::StoreProvider;
use keyloom_models::config::{Credentials, Store};

use super::metadata;
use crate::metadata::Metadata;
use crate::secret::Secret;
use crate::secret_store::{Provider, RetrySettings, SecretStore, SecretStoreSpec};

mod aws;
mod infisical;
mod kubernetes;
mod onepassword;
mod vault;

pub(super) fn lower(store: &Store, provider: &StoreProvider) -> SecretStore {
    SecretStore {
        kind: store.kind,
        metadata: metadata(&store.name, store.namespace.as_ref(), &store.labels, &store.annotations),
        spec: SecretStoreSpec {
            controller: store.controller.clone(),
            provider: backend(provider),
            retry_settings: store.retry_settings.as_ref().map(|Retries { max_retries, retry_interval }| {
                RetrySettings {
                    max_retries: max_retries.map(i32::unsigned_abs),
                    retry_interval: *retry_interval,
                }
            }),
            refresh_interval: store.refresh_seconds,
            conditions: store.conditions.clone(),
        },
    }
}

/// The Secret of credentials that a program handed over. It has the labels of its store, and none of the annotations, which
/// may be about the store alone.
pub(super) fn credentials(store: &Store, credentials: &Credentials) -> Secret {
    let Credentials { name, namespace, values } = credentials;
    let metadata = Metadata {
        name: name.clone(),
        namespace: namespace.clone(),
        labels: store.labels.clone(),
        ..Metadata::default()
    };
    Secret { metadata, string_data: values.clone() }
}

fn backend(provider: &StoreProvider) -> Provider {
    match provider {
        StoreProvider::Infisical(config) => infisical::lower(config).into(),
        StoreProvider::Vault(config) => vault::lower(config).into(),
        StoreProvider::Aws(config) => aws::lower(config).into(),
        StoreProvider::OnePassword(config) => onepassword::lower(config).into(),
        StoreProvider::Kubernetes(config) => kubernetes::lower(config).into(),
        StoreProvider::Carried(config) => {
            Provider::Carried(config.provider().as_str(), config.block().clone())
        }
    }
}
