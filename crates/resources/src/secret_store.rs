//! Body of a SecretStore and a ClusterSecretStore (`external-secrets.io/v1`): their specs are one shape.

use keyloom_models::duration::Duration;

use keyloom_models::policy::StoreKind;
use keyloom_models::selector::StoreCondition;
use keyloom_syntax::{Block, Text};

use crate::metadata::Metadata;
use crate::walk::{Sink, Walk, map};

pub mod aws;
pub mod infisical;
pub mod kubernetes;
pub mod onepassword;
pub mod vault;

pub use aws::Aws;
pub use infisical::Infisical;
pub use kubernetes::Kubernetes;
pub use onepassword::OnePassword;
pub use vault::Vault;

/// A store of one namespace, or of the cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct SecretStore {
    /// Which of the two it is.
    pub kind: StoreKind,
    /// Metadata; a ClusterSecretStore has no namespace.
    pub metadata: Metadata,
    /// The spec.
    pub spec: SecretStoreSpec,
}

/// `spec` of a store.
#[derive(Clone, Debug, PartialEq)]
pub struct SecretStoreSpec {
    /// Name of the controller that serves the store; `None` for any.
    pub controller: Option<Text>,
    /// The backend.
    pub provider: Provider,
    /// Retries of the provider's client; Infisical's has none.
    pub retry_settings: Option<RetrySettings>,
    /// Seconds between two checks of the store itself. Written as a number, which every version of ESO reads.
    pub refresh_interval: Option<u32>,
    /// Which namespaces may use a ClusterSecretStore; empty for all.
    pub conditions: Vec<StoreCondition>,
}

impl SecretStoreSpec {
    /// A spec that names its provider and nothing else.
    pub fn new(provider: impl Into<Provider>) -> Self {
        Self {
            controller: None,
            provider: provider.into(),
            retry_settings: None,
            refresh_interval: None,
            conditions: Vec::new(),
        }
    }
}

/// The one backend of a store.
#[derive(Clone, Debug, PartialEq)]
pub enum Provider {
    /// AWS Secrets Manager, Parameter Store or Certificate Manager.
    Aws(Box<Aws>),
    /// Infisical.
    Infisical(Box<Infisical>),
    /// HashiCorp Vault.
    Vault(Box<Vault>),
    /// 1Password, through a Connect server.
    OnePassword(Box<OnePassword>),
    /// Secrets of a Kubernetes cluster.
    Kubernetes(Box<Kubernetes>),
    /// Any other: its key, and its block in the operator's own words.
    Carried(&'static str, Block),
}

/// `retrySettings`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RetrySettings {
    /// Number of retries.
    pub max_retries: Option<u32>,
    /// Time between two tries.
    pub retry_interval: Option<Duration>,
}

impl Walk for SecretStoreSpec {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("controller", &self.controller)?;
            m.field("provider", &self.provider)?;
            m.optional("retrySettings", &self.retry_settings)?;
            m.optional("refreshInterval", &self.refresh_interval)?;
            m.nonempty("conditions", &self.conditions)
        })
    }
}

impl Walk for Provider {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| match self {
            Self::Aws(aws) => m.field("aws", aws),
            Self::Infisical(infisical) => m.field("infisical", infisical),
            Self::Vault(vault) => m.field("vault", vault),
            Self::OnePassword(onepassword) => m.field("onepassword", onepassword),
            Self::Kubernetes(kubernetes) => m.field("kubernetes", kubernetes),
            Self::Carried(provider, block) => m.field(provider, block),
        })
    }
}

impl Walk for RetrySettings {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("maxRetries", &self.max_retries)?;
            m.optional("retryInterval", &self.retry_interval)
        })
    }
}

impl From<Aws> for Provider {
    fn from(aws: Aws) -> Self {
        Self::Aws(Box::new(aws))
    }
}

impl From<Infisical> for Provider {
    fn from(infisical: Infisical) -> Self {
        Self::Infisical(Box::new(infisical))
    }
}

impl From<Kubernetes> for Provider {
    fn from(kubernetes: Kubernetes) -> Self {
        Self::Kubernetes(Box::new(kubernetes))
    }
}

impl From<OnePassword> for Provider {
    fn from(onepassword: OnePassword) -> Self {
        Self::OnePassword(Box::new(onepassword))
    }
}

impl From<Vault> for Provider {
    fn from(vault: Vault) -> Self {
        Self::Vault(Box::new(vault))
    }
}
