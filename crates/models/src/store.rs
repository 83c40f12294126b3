//! Stores: the configured access to one backend, as somebody writes it.

use indexmap::IndexMap;
use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use crate::address::Address;
use crate::defaults::Defaults;
use crate::duration::Duration;
use crate::list::{Declared, List};
use crate::name::{NAMESPACE, OBJECT_NAME};
use crate::policy::{AwsService, StoreKind};
use crate::reference::SecretStoreRef;
use crate::selector::StoreCondition;

pub mod aws;
pub mod carried;
pub mod infisical;
pub mod kubernetes;
pub mod onepassword;
pub mod vault;
mod written;

use aws::AwsConfig;
use infisical::InfisicalConfig;
use vault::VaultConfig;
pub use written::{ProviderKind, StoreProvider};

/// A SecretStore or ClusterSecretStore: how the operator reaches one backend.
///
/// ```
/// use keyloom_models::{InfisicalConfig, SecretStoreConfig, UniversalAuth};
/// let store = SecretStoreConfig::infisical(
///     "app-secret-store",
///     InfisicalConfig::new("web-shop", "production").auth(UniversalAuth::from_secret("infisical-identity")),
/// )
/// .namespace("my-app");
/// ```
#[derive(Clone, Debug, PartialEq, Validate)]
pub struct SecretStoreConfig {
    /// Name of the object.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    pub name: Text,
    /// Namespace; none for a cluster-scoped store.
    #[validate(length(min = 1, max = 63), regex(path = *NAMESPACE))]
    pub namespace: Option<Text>,
    /// Whether it is a ClusterSecretStore.
    pub cluster_scoped: bool,
    /// The backend, or what is known of it when somebody else declares the store.
    pub backend: Backend,
    /// Whether values may be written out in a `fake` block.
    pub allow_literal: bool,
    /// Which namespaces may use a cluster-scoped store.
    pub conditions: Option<Vec<StoreCondition>>,
    /// Class of the operator that serves the store.
    pub controller: Option<Text>,
    /// How the operator retries a failed call.
    pub retry_settings: Option<RetrySettings>,
    /// How often the operator checks the store itself.
    pub refresh_interval: Option<Duration>,
    /// Labels of the object.
    pub labels: IndexMap<String, Text>,
    /// Annotations of the object.
    pub annotations: IndexMap<String, Text>,
}

/// The backend of a store.
#[derive(Clone, Debug, PartialEq)]
pub enum Backend {
    /// Declared here, in full, and rendered.
    Declared(StoreProvider),
    /// Declared elsewhere.
    External(ExternalStore),
}

/// What must be known of somebody else's store so that references to it can be checked.
#[derive(Clone, Debug, PartialEq)]
pub struct ExternalStore {
    /// The backend kind.
    pub provider: ProviderKind,
    /// Which service of AWS it reads; none is Secrets Manager.
    pub service: Option<AwsService>,
    /// Mount of the engine in Vault.
    pub path: Option<Text>,
    /// Region in AWS, where it is said.
    pub region: Option<Text>,
    /// What it puts before every name in AWS, where that is said.
    pub prefix: Option<Text>,
}

impl ExternalStore {
    /// A store of that provider, of its usual kind (AWS: Secrets Manager).
    pub fn new(provider: ProviderKind) -> Self {
        Self { provider, service: None, path: None, region: None, prefix: None }
    }
}

impl From<&StoreProvider> for ExternalStore {
    /// What a provider's block tells of the store, such as AWS's service.
    fn from(provider: &StoreProvider) -> Self {
        let store = Self::new(provider.kind());
        match provider {
            StoreProvider::Aws(block) => Self {
                service: Some(block.service),
                region: Some(block.region.clone()).filter(|region| !region.is_empty()),
                prefix: block.prefix.clone(),
                ..store
            },
            StoreProvider::Vault(block) => Self { path: block.path.clone(), ..store },
            StoreProvider::Infisical(_)
            | StoreProvider::OnePassword(_)
            | StoreProvider::Kubernetes(_)
            | StoreProvider::Carried(_) => store,
        }
    }
}

impl ExternalStore {
    /// How its addresses are read.
    pub fn address(&self) -> &'static Address {
        match (self.provider, self.service) {
            (ProviderKind::Aws, Some(service)) => aws::of_service(service),
            (provider, _) => provider.address(),
        }
    }
}

impl Backend {
    /// Which backend it is.
    pub fn provider(&self) -> ProviderKind {
        match self {
            Self::Declared(provider) => provider.kind(),
            Self::External(store) => store.provider,
        }
    }

