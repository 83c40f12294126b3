//! Body of a Deployment (`apps/v1`): a service's pods. What they read stands in the declaration in Kubernetes' own words
//! already, so those types are walked as they are.

use keyloom_models::selector::LabelSelector;
use keyloom_models::service::PullSecret;
use keyloom_syntax::Text;

use crate::metadata::{Metadata, TextMap};
use crate::walk::{Sink, Walk, map};

mod container;
mod reads;
mod volume;

pub use container::{Container, Probe, Role, VolumeMount};
pub use volume::{AccountToken, Volume, VolumeSource};

/// A Deployment.
#[derive(Clone, Debug, PartialEq)]
pub struct Deployment {
    /// Metadata.
    pub metadata: Metadata,
    /// The spec.
    pub spec: DeploymentSpec,
}

impl Deployment {
    /// API version of the object.
    pub const API_VERSION: &str = "apps/v1";
    /// Kind of the object.
    pub const KIND: &str = "Deployment";
}

/// `spec` of a Deployment.
#[derive(Clone, Debug, PartialEq)]
pub struct DeploymentSpec {
    /// Number of pods; `None` leaves it to the API server (one) or to an autoscaler.
    pub replicas: Option<u32>,
    /// Which pods are its own. Kubernetes never lets it be changed.
    pub selector: LabelSelector,
    /// The pods.
    pub template: PodTemplate,
}

/// `template` of a Deployment.
#[derive(Clone, Debug, PartialEq)]
pub struct PodTemplate {
    /// Labels of the pods; those of the selector are among them.
    pub labels: TextMap,
    /// Annotations of the pods; none writes no field.
    pub annotations: TextMap,
    /// The spec.
    pub spec: PodSpec,
}

/// `spec` of a pod.
#[derive(Clone, Debug, PartialEq)]
pub struct PodSpec {
    /// Service account; `None` for `default`.
    pub service_account_name: Option<Text>,
    /// Whether containers that say nothing see a token of that account, as the API server's default has it.
    pub automount_token: bool,
    /// User and group of all containers, and of what they share; `None` leaves it to their images.
    pub run_as: Option<u32>,
    /// A container that begins before the other one and stays.
    pub sidecar: Option<Container>,
    /// What the image is pulled with from private registries.
    pub image_pull_secrets: Vec<PullSecret>,
    /// The one container.
    pub container: Container,
    /// What its mounts refer to.
    pub volumes: Vec<Volume>,
}

impl PodSpec {
    /// Names of the Secrets that the pod reads, repeated where it does so again.
    pub fn secrets(&self) -> impl Iterator<Item = &Text> {
        let container = &self.container; // A sidecar reads none.
        let whole = container.env_from.iter().filter_map(|source| Some(&source.secret_ref.as_ref()?.name));
        let keys = container
            .env
            .iter()
            .filter_map(|variable| Some(&variable.value_from.as_ref()?.secret_key_ref.as_ref()?.name));
        let files = self.volumes.iter().filter_map(|volume| match &volume.source {
            VolumeSource::Secret(secret) => Some(&secret.secret_name),
            VolumeSource::ConfigMap(_)
            | VolumeSource::PodAnnotations(_)
            | VolumeSource::Token(_)
            | VolumeSource::Memory => None,
        });
        self.image_pull_secrets.iter().map(|secret| &secret.name).chain(whole).chain(keys).chain(files)
    }
}

impl Walk for DeploymentSpec {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("replicas", &self.replicas)?;
            m.field("selector", &self.selector)?;
            m.field("template", &self.template)
        })
    }
}

impl Walk for PodTemplate {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.map("metadata", |m| {
                m.field("labels", &self.labels)?;
                m.nonempty("annotations", &self.annotations)
            })?;
            m.field("spec", &self.spec)
        })
    }
}

impl Walk for PodSpec {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("serviceAccountName", &self.service_account_name)?;
            if !self.automount_token {
                m.field("automountServiceAccountToken", &false)?;
            }
            if let Some(user) = &self.run_as {
                m.map("securityContext", |m| {
                    m.field("runAsNonRoot", &true)?;
                    ["runAsUser", "runAsGroup", "fsGroup"].iter().try_for_each(|field| m.field(field, user))
                })?;
            }
            m.nonempty("imagePullSecrets", &self.image_pull_secrets)?;
            if let Some(sidecar) = &self.sidecar {
                m.field("initContainers", std::slice::from_ref(sidecar))?;
            }
            m.field("containers", std::slice::from_ref(&self.container))?;
            m.nonempty("volumes", &self.volumes)
        })
    }
}
