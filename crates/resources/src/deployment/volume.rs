//! Volumes of a pod.

use keyloom_models::service::{ConfigMapVolume, SecretVolume};
use keyloom_syntax::Text;

use crate::walk::{Sink, Walk, map};

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
    /// Nothing at first, in memory, for containers of the pod to write to and to read from.
    Memory,
}

/// A token of a pod's service account, which the kubelet renews; it lives as long as the API server's default has it, an hour.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountToken {
    /// Who it is for; `None` is the API server.
    pub audience: Option<Text>,
    /// Name of the file.
    pub path: Text,
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
                VolumeSource::Memory => m.map("emptyDir", |m| m.field("medium", "Memory")),
            }
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
                m.optional("audience", &self.0.audience)?;
                m.field("path", &self.0.path)
            })
        })
    }
}
