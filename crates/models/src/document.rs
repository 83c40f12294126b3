//! The document: everything somebody wrote, typed, not yet valid.

use keyloom_syntax::tree::NodeId;
use keyloom_syntax::{Diagnostic, Text};

use crate::app_connection::AppConnectionConfig;
use crate::cluster::{ClusterExternalSecretConfig, ClusterPushSecretConfig};
use crate::config::Config;
use crate::connection::ConnectionConfig;
use crate::defaults::{Substitution, Versions};
use crate::external_secret::ExternalSecretConfig;
use crate::finding::{Found, List};
use crate::generator::GeneratorConfig;
use crate::infisical::InfisicalAccess;
use crate::list::Items;
use crate::pipeline::PipelineConfig;
use crate::push_secret::PushSecretConfig;
use crate::read::Outcome;
use crate::secret_sync::SecretSyncConfig;
use crate::service::ServiceConfig;
use crate::store::SecretStoreConfig;
use crate::validate::{self, redact::redact};

/// Everything somebody wrote: items with their defaults filled in, from text or built in Rust.
///
/// ```
/// use keyloom_models::*;
/// let store = SecretStoreConfig::aws("aws", AwsConfig::new(policy::AwsService::SecretsManager, "eu-central-1"))
///     .namespace("my-app");
/// let apis = ExternalSecretConfig::new("external-apis")
///     .namespace("my-app")
///     .data([SecretReference::new("stripe_key", "payments/stripe")]);
/// let valid = Document::new().store(store).external_secrets([apis]).validate().unwrap();
/// assert_eq!(valid.external_secrets()[0].data[0].remote.key, "payments/stripe");
/// ```
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Versions of the systems that are written for.
    pub versions: Versions,
    /// A later tool that fills in `${NAME}`.
    pub substitution: Option<Substitution>,
    /// The Infisical in which app connections and secret syncs are made.
    pub infisical: InfisicalAccess,
    pub(crate) items: Items,
    pub(crate) set_aside: Vec<SetAside>,
}

/// An item and where it was written.
#[derive(Clone, Debug)]
pub(crate) struct Item<T> {
    pub(crate) value: T,
    pub(crate) place: Option<ItemPlace>,
}

/// Where an item was written: its node, and its number in the list there (the list of its own YAML document).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ItemPlace {
    pub(crate) node: NodeId,
    pub(crate) index: usize,
    /// The defaults of its YAML document.
    pub(crate) defaults: Option<NodeId>,
}

/// An item whose shape is wrong: it is reported already, and keeps its name so that nothing else reports it missing.
#[derive(Clone, Debug)]
pub(crate) struct SetAside {
    pub(crate) list: List,
    pub(crate) name: Option<Text>,
    pub(crate) target: Option<Text>,
}

impl Document {
    /// An empty document.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a store.
    #[must_use]
    pub fn store(self, store: SecretStoreConfig) -> Self {
        self.stores([store])
    }

    /// Adds stores.
    #[must_use]
    pub fn stores(mut self, stores: impl IntoIterator<Item = SecretStoreConfig>) -> Self {
        self.items.stores.extend(stores.into_iter().map(Item::built));
        self
    }

    /// Adds typed connections.
    #[must_use]
    pub fn connections(mut self, items: impl IntoIterator<Item = ConnectionConfig>) -> Self {
        self.items.connections.extend(items.into_iter().map(Item::built));
        self
    }

    /// Adds an external secret.
    #[must_use]
    pub fn external_secret(self, item: ExternalSecretConfig) -> Self {
        self.external_secrets([item])
    }

    /// Adds external secrets.
    #[must_use]
    pub fn external_secrets(mut self, items: impl IntoIterator<Item = ExternalSecretConfig>) -> Self {
        self.items.external_secrets.extend(items.into_iter().map(Item::built));
        self
    }

    /// Adds generators.
    #[must_use]
    pub fn generators(mut self, generators: impl IntoIterator<Item = GeneratorConfig>) -> Self {
        self.items.generators.extend(generators.into_iter().map(Item::built));
        self
    }

    /// Adds push secrets.
    #[must_use]
    pub fn push_secrets(mut self, items: impl IntoIterator<Item = PushSecretConfig>) -> Self {
        self.items.push_secrets.extend(items.into_iter().map(Item::built));
        self
    }

    /// Adds external secrets in each of several namespaces.
    #[must_use]
    pub fn cluster_external_secrets(
        mut self,
        items: impl IntoIterator<Item = ClusterExternalSecretConfig>,
    ) -> Self {
        self.items.cluster_external_secrets.extend(items.into_iter().map(Item::built));
        self
    }

    /// Adds push secrets in each of several namespaces.
    #[must_use]
    pub fn cluster_push_secrets(mut self, items: impl IntoIterator<Item = ClusterPushSecretConfig>) -> Self {
        self.items.cluster_push_secrets.extend(items.into_iter().map(Item::built));
        self
    }

    /// Adds services.
    #[must_use]
    pub fn services(mut self, services: impl IntoIterator<Item = ServiceConfig>) -> Self {
        self.items.services.extend(services.into_iter().map(Item::built));
        self
    }

    /// Adds pipelines.
    #[must_use]
    pub fn pipelines(mut self, pipelines: impl IntoIterator<Item = PipelineConfig>) -> Self {
        self.items.pipelines.extend(pipelines.into_iter().map(Item::built));
        self
    }

    /// Adds app connections.
    #[must_use]
    pub fn app_connections(mut self, items: impl IntoIterator<Item = AppConnectionConfig>) -> Self {
        self.items.app_connections.extend(items.into_iter().map(Item::built));
        self
    }

    /// Adds secret syncs.
    #[must_use]
    pub fn secret_syncs(mut self, items: impl IntoIterator<Item = SecretSyncConfig>) -> Self {
        self.items.secret_syncs.extend(items.into_iter().map(Item::built));
        self
    }

    /// Sets in which Infisical app connections and secret syncs are made.
    #[must_use]
    pub fn infisical(mut self, access: InfisicalAccess) -> Self {
        self.infisical = access;
        self
    }

    /// Sets the version of External Secrets Operator that is written for, such as `2.9`.
    #[must_use]
    pub fn eso(mut self, version: impl Into<Text>) -> Self {
        self.versions.eso = Some(version.into());
        self
    }

    /// Checks the whole.
    ///
    /// # Errors
    /// Every problem, warnings and notes included, when at least one is an error.
    pub fn validate(self) -> Result<Config, Vec<Diagnostic>> {
        let outcome = self.check();
        outcome.config.ok_or(outcome.diagnostics)
    }

    /// Checks the whole, and tells warnings and notes too when there is no error.
    pub fn check(self) -> Outcome {
        let (config, findings) = validate::whole(self);
        let has_errors = findings.has_errors();
        let located = findings.0.into_iter().map(|finding| {
            let mut diagnostic = finding.locate(Found::nowhere);
            redact(&mut diagnostic, &[]);
            diagnostic
        });
        Outcome {
            diagnostics: located.collect(),
            config: config.filter(|_| !has_errors),
            ..Outcome::default()
        }
    }
}

impl<T> Item<T> {
    fn built(value: T) -> Self {
        Self { value, place: None }
    }
}
