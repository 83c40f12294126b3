//! The same values as plain structs with derived `Serialize`: what `serde_json::to_writer` is measured on.

use indexmap::IndexMap;
use keyloom_resources::ResourceSet;
use keyloom_resources::walk::to_json;
use serde::{Deserialize, Serialize};

use crate::Result;

/// An ExternalSecret, with the fields that the corpus has.
#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ExternalSecret {
    api_version: String,
    kind: String,
    metadata: Metadata,
    spec: Spec,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Metadata {
    name: String,
    namespace: Option<String>,
    labels: IndexMap<String, String>,
    annotations: IndexMap<String, String>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Spec {
    secret_store_ref: StoreRef,
    refresh_interval: String,
    target: Target,
    data: Vec<Data>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StoreRef {
    name: String,
    kind: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Target {
    name: String,
    creation_policy: String,
    deletion_policy: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Data {
    secret_key: String,
    remote_ref: RemoteRef,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RemoteRef {
    key: String,
    property: Option<String>,
}

/// The twins of a set: the values cannot differ, for each twin is read from its original, and unknown fields are errors.
pub(super) fn of(set: &ResourceSet) -> Result<Vec<ExternalSecret>> {
    set.kubernetes().map(|object| Ok(serde_json::from_value(to_json(object)?)?)).collect()
}
