//! HashiCorp Vault: its key-value engine and the ways to log in.

use indexmap::IndexMap;
use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::Validate;

use crate::finding::Place;
use crate::policy::VaultVersion;
use crate::selector::{CaProvider, SecretKeySelector};

mod address;
mod auth;
mod rules;
pub(crate) use address::address;
pub use auth::{
    GcpSecretRef, GcpWorkloadIdentity, VaultAppRole, VaultAuth, VaultAuthMethod, VaultCertAuth, VaultGcpAuth,
    VaultIamAuth, VaultJwtAuth, VaultKubernetesAuth, VaultServiceAccountToken, VaultUserAuth,
};
pub(crate) use rules::{check, newer};

/// Without a namespace a reference is read from that of the external secret.
pub(crate) const NEEDS_NAMESPACES: bool = false;

/// Access to a key-value engine of HashiCorp Vault (ESO's `spec.provider.vault`).
///
/// A path is an entry below the mount `path`; its fields are reached by `property`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VaultConfig {
    /// Address of the server, such as `https://vault.example.com:8200`.
    #[validate(length(min = 1))]
    #[serde(default)]
    pub server: Text,
    /// Mount of the key-value engine, such as `kv`. Without it the first segment of every path is taken for the mount.
    pub path: Option<Text>,
    /// Version of the key-value engine, default `v2`.
    pub version: Option<VaultVersion>,
    /// Vault Enterprise namespace that is read.
    pub namespace: Option<Text>,
    /// Certificate authority of the server: base64 of its PEM text.
    #[schemars(transform = crate::schema::base64)]
    pub ca_bundle: Option<Text>,
    /// Where the certificate authority of the server lies in the cluster; not together with `caBundle`.
    #[validate(nested)]
    pub ca_provider: Option<CaProvider>,
    /// Client certificate that the operator shows to the server.
    #[validate(nested)]
    pub tls: Option<VaultTls>,
    /// Further headers of every request.
    pub headers: Option<IndexMap<String, Text>>,
    /// Whether a read waits until it sees the session's own writes.
    pub read_your_writes: Option<bool>,
    /// Whether a read is forwarded to the active node while a replica lags behind; works only with `readYourWrites`.
    pub forward_inconsistent: Option<bool>,
    /// Whether pushed secrets are written with check-and-set; `v2` only.
    #[validate(nested)]
    pub check_and_set: Option<CheckAndSet>,
    /// How the operator logs in; without it, it sends no token (for a proxy that adds one).
    pub auth: Option<VaultAuth>,
}

impl VaultConfig {
    /// Which part of the backend it reads.
    pub(crate) fn scope(&self) -> Vec<(&'static str, Text)> {
        let mut scope = vec![("server", self.server.clone())];
        scope.extend(self.namespace.clone().map(|namespace| ("namespace", namespace)));
        scope.extend(self.path.clone().map(|path| ("mount", path)));
        scope
    }

    /// Every Secret reference of the block, at its place.
    pub(crate) fn selectors_mut(
        &mut self,
        place: &Place,
        meet: &mut impl FnMut(&Place, &mut SecretKeySelector),
    ) {
        if let Some(tls) = &mut self.tls {
            meet(&place.path("tls.certSecretRef"), &mut tls.cert_secret_ref);
            meet(&place.path("tls.keySecretRef"), &mut tls.key_secret_ref);
        }
        if let Some(auth) = &mut self.auth {
            let at = place.at("auth").at(auth.method.name());
            for (field, selector) in auth.method.selectors_mut() {
                meet(&at.path(field), selector);
            }
        }
    }

    /// A server, until [`auth`](Self::auth) says so without a login.
    pub fn new(server: impl Into<Text>) -> Self {
        Self {
            server: server.into(),
            path: None,
            version: None,
            namespace: None,
            ca_bundle: None,
            ca_provider: None,
            tls: None,
            headers: None,
            read_your_writes: None,
            forward_inconsistent: None,
            check_and_set: None,
            auth: None,
        }
    }

    /// Sets the mount of the key-value engine.
    #[must_use]
    pub fn path(mut self, path: impl Into<Text>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Sets how the operator logs in.
    #[must_use]
    pub fn auth(mut self, auth: impl Into<VaultAuth>) -> Self {
        self.auth = Some(auth.into());
        self
    }
}

/// A client certificate (ESO's `tls`): both halves or neither.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VaultTls {
    /// Where the certificate lies; its key is `tls.crt` unless named.
    #[validate(nested)]
    pub cert_secret_ref: SecretKeySelector,
    /// Where the private key lies; its key is `tls.key` unless named.
    #[validate(nested)]
    pub key_secret_ref: SecretKeySelector,
}

/// Check-and-set for pushed secrets (ESO's `checkAndSet`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckAndSet {
    /// Whether every write names the version it replaces, default false.
    pub required: Option<bool>,
}
