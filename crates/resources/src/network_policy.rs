//! Body of a NetworkPolicy (`networking.k8s.io/v1`): who may reach a service's pods, and at which ports.

use keyloom_models::selector::LabelSelector;

use crate::metadata::Metadata;
use crate::walk::{Sink, Walk, map};

/// A NetworkPolicy.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkPolicy {
    /// Metadata.
    pub metadata: Metadata,
    /// The spec.
    pub spec: NetworkPolicySpec,
}

impl NetworkPolicy {
    /// API version of the object.
    pub const API_VERSION: &str = "networking.k8s.io/v1";
    /// Kind of the object.
    pub const KIND: &str = "NetworkPolicy";
}

/// `spec` of a NetworkPolicy about what comes in; what goes out is left alone.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkPolicySpec {
    /// The pods that it is about. What no rule lets in does not reach them.
    pub pods: LabelSelector,
    /// What is let in.
    pub ingress: Vec<IngressRule>,
}

/// `ingress[]` of a NetworkPolicy.
#[derive(Clone, Debug, PartialEq)]
pub struct IngressRule {
    /// From whom; `None` is everybody.
    pub from: Option<Vec<Peer>>,
    /// At which ports of TCP.
    pub ports: Vec<u32>,
}

/// `from[]` of a rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Peer {
    /// Pods of the same namespace.
    Pods(LabelSelector),
    /// All pods of those namespaces.
    Namespaces(LabelSelector),
}

impl Walk for NetworkPolicySpec {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("podSelector", &self.pods)?;
            m.field("policyTypes", &["Ingress"][..])?;
            m.field("ingress", &self.ingress)
        })
    }
}

impl Walk for IngressRule {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("from", &self.from)?;
            let ports: Vec<_> = self.ports.iter().map(|port| Port(*port)).collect();
            m.field("ports", &ports)
        })
    }
}

impl Walk for Peer {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| match self {
            Self::Pods(selector) => m.field("podSelector", selector),
            Self::Namespaces(selector) => m.field("namespaceSelector", selector),
        })
    }
}

struct Port(u32);

impl Walk for Port {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| m.field("port", &self.0))
    }
}
