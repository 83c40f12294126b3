//! Bodies of a ClusterExternalSecret (`external-secrets.io/v1`) and of a ClusterPushSecret (`v1alpha1`).

use keyloom_models::duration::Duration;
use keyloom_models::selector::LabelSelector;
use keyloom_syntax::Text;

use crate::external_secret::ExternalSecretSpec;
use crate::metadata::{Metadata, TextMap};
use crate::push_secret::PushSecretSpec;
use crate::walk::{IsEmpty, Sink, Walk, map};

/// A ClusterExternalSecret.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterExternalSecret {
    /// Metadata.
    pub metadata: Metadata,
    /// The spec.
    pub spec: ClusterExternalSecretSpec,
}

/// `spec` of a ClusterExternalSecret.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterExternalSecretSpec {
    /// Spec of the ExternalSecrets.
    pub external_secret_spec: ExternalSecretSpec,
    /// Name of the ExternalSecrets; `None` for that of the object.
    pub external_secret_name: Option<Text>,
    /// Labels and annotations of the ExternalSecrets.
    pub external_secret_metadata: ChildMetadata,
    /// Which namespaces get one: those that any of them matches.
    pub namespace_selectors: Vec<LabelSelector>,
    /// Another one, deprecated.
    pub namespace_selector: Option<LabelSelector>,
    /// Names of namespaces, deprecated.
    pub namespaces: Vec<Text>,
    /// Time between two looks for new namespaces; `None` for an hour.
    pub refresh_time: Option<Duration>,
}

/// A ClusterPushSecret.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterPushSecret {
    /// Metadata.
    pub metadata: Metadata,
    /// The spec.
    pub spec: ClusterPushSecretSpec,
}

/// `spec` of a ClusterPushSecret.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterPushSecretSpec {
    /// Spec of the PushSecrets.
    pub push_secret_spec: PushSecretSpec,
    /// Name of the PushSecrets; `None` for that of the object.
    pub push_secret_name: Option<Text>,
    /// Labels and annotations of the PushSecrets.
    pub push_secret_metadata: ChildMetadata,
    /// Which namespaces get one: those that any of them matches.
    pub namespace_selectors: Vec<LabelSelector>,
    /// Time between two looks for new namespaces; `None` for an hour.
    pub refresh_time: Option<Duration>,
}

/// Labels and annotations of the objects that are made in the namespaces.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChildMetadata {
    /// Labels.
    pub labels: TextMap,
    /// Annotations.
    pub annotations: TextMap,
}

impl IsEmpty for ChildMetadata {
    fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.annotations.is_empty()
    }
}

impl Walk for ChildMetadata {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.nonempty("labels", &self.labels)?;
            m.nonempty("annotations", &self.annotations)
        })
    }
}

impl Walk for ClusterExternalSecretSpec {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("externalSecretName", &self.external_secret_name)?;
            m.nonempty("externalSecretMetadata", &self.external_secret_metadata)?;
            m.nonempty("namespaceSelectors", &self.namespace_selectors)?;
            m.optional("namespaceSelector", &self.namespace_selector)?;
            m.nonempty("namespaces", &self.namespaces)?;
            m.optional("refreshTime", &self.refresh_time)?;
            m.field("externalSecretSpec", &self.external_secret_spec)
        })
    }
}

impl Walk for ClusterPushSecretSpec {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("pushSecretName", &self.push_secret_name)?;
            m.nonempty("pushSecretMetadata", &self.push_secret_metadata)?;
            m.nonempty("namespaceSelectors", &self.namespace_selectors)?;
            m.optional("refreshTime", &self.refresh_time)?;
            m.field("pushSecretSpec", &self.push_secret_spec)
        })
    }
}
