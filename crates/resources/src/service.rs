//! Body of a Service (`v1`): the address of a service's pods, or of each of them.

use keyloom_syntax::Text;

use crate::metadata::{Metadata, TextMap};
use crate::walk::{Sink, Walk, map};

/// A Service.
#[derive(Clone, Debug, PartialEq)]
pub struct Service {
    /// Metadata.
    pub metadata: Metadata,
    /// The spec.
    pub spec: ServiceSpec,
}

impl Service {
    /// API version of the object.
    pub const API_VERSION: &str = "v1";
    /// Kind of the object.
    pub const KIND: &str = "Service";
}

/// `spec` of a Service.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceSpec {
    /// What its name leads to.
    pub address: ServiceAddress,
    /// The labels of its pods.
    pub selector: TextMap,
    /// Its ports, which are those of the pods.
    pub ports: Vec<ServicePort>,
}

/// What the name of a Service leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceAddress {
    /// One address, behind which one of the pods answers that are ready.
    OneForAll,
    /// The address of each pod (a headless Service), of those that are not ready too.
    OneForEach,
}

/// `ports[]` of a Service.
#[derive(Clone, Debug, PartialEq)]
pub struct ServicePort {
    /// Name, which a Service with several ports must give each.
    pub name: Text,
    /// Number, the same as in the pod.
    pub port: u32,
}

impl Walk for ServiceSpec {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            match self.address {
                ServiceAddress::OneForAll => {}
                ServiceAddress::OneForEach => {
                    m.field("clusterIP", "None")?;
                    m.field("publishNotReadyAddresses", &true)?;
                }
            }
            m.field("selector", &self.selector)?;
            m.field("ports", &self.ports)
        })
    }
}

impl Walk for ServicePort {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("name", &self.name)?;
            m.field("port", &self.port)?;
            m.field("targetPort", &self.port)
        })
    }
}
