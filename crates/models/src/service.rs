//! Services: the workloads that read the Secrets.

use indexmap::IndexMap;
use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::{Validate, ValidationErrors};

use crate::defaults::Defaults;
use crate::list::{Declared, List};
use crate::name::{NAMESPACE, OBJECT_NAME, POD_FIELD, PORT_NAME, SECRET_KEY};

pub mod direct;
pub(crate) mod reads;

pub use direct::{DirectAccess, Reviewer, Sidecar, SidecarMode, WebhookServer};
pub use reads::{SecretRead, Wanted};

/// The label by which a Deployment knows its pods; its value is the service's name.
pub const SELECTOR_LABEL: &str = "app.kubernetes.io/name";

/// A workload and the Secrets it reads, in Kubernetes' own words. It is checked: every key that it reads must be
/// produced by somebody. With `image` it is also rendered, as a Deployment.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ServiceConfig {
    /// Name of the workload.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    pub name: Text,
    /// Namespace; absent is left to Flux, kustomize or Argo CD.
    #[validate(length(min = 1, max = 63), regex(path = *NAMESPACE))]
    pub namespace: Option<Text>,
    /// Image of the container. With it the service is rendered as a Deployment; without it the service is only checked, and
    /// its pods are made elsewhere.
    #[validate(length(min = 1))]
    pub image: Option<Text>,
    /// Secrets with credentials of private registries, for the image.
    #[serde(default)]
    #[validate(nested)]
    pub image_pull_secrets: Vec<PullSecret>,
    /// Number of pods; left out, it is one, or what an autoscaler says.
    #[validate(range(max = 2_147_483_647))]
    pub replicas: Option<u32>,
    /// Ports of the container.
    #[serde(default)]
    #[validate(nested)]
    pub ports: Vec<Port>,
    /// Whole Secrets and ConfigMaps as environment variables.
    #[serde(default)]
    #[validate(nested)]
    pub env_from: Vec<EnvFrom>,
    /// Single environment variables.
    #[serde(default)]
    #[validate(nested)]
    pub env: Vec<EnvVar>,
    /// Secrets and ConfigMaps as files.
    #[serde(default)]
    #[validate(nested)]
    pub volumes: Vec<Volume>,
    /// Service account of the pods.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    pub service_account_name: Option<Text>,
    /// How the workload gets at its secrets, default `kubernetes`. Either way what it reads of Secrets is what is said here.
    pub secret_access: Option<SecretAccess>,
    /// As whom it logs in to Infisical, and what it reads there; with `secretAccess: infisical`.
    #[validate(nested)]
    pub infisical: Option<DirectAccess>,
    /// What happens to the workload when a secret changes, default `none`.
    pub rotation_strategy: Option<RotationStrategy>,
    /// Labels of the objects.
    #[serde(default)]
    pub labels: IndexMap<String, Text>,
    /// Annotations of the objects.
    #[serde(default)]
    pub annotations: IndexMap<String, Text>,
}

/// How a workload gets at its secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum SecretAccess {
    /// From the Kubernetes Secrets that the operator writes.
    Kubernetes,
    /// From Infisical itself, through the client that the application links.
    Infisical,
}

/// What happens to a workload when a secret changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum RotationStrategy {
    /// Its pods are replaced, by Stakater Reloader, which must run in the cluster: the Deployment's annotations name the
    /// Secrets and ConfigMaps that it reads.
    Restart,
    /// It reads its files again by itself.
    File,
    /// It gets a signal, from something that you bring, and reads its files again.
    Signal,
    /// Nothing: environment variables stay as they were when the pod started.
    None,
}

/// A port of the container.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Port {
    /// Name of the port: at most 15 lower-case letters, digits and hyphens.
    #[validate(length(min = 1, max = 15), regex(path = *PORT_NAME))]
    pub name: Option<Text>,
    /// Number of the port.
    #[validate(range(min = 1, max = 65535))]
    pub container_port: u32,
}

/// A Secret with credentials of registries, such as `dockerConfig` makes.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PullSecret {
    /// Name of the Secret.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    pub name: Text,
}

