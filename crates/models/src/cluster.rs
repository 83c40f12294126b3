//! External secrets and push secrets in each of several namespaces: one declaration, and an object made of it wherever
//! the namespace's labels say so.

use indexmap::IndexMap;
use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use crate::defaults::Defaults;
use crate::duration::Duration;
use crate::external_secret::ExternalSecretSpec;
use crate::list::{Declared, List};
use crate::name::{NAMESPACE_PATTERN, OBJECT_NAME};
use crate::push_secret::PushSecretSpec;
use crate::selector::LabelSelector;

/// A ClusterExternalSecret: an ExternalSecret in each of several namespaces.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "a cluster external secret"))]
pub struct ClusterExternalSecretConfig {
    /// Name of the ClusterExternalSecret, at most 59 characters: the operator writes it into a finalizer of each namespace.
    #[validate(length(min = 1, max = 59), regex(path = *OBJECT_NAME))]
    pub name: Text,
    /// The ExternalSecret: the fields of an item of `externalSecrets`, but for its name, namespace, labels and annotations.
    pub external_secret_spec: ExternalSecretSpec,
    /// Name of the ExternalSecrets, default that of the ClusterExternalSecret.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    pub external_secret_name: Option<Text>,
    /// Labels and annotations of the ExternalSecrets.
    pub external_secret_metadata: Option<ChildMetadata>,
    /// Which namespaces get one: those that any of the selectors matches; `{}` matches all.
    pub namespace_selectors: Option<Vec<LabelSelector>>,
    /// Which namespaces get one; write `namespaceSelectors`.
    #[schemars(extend("deprecated" = true, "x-on" = {"deprecated": {"fix": "write `namespaceSelectors: [...]`"}}))]
    pub namespace_selector: Option<LabelSelector>,
    /// Names of namespaces that get one; write `namespaceSelectors`.
    #[schemars(extend("deprecated" = true, "x-on" = {"deprecated": {"fix": "write `namespaceSelectors: [{matchExpressions: [{key: kubernetes.io/metadata.name, operator: In, values: [...]}]}]`"}}), inner(length(min = 1, max = 63), regex(pattern = NAMESPACE_PATTERN)))]
    pub namespaces: Option<Vec<Text>>,
    /// How often the operator looks for new namespaces, such as `1m`, default `1h`.
    pub refresh_time: Option<Duration>,
    /// Labels of the ClusterExternalSecret.
    #[serde(default)]
    pub labels: IndexMap<String, Text>,
    /// Annotations of the ClusterExternalSecret.
    #[serde(default)]
    pub annotations: IndexMap<String, Text>,
}

/// Labels and annotations of the objects that are made in the namespaces.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChildMetadata {
    /// Labels.
    #[serde(default)]
    pub labels: IndexMap<String, Text>,
    /// Annotations.
    #[serde(default)]
    pub annotations: IndexMap<String, Text>,
}

/// A ClusterPushSecret: a PushSecret in each of several namespaces.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "a cluster push secret"))]
pub struct ClusterPushSecretConfig {
    /// Name of the ClusterPushSecret.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    pub name: Text,
    /// The PushSecret: the fields of an item of `pushSecrets`, but for its name, namespace, labels and annotations.
    pub push_secret_spec: PushSecretSpec,
    /// Name of the PushSecrets, default that of the ClusterPushSecret.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    pub push_secret_name: Option<Text>,
    /// Labels and annotations of the PushSecrets.
    pub push_secret_metadata: Option<ChildMetadata>,
    /// Which namespaces get one: those that any of the selectors matches; `{}` matches all.
    pub namespace_selectors: Option<Vec<LabelSelector>>,
    /// How often the operator looks for new namespaces, such as `1m`, default `1h`.
    pub refresh_time: Option<Duration>,
    /// Labels of the ClusterPushSecret.
    #[serde(default)]
    pub labels: IndexMap<String, Text>,
    /// Annotations of the ClusterPushSecret.
    #[serde(default)]
    pub annotations: IndexMap<String, Text>,
}

/// The errors of an item and those of the spec in it, whose name is not its own.
fn with_spec(
    own: Result<(), ValidationErrors>,
    field: &'static str,
    spec: Result<(), ValidationErrors>,
) -> ValidationErrors {
    let mut errors = own.err().unwrap_or_default();
    if let Err(mut spec) = spec {
        spec.errors_mut().remove("name");
        if !spec.is_empty() {
            errors.errors_mut().insert(field.into(), ValidationErrorsKind::Struct(Box::new(spec)));
        }
    }
    errors
}

impl Declared for ClusterExternalSecretConfig {
    const LIST: List = List::ClusterExternalSecrets;

    fn fill(&mut self, defaults: &Defaults) {
        defaults.fill_maps(&mut self.labels, &mut self.annotations);
        defaults.fill_external_secret(&mut self.external_secret_spec.0);
    }

    fn identity(&self) -> (&'static str, Option<&Text>, &Text) {
        ("ClusterExternalSecret", None, &self.name)
    }

    fn limits(&self) -> ValidationErrors {
        with_spec(self.validate(), "externalSecretSpec", self.external_secret_spec.0.validate())
    }
}

impl Declared for ClusterPushSecretConfig {
    const LIST: List = List::ClusterPushSecrets;

    fn fill(&mut self, defaults: &Defaults) {
        defaults.fill_maps(&mut self.labels, &mut self.annotations);
        self.push_secret_spec.0.fill_spec(defaults);
    }

    fn identity(&self) -> (&'static str, Option<&Text>, &Text) {
        ("ClusterPushSecret", None, &self.name)
    }

    fn limits(&self) -> ValidationErrors {
        with_spec(self.validate(), "pushSecretSpec", self.push_secret_spec.0.validate())
    }
}
