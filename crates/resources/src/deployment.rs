//! Body of a Deployment (`apps/v1`): a service's pods. What they read stands in the declaration in Kubernetes' own words
//! already, so those types are walked as they are.

use keyloom_models::selector::LabelSelector;
use keyloom_models::service::{ConfigMapVolume, EnvFrom, EnvVar, Port, PullSecret, SecretVolume};
use keyloom_syntax::Text;

use crate::metadata::{Metadata, TextMap};
use crate::walk::{Sink, Walk, map};

mod reads;

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
        let container = &self.container;
        let whole = container.env_from.iter().filter_map(|source| Some(&source.secret_ref.as_ref()?.name));
        let keys = container
            .env
            .iter()
            .filter_map(|variable| Some(&variable.value_from.as_ref()?.secret_key_ref.as_ref()?.name));
        let files = self.volumes.iter().filter_map(|volume| match &volume.source {
            VolumeSource::Secret(secret) => Some(&secret.secret_name),
            VolumeSource::ConfigMap(_) | VolumeSource::PodAnnotations(_) | VolumeSource::Token(_) => None,
        });
        self.image_pull_secrets.iter().map(|secret| &secret.name).chain(whole).chain(keys).chain(files)
    }
}

/// A container.
#[derive(Clone, Debug, PartialEq)]
pub struct Container {
    /// Name of the container.
    pub name: Text,
    /// Image.
    pub image: Text,
    /// Ports.
    pub ports: Vec<Port>,
    /// Whole Secrets and ConfigMaps as environment variables.
    pub env_from: Vec<EnvFrom>,
    /// Single environment variables.
    pub env: Vec<EnvVar>,
    /// Where it says that it lives; a pod that does not is started again.
    pub liveness_probe: Option<Probe>,
    /// Where it says that it can serve; a pod that does not gets no requests.
    pub readiness_probe: Option<Probe>,
    /// Where volumes are in its file system.
    pub volume_mounts: Vec<VolumeMount>,
}

/// A question to a container by HTTP, as often as the API server's defaults have it.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// Path.
    pub path: Text,
    /// Name of the port.
    pub port: Text,
}

/// `volumes[]` of a pod.
#[derive(Clone, Debug, PartialEq)]
pub struct Volume {
    /// Name of the volume.
    pub name: Text,
    /// What is in it.
    pub source: VolumeSource,
}

/// What is in a volume.
#[derive(Clone, Debug, PartialEq)]
pub enum VolumeSource {
    /// Keys of a Secret.
    Secret(SecretVolume),
    /// Keys of a ConfigMap.
    ConfigMap(ConfigMapVolume),
    /// The annotations of the pod, in one file of that name.
    PodAnnotations(Text),
    /// A token of the pod's service account for one audience.
    Token(AccountToken),
}

/// A token of a pod's service account, which the kubelet renews; it lives as long as the API server's default has it, an hour.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountToken {
    /// Who it is for.
    pub audience: Text,
    /// Name of the file.
    pub path: Text,
}

/// `volumeMounts[]` of a container, never written to.
#[derive(Clone, Debug, PartialEq)]
pub struct VolumeMount {
    /// Name of the volume.
    pub name: Text,
    /// Folder in the container.
    pub mount_path: Text,
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
            m.nonempty("imagePullSecrets", &self.image_pull_secrets)?;
            m.field("containers", std::slice::from_ref(&self.container))?;
            m.nonempty("volumes", &self.volumes)
        })
    }
}

impl Walk for Container {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("name", &self.name)?;
            m.field("image", &self.image)?;
            m.nonempty("ports", &self.ports)?;
            m.nonempty("envFrom", &self.env_from)?;
            m.nonempty("env", &self.env)?;
            m.optional("livenessProbe", &self.liveness_probe)?;
            m.optional("readinessProbe", &self.readiness_probe)?;
            m.nonempty("volumeMounts", &self.volume_mounts)
        })
    }
}

impl Walk for Probe {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.map("httpGet", |m| {
                m.field("path", &self.path)?;
                m.field("port", &self.port)
            })
        })
    }
}

impl Walk for Volume {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("name", &self.name)?;
            match &self.source {
                VolumeSource::Secret(secret) => m.field("secret", secret),
                VolumeSource::ConfigMap(config_map) => m.field("configMap", config_map),
                VolumeSource::PodAnnotations(path) => m.field("downwardAPI", &Annotations(path)),
                VolumeSource::Token(token) => m.field("projected", token),
            }
        })
    }
}

impl Walk for VolumeMount {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("name", &self.name)?;
            m.field("mountPath", &self.mount_path)?;
            m.field("readOnly", &true)
        })
    }
}

/// The annotations of a pod as a file.
struct Annotations<'t>(&'t Text);

impl Walk for Annotations<'_> {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| m.field("items", std::slice::from_ref(&AnnotationsItem(self.0))))
    }
}

struct AnnotationsItem<'t>(&'t Text);

impl Walk for AnnotationsItem<'_> {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("path", self.0)?;
            m.map("fieldRef", |m| m.field("fieldPath", "metadata.annotations"))
        })
    }
}

impl Walk for AccountToken {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| m.field("sources", std::slice::from_ref(&TokenSource(self))))
    }
}

struct TokenSource<'t>(&'t AccountToken);

impl Walk for TokenSource<'_> {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.map("serviceAccountToken", |m| {
                m.field("audience", &self.0.audience)?;
                m.field("path", &self.0.path)
            })
        })
    }
}