/// A whole Secret or ConfigMap as environment variables: exactly one of the two.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["secretRef"]}, {"required": ["configMapRef"]}]))]
pub struct EnvFrom {
    /// Text put before every name.
    pub prefix: Option<Text>,
    /// The Secret.
    #[validate(nested)]
    pub secret_ref: Option<ObjectRef>,
    /// The ConfigMap.
    #[validate(nested)]
    pub config_map_ref: Option<ObjectRef>,
}

/// A Secret or ConfigMap by name.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ObjectRef {
    /// Name of the object.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    pub name: Text,
    /// Whether the pod starts without it, default false.
    #[serde(default)]
    pub optional: bool,
}

/// One environment variable: a value, or where it comes from.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["value"]}, {"required": ["valueFrom"]}]))]
pub struct EnvVar {
    /// Name of the variable.
    #[validate(length(min = 1))]
    pub name: Text,
    /// A fixed value that is no secret.
    pub value: Option<Text>,
    /// Where the value comes from.
    #[validate(nested)]
    pub value_from: Option<ValueFrom>,
}

/// Where the value of an environment variable comes from.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["secretKeyRef"]}, {"required": ["configMapKeyRef"]}, {"required": ["fieldRef"]}]))]
pub struct ValueFrom {
    /// A key of a Secret.
    #[validate(nested)]
    pub secret_key_ref: Option<KeyRef>,
    /// A key of a ConfigMap.
    #[validate(nested)]
    pub config_map_key_ref: Option<KeyRef>,
    /// A field of the pod.
    #[validate(nested)]
    pub field_ref: Option<FieldRef>,
}

/// A key of a Secret or ConfigMap.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyRef {
    /// Name of the object.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    pub name: Text,
    /// Key in it.
    #[validate(length(min = 1, max = 253), regex(path = *SECRET_KEY))]
    pub key: Text,
    /// Whether the pod starts without it, default false.
    #[serde(default)]
    pub optional: bool,
}

/// A field of the pod, such as `metadata.name`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FieldRef {
    /// Path of the field: name, namespace, uid, a label or an annotation of `metadata`, `spec.nodeName`,
    /// `spec.serviceAccountName`, or an address of `status`.
    #[validate(length(min = 1), regex(path = *POD_FIELD))]
    pub field_path: Text,
}

/// Files in the container.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("oneOf" = [{"required": ["secret"]}, {"required": ["configMap"]}]))]
pub struct Volume {
    /// Name of the volume.
    #[validate(length(min = 1, max = 63), regex(path = *NAMESPACE))]
    pub name: Text,
    /// Folder in the container.
    #[schemars(regex(pattern = "^/"))]
    pub mount_path: Option<Text>,
    /// Keys of a Secret as files.
    #[validate(nested)]
    pub secret: Option<SecretVolume>,
    /// Keys of a ConfigMap as files.
    #[validate(nested)]
    pub config_map: Option<ConfigMapVolume>,
}

/// Keys of a Secret as files.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecretVolume {
    /// Name of the Secret.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    pub secret_name: Text,
    /// Which keys become which files; without it all do.
    #[serde(default)]
    #[validate(nested)]
    pub items: Vec<KeyToPath>,
    /// Whether the pod starts without it, default false.
    #[serde(default)]
    pub optional: bool,
}

/// Keys of a ConfigMap as files.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConfigMapVolume {
    /// Name of the ConfigMap.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    pub name: Text,
    /// Which keys become which files; without it all do.
    #[serde(default)]
    #[validate(nested)]
    pub items: Vec<KeyToPath>,
    /// Whether the pod starts without it, default false.
    #[serde(default)]
    pub optional: bool,
}

/// One key and its file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyToPath {
    /// The key.
    #[validate(length(min = 1, max = 253), regex(path = *SECRET_KEY))]
    pub key: Text,
    /// The file, relative to the volume.
    #[validate(length(min = 1))]
    pub path: Text,
}

impl Declared for ServiceConfig {
    const LIST: List = List::Services;

    fn fill(&mut self, defaults: &Defaults) {
        defaults.fill_namespace(&mut self.namespace);
        defaults.fill_maps(&mut self.labels, &mut self.annotations);
    }

    fn identity(&self) -> (&'static str, Option<&Text>, &Text) {
        ("service", self.namespace.as_ref(), &self.name)
    }

    fn limits(&self) -> ValidationErrors {
        self.validate().err().unwrap_or_default()
    }
}
