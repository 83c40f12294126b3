//! The operator's objects as the API server gives them, as far as the relay reads them. What is not there is left out, and
//! what is there besides is passed over.

use std::collections::BTreeMap;

use serde::Deserialize;

/// One page of a list.
#[derive(Debug, Deserialize)]
pub(crate) struct List<T> {
    #[serde(default)]
    pub(crate) metadata: ListMeta,
    pub(crate) items: Vec<T>,
}

/// Where a list goes on.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ListMeta {
    /// Names the next page; empty or left out on the last.
    #[serde(rename = "continue")]
    pub(crate) next: Option<String>,
}

/// An object of any kind.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Object<S> {
    #[serde(default)]
    pub(crate) metadata: Metadata,
    /// The operator's schema lets it be left out.
    pub(crate) spec: Option<S>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Metadata {
    pub(crate) name: String,
    pub(crate) namespace: String,
    pub(crate) labels: Option<BTreeMap<String, String>>,
    pub(crate) owner_references: Option<Vec<Owner>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Owner {
    pub(crate) api_version: String,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) uid: String,
    pub(crate) controller: Option<bool>,
}

/// Of a namespace nothing but its labels is read.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Namespace {
    #[serde(default)]
    pub(crate) metadata: Metadata,
}

/// `spec` of a SecretStore or ClusterSecretStore.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct StoreSpec {
    pub(crate) provider: Option<Provider>,
    pub(crate) conditions: Option<Vec<Condition>>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Provider {
    pub(crate) infisical: Option<Infisical>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Infisical {
    #[serde(rename = "hostAPI")]
    pub(crate) host_api: Option<String>,
    pub(crate) secrets_scope: SecretsScope,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct SecretsScope {
    pub(crate) project_slug: String,
    pub(crate) environment_slug: String,
    pub(crate) secrets_path: Option<String>,
    pub(crate) recursive: Option<bool>,
}

/// From which namespaces a ClusterSecretStore may be used; one that holds is enough.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Condition {
    pub(crate) namespaces: Option<Vec<String>>,
    pub(crate) namespace_regexes: Option<Vec<String>>,
    pub(crate) namespace_selector: Option<Selector>,
}

/// Kubernetes' own selector of labels.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Selector {
    pub(crate) match_labels: Option<BTreeMap<String, String>>,
    pub(crate) match_expressions: Option<Vec<Expression>>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Expression {
    pub(crate) key: String,
    pub(crate) operator: String,
    pub(crate) values: Option<Vec<String>>,
}

/// `spec` of an ExternalSecret.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ExternalSecretSpec {
    pub(crate) secret_store_ref: Option<StoreRef>,
    pub(crate) refresh_policy: Option<String>,
    pub(crate) refresh_interval: Option<String>,
    pub(crate) data: Option<Vec<Data>>,
    pub(crate) data_from: Option<Vec<DataFrom>>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct StoreRef {
    pub(crate) name: Option<String>,
    /// SecretStore, unless it is said.
    pub(crate) kind: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Data {
    pub(crate) remote_ref: Option<RemoteRef>,
    pub(crate) source_ref: Option<SourceRef>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DataFrom {
    pub(crate) extract: Option<RemoteRef>,
    pub(crate) find: Option<Find>,
    pub(crate) source_ref: Option<SourceRef>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RemoteRef {
    pub(crate) key: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Find {
    pub(crate) path: Option<String>,
}

/// A store, or a generator, which reads nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct SourceRef {
    pub(crate) store_ref: Option<StoreRef>,
}