    /// What is known of it where it is not declared.
    pub(crate) fn seen_from_outside(&self) -> ExternalStore {
        match self {
            Self::Declared(provider) => provider.into(),
            Self::External(store) => store.clone(),
        }
    }

    /// How its addresses are read.
    pub fn address(&self) -> &'static Address {
        match self {
            Self::Declared(provider) => provider.address(),
            Self::External(store) => store.address(),
        }
    }
}

/// How the operator retries a failed call (ESO's `retrySettings`; AWS and Vault heed it).
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RetrySettings {
    /// How many times, at most.
    #[validate(range(min = 0, max = 2_147_483_647))]
    pub max_retries: Option<i32>,
    /// How long to wait in between.
    pub retry_interval: Option<Duration>,
}

impl SecretStoreConfig {
    /// A store of any provider.
    pub fn new(name: impl Into<Text>, provider: impl Into<StoreProvider>) -> Self {
        Self::with_backend(name.into(), Backend::Declared(provider.into()))
    }

    /// A store in Infisical.
    pub fn infisical(name: impl Into<Text>, config: InfisicalConfig) -> Self {
        Self::new(name, config)
    }

    /// A store in Vault.
    pub fn vault(name: impl Into<Text>, config: VaultConfig) -> Self {
        Self::new(name, config)
    }

    /// A store in AWS.
    pub fn aws(name: impl Into<Text>, config: AwsConfig) -> Self {
        Self::new(name, config)
    }

    /// Somebody else's store: nothing is rendered for it.
    pub fn external(name: impl Into<Text>, store: ExternalStore) -> Self {
        Self::with_backend(name.into(), Backend::External(store))
    }

    fn with_backend(name: Text, backend: Backend) -> Self {
        Self {
            name,
            namespace: None,
            cluster_scoped: false,
            backend,
            allow_literal: false,
            conditions: None,
            controller: None,
            retry_settings: None,
            refresh_interval: None,
            labels: IndexMap::new(),
            annotations: IndexMap::new(),
        }
    }

    /// Sets the namespace.
    #[must_use]
    pub fn namespace(mut self, namespace: impl Into<Text>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }

    /// Allows values that are written out in a `fake` block.
    #[must_use]
    pub fn allow_literal(mut self) -> Self {
        self.allow_literal = true;
        self
    }

    /// Makes it a ClusterSecretStore.
    #[must_use]
    pub fn cluster_scoped(mut self) -> Self {
        self.cluster_scoped = true;
        self
    }

    /// Which backend it is.
    pub fn provider(&self) -> ProviderKind {
        self.backend.provider()
    }

    /// A reference to the store for whoever does not have its declaration: it says what must be known to spell addresses.
    ///
    /// ```
    /// use keyloom_models::{AwsConfig, SecretStoreConfig, policy::AwsService};
    /// let store = SecretStoreConfig::aws("aws", AwsConfig::new(AwsService::ParameterStore, "eu-central-1"));
    /// assert_eq!(store.reference().service, Some(AwsService::ParameterStore));
    /// ```
    pub fn reference(&self) -> SecretStoreRef {
        let ExternalStore { provider, service, path, .. } = self.backend.seen_from_outside();
        SecretStoreRef {
            name: self.name.clone(),
            kind: Some(self.kind()),
            provider: Some(provider),
            service,
            path,
        }
    }

    /// Its kind of object.
    pub fn kind(&self) -> StoreKind {
        if self.cluster_scoped { StoreKind::ClusterSecretStore } else { StoreKind::SecretStore }
    }
}

impl Declared for SecretStoreConfig {
    const LIST: List = List::Stores;

    fn fill(&mut self, defaults: &Defaults) {
        if !self.cluster_scoped {
            defaults.fill_namespace(&mut self.namespace);
        }
        defaults.fill_maps(&mut self.labels, &mut self.annotations);
    }

    fn identity(&self) -> (&'static str, Option<&Text>, &Text) {
        (self.kind().as_str(), self.namespace.as_ref(), &self.name)
    }

    fn limits(&self) -> ValidationErrors {
        let mut errors = self.validate().err().unwrap_or_default();
        if let Backend::Declared(provider) = &self.backend
            && let Err(block) = provider.validate_block()
        {
            let block = ValidationErrorsKind::Struct(Box::new(block));
            errors.errors_mut().insert(provider.kind().as_str().into(), block);
        }
        errors
    }
}
