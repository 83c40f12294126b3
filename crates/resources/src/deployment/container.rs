//! A container of a pod.

use keyloom_models::service::{EnvFrom, EnvVar, Port};
use keyloom_syntax::Text;

use crate::walk::{Map, Sink, Walk, map};

/// A container.
#[derive(Clone, Debug, PartialEq)]
pub struct Container {
    /// Name of the container.
    pub name: Text,
    /// Image.
    pub image: Text,
    /// What it is in its pod.
    pub role: Role,
    /// Arguments of what its image begins with; none leaves them to the image.
    pub args: Vec<Text>,
    /// Ports.
    pub ports: Vec<Port>,
    /// Whole Secrets and ConfigMaps as environment variables.
    pub env_from: Vec<EnvFrom>,
    /// Single environment variables.
    pub env: Vec<EnvVar>,
    /// Where it says that it has begun: others wait for it, and the other questions too.
    pub startup_probe: Option<Probe>,
    /// Where it says that it lives; a pod that does not is started again.
    pub liveness_probe: Option<Probe>,
    /// Where it says that it can serve; a pod that does not gets no requests.
    pub readiness_probe: Option<Probe>,
    /// Where volumes are in its file system.
    pub volume_mounts: Vec<VolumeMount>,
}

/// What a container is in its pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The application's own; nothing is said of its rights.
    Application,
    /// One that begins before the application, stays beside it, and can do no more than it must: no other rights, no file but
    /// those of its volumes.
    Sidecar,
}

/// A question to a container by HTTP, as often as the API server's defaults have it where nothing is said.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// Path.
    pub path: Text,
    /// Name of the port.
    pub port: Text,
    /// Seconds from one question to the next.
    pub period_seconds: Option<u32>,
    /// After so many wrong answers the container is begun again.
    pub failure_threshold: Option<u32>,
}

/// `volumeMounts[]` of a container.
#[derive(Clone, Debug, PartialEq)]
pub struct VolumeMount {
    /// Name of the volume.
    pub name: Text,
    /// Folder in the container.
    pub mount_path: Text,
    /// Whether the container may only read there.
    pub read_only: bool,
}

impl Walk for Container {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("name", &self.name)?;
            m.field("image", &self.image)?;
            match self.role {
                Role::Application => {}
                Role::Sidecar => m.field("restartPolicy", "Always")?,
            }
            m.nonempty("args", &self.args)?;
            m.nonempty("ports", &self.ports)?;
            m.nonempty("envFrom", &self.env_from)?;
            m.nonempty("env", &self.env)?;
            m.optional("startupProbe", &self.startup_probe)?;
            m.optional("livenessProbe", &self.liveness_probe)?;
            m.optional("readinessProbe", &self.readiness_probe)?;
            match self.role {
                Role::Application => {}
                Role::Sidecar => m.map("securityContext", confined)?,
            }
            m.nonempty("volumeMounts", &self.volume_mounts)
        })
    }
}

/// No more rights than the process begins with, none of the kernel's, and no file that it could change but in its volumes.
fn confined<S: Sink>(m: &mut Map<'_, S>) -> Result<(), S::Error> {
    m.field("allowPrivilegeEscalation", &false)?;
    m.field("readOnlyRootFilesystem", &true)?;
    m.map("capabilities", |m| m.field("drop", &["ALL"][..]))
}

impl Walk for Probe {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.map("httpGet", |m| {
                m.field("path", &self.path)?;
                m.field("port", &self.port)
            })?;
            m.optional("periodSeconds", &self.period_seconds)?;
            m.optional("failureThreshold", &self.failure_threshold)
        })
    }
}

impl Walk for VolumeMount {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("name", &self.name)?;
            m.field("mountPath", &self.mount_path)?;
            if self.read_only { m.field("readOnly", &true) } else { Ok(()) }
        })
    }
}
