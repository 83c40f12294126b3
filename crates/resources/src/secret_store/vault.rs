//! `provider.vault`.

use keyloom_models::policy::VaultVersion;
use keyloom_models::selector::{CaProvider, SecretKeySelector};
use keyloom_syntax::Text;

use crate::metadata::TextMap;
use crate::walk::{Sink, Walk, map};

mod auth;

pub use auth::{
    AppRole, GcpWorkloadIdentity, IamCredentials, JwtToken, KubernetesToken, RoleId, VaultAuth, VaultCert,
    VaultGcp, VaultIam, VaultKubernetes, VaultMethod,
};

/// HashiCorp Vault as a store's backend.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vault {
    /// How the operator signs in; `None` where an agent does it.
    pub auth: Option<VaultAuth>,
    /// Address of the server.
    pub server: Text,
    /// Mount path of the key-value engine.
    pub path: Option<Text>,
    /// Version of the key-value engine; `None` for `v2`.
    pub version: Option<VaultVersion>,
    /// Namespace of Vault Enterprise that is read.
    pub namespace: Option<Text>,
    /// CA certificates of the server: PEM in base64.
    pub ca_bundle: Option<Text>,
    /// Client certificate of the connection.
    pub tls: Option<VaultTls>,
    /// CA certificates in a Secret or ConfigMap.
    pub ca_provider: Option<CaProvider>,
    /// Whether reads see what was written before.
    pub read_your_writes: Option<bool>,
    /// Whether such reads are forwarded to the leader.
    pub forward_inconsistent: Option<bool>,
    /// Further headers of every request.
    pub headers: TextMap,
    /// Whether writes of a push name the version they replace (`checkAndSet.required`).
    pub check_and_set_required: Option<bool>,
}

/// `tls`: a client certificate and its key.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VaultTls {
    /// The certificate; the default key is `tls.crt`.
    pub cert_secret_ref: Option<SecretKeySelector>,
    /// The private key; the default key is `tls.key`.
    pub key_secret_ref: Option<SecretKeySelector>,
}

impl Walk for Vault {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("auth", &self.auth)?;
            m.field("server", &self.server)?;
            m.optional("path", &self.path)?;
            m.optional("version", &self.version)?;
            m.optional("namespace", &self.namespace)?;
            m.optional("caBundle", &self.ca_bundle)?;
            m.optional("tls", &self.tls)?;
            m.optional("caProvider", &self.ca_provider)?;
            m.optional("readYourWrites", &self.read_your_writes)?;
            m.optional("forwardInconsistent", &self.forward_inconsistent)?;
            m.nonempty("headers", &self.headers)?;
            match &self.check_and_set_required {
                Some(required) => m.map("checkAndSet", |m| m.field("required", required)),
                None => Ok(()),
            }
        })
    }
}

impl Walk for VaultTls {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("certSecretRef", &self.cert_secret_ref)?;
            m.optional("keySecretRef", &self.key_secret_ref)
        })
    }
}
