//! External secrets and push secrets in each of several namespaces.

use keyloom_models::config;

use super::{external_secret, metadata, push_secret};
use crate::cluster::{
    ChildMetadata, ClusterExternalSecret, ClusterExternalSecretSpec, ClusterPushSecret, ClusterPushSecretSpec,
};

pub(super) fn external(item: &config::ClusterExternalSecret) -> ClusterExternalSecret {
    let secret = external_secret::lower(&item.external_secret);
    ClusterExternalSecret {
        metadata: metadata(&item.name, None, &item.labels, &item.annotations),
        spec: ClusterExternalSecretSpec {
            external_secret_spec: secret.spec,
            external_secret_name: item.external_secret_name.clone(),
            external_secret_metadata: ChildMetadata {
                labels: secret.metadata.labels,
                annotations: secret.metadata.annotations,
            },
            namespace_selectors: item.namespace_selectors.clone(),
            namespace_selector: item.namespace_selector.clone(),
            namespaces: item.namespaces.clone(),
            refresh_time: item.refresh_time,
        },
    }
}

pub(super) fn push(item: &config::ClusterPushSecret) -> ClusterPushSecret {
    let push = push_secret::lower(&item.push_secret);
    ClusterPushSecret {
        metadata: metadata(&item.name, None, &item.labels, &item.annotations),
        spec: ClusterPushSecretSpec {
            push_secret_spec: push.spec,
            push_secret_name: item.push_secret_name.clone(),
            push_secret_metadata: ChildMetadata {
                labels: push.metadata.labels,
                annotations: push.metadata.annotations,
            },
            namespace_selectors: item.namespace_selectors.clone(),
            refresh_time: item.refresh_time,
        },
    }
}
