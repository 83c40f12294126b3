//! What stands once for many items: defaults, versions, substitution.

use indexmap::IndexMap;
use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::Validate;

use crate::duration::Duration;
use crate::external_secret::{Content, ExternalSecretConfig};
use crate::name::NAMESPACE;
use crate::reference::SecretStoreRef;

/// What the items of one YAML document get when they do not say it themselves.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Defaults {
    /// Namespace of every item that may have one.
    #[validate(length(min = 1, max = 63), regex(path = *NAMESPACE))]
    pub namespace: Option<Text>,
    /// Store of every external secret that reads one.
    pub secret_store_ref: Option<SecretStoreRef>,
    /// Labels of every item; an item's own label of the same key wins.
    #[serde(default)]
    pub labels: IndexMap<String, Text>,
    /// Annotations of every item; an item's own annotation of the same key wins.
    #[serde(default)]
    pub annotations: IndexMap<String, Text>,
    /// How often every external secret is read again.
    pub refresh_interval: Option<Duration>,
    /// Text put before every path of every external secret, as it stands: write the `/` at its end yourself.
    #[validate(length(min = 1))]
    pub path_prefix: Option<Text>,
}

impl Defaults {
    /// Fills the namespace.
    pub(crate) fn fill_namespace(&self, namespace: &mut Option<Text>) {
        if namespace.is_none() {
            namespace.clone_from(&self.namespace);
        }
    }

    /// Fills labels and annotations.
    pub(crate) fn fill_maps(
        &self,
        labels: &mut IndexMap<String, Text>,
        annotations: &mut IndexMap<String, Text>,
    ) {
        fill_map(labels, &self.labels);
        fill_map(annotations, &self.annotations);
    }

    /// Fills what only external secrets have.
    pub(crate) fn fill_external_secret(&self, item: &mut ExternalSecretConfig) {
        // What nothing is read from is written where it was said, and nowhere else.
        if item.secret_store_ref.is_none() && item.content.needs_store() {
            item.secret_store_ref.clone_from(&self.secret_store_ref);
        }
        if item.refresh_interval.is_none() {
            item.refresh_interval = self.refresh_interval;
        }
        if let Some(prefix) = &self.path_prefix {
            prefix_paths(prefix, &mut item.content);
        }
    }
}

fn prefix_paths(prefix: &Text, content: &mut Content) {
    match content {
        Content::Helper(helper) => {
            if let Some(path) = helper.path_mut() {
                *path = prefix.join(path);
            }
        }
        Content::Entries(entries) => {
            for reference in &mut entries.data {
                reference.path = prefix.join(&reference.path);
            }
            for extract in entries.data_from.iter_mut().filter_map(|entry| entry.extract.as_mut()) {
                extract.path = prefix.join(&extract.path);
            }
        }
    }
}

fn fill_map(own: &mut IndexMap<String, Text>, defaults: &IndexMap<String, Text>) {
    for (key, value) in defaults {
        if !own.contains_key(key) {
            own.insert(key.clone(), value.clone());
        }
    }
}

/// Versions of the systems that are written for.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Versions {
    /// External Secrets Operator, such as `"2.9"`; default the newest known. Quote it: `2.10` is not `2.1`.
    #[schemars(regex(pattern = r"^v?[0-9]+\.[0-9]+(\.[0-9]+)?$"))]
    pub eso: Option<Text>,
    /// Kubernetes, such as `"1.36"`; decides which names of environment variables and Services are legal. Default the newest known.
    #[schemars(regex(pattern = r"^v?[0-9]+\.[0-9]+(\.[0-9]+)?$"))]
    pub kubernetes: Option<Text>,
}

/// A later tool that fills in `${NAME}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Substitution {
    /// Flux's post-build substitution: `${NAME}` and `${NAME:=default}`.
    Flux,
}
