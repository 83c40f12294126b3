//! `provider.kubernetes`.

use keyloom_models::selector::{CaProvider, SecretKeySelector, ServiceAccountSelector};
use keyloom_syntax::Text;

use crate::walk::{Sink, Walk, map};

/// Secrets of a Kubernetes cluster as a store's backend.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kubernetes {
    /// How the operator logs in.
    pub auth: Option<KubernetesAuth>,
    /// Where a whole kubeconfig lies.
    pub auth_ref: Option<SecretKeySelector>,
    /// Namespace whose Secrets are read.
    pub remote_namespace: Option<Text>,
    /// The API server.
    pub server: Option<KubernetesServer>,
}

/// `auth`.
#[derive(Clone, Debug, PartialEq)]
pub enum KubernetesAuth {
    /// `cert`.
    Cert {
        /// Where the certificate lies.
        client_cert: SecretKeySelector,
        /// Where its private key lies.
        client_key: SecretKeySelector,
    },
    /// `token.bearerToken`.
    Token(SecretKeySelector),
    /// `serviceAccount`.
    ServiceAccount(ServiceAccountSelector),
}

/// `server`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KubernetesServer {
    /// Its address.
    pub url: Option<Text>,
    /// Its certificate authority.
    pub ca_bundle: Option<Text>,
    /// Where its certificate authority lies.
    pub ca_provider: Option<CaProvider>,
}

impl Walk for Kubernetes {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("auth", &self.auth)?;
            m.optional("authRef", &self.auth_ref)?;
            m.optional("remoteNamespace", &self.remote_namespace)?;
            m.optional("server", &self.server)
        })
    }
}

impl Walk for KubernetesAuth {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| match self {
            Self::Cert { client_cert, client_key } => m.map("cert", |m| {
                m.field("clientCert", client_cert)?;
                m.field("clientKey", client_key)
            }),
            Self::Token(token) => m.map("token", |m| m.field("bearerToken", token)),
            Self::ServiceAccount(account) => m.field("serviceAccount", account),
        })
    }
}

impl Walk for KubernetesServer {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("url", &self.url)?;
            m.optional("caBundle", &self.ca_bundle)?;
            m.optional("caProvider", &self.ca_provider)
        })
    }
}
