//! External secrets: which values become which keys of which Kubernetes Secret.

use indexmap::IndexMap;
use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::{Validate, ValidationErrors};

use crate::data_from::DataFrom;
use crate::defaults::Defaults;
use crate::duration::Duration;
use crate::helper::Helper;
use crate::list::{Declared, List};
use crate::name::{NAMESPACE, OBJECT_NAME};
use crate::policy::{CreationPolicy, DeletionPolicy, RefreshPolicy, SyncWindowKind};
use crate::reference::{SecretReference, SecretStoreRef};
use crate::template::Template;

mod written;

pub use written::ExternalSecretSpec;
pub(crate) use written::HELPERS;

/// An ExternalSecret: values of a store, written to one Kubernetes Secret and kept fresh.
///
/// ```
/// use keyloom_models::{ExternalSecretConfig, SecretReference};
/// let apis = ExternalSecretConfig::new("external-apis")
///     .namespace("my-app")
///     .secret_store_ref("app-secret-store")
///     .target_secret_name("api-credentials")
///     .data([
///         SecretReference::new("stripe_key", "/payments/stripe"),
///         SecretReference::new("twilio_sid", "/sms/twilio").property("account_sid"),
///     ]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Validate)]
pub struct ExternalSecretConfig {
    /// Name of the object.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    pub name: Text,
    /// Namespace; absent is left to Flux, kustomize or Argo CD.
    #[validate(length(min = 1, max = 63), regex(path = *NAMESPACE))]
    pub namespace: Option<Text>,
    /// Store, when more than one is in scope.
    pub secret_store_ref: Option<SecretStoreRef>,
    /// Name of the Secret, default that of the object.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    pub target_secret_name: Option<Text>,
    /// Where the keys come from.
    #[validate(nested)]
    pub content: Content,
    /// When the values are read again.
    pub refresh_policy: Option<RefreshPolicy>,
    /// How often the values are read again.
    pub refresh_interval: Option<Duration>,
    /// Everything that is rarely said.
    #[validate(nested)]
    pub options: Box<Options>,
    /// Labels of the object.
    pub labels: IndexMap<String, Text>,
    /// Annotations of the object.
    pub annotations: IndexMap<String, Text>,
}

/// Where the keys of a Secret come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Single values, whole entries and constants.
    Entries(Entries),
    /// One of the usual kinds of secret.
    Helper(Box<Helper>),
}

impl Default for Content {
    fn default() -> Self {
        Self::Entries(Entries::default())
    }
}

impl Validate for Content {
    fn validate(&self) -> Result<(), validator::ValidationErrors> {
        match self {
            Self::Entries(entries) => entries.validate(),
            Self::Helper(helper) => match &**helper {
                Helper::DatabaseCredentials(helper) => helper.validate(),
                Helper::ApiKey(helper) => helper.validate(),
                Helper::TlsCertificate(helper) => helper.validate(),
                Helper::BasicAuth(helper) => helper.validate(),
                Helper::DockerConfig(helper) => helper.validate(),
                Helper::S3Credentials(helper) => helper.validate(),
                Helper::Connection(helper) => helper.validate(),
            },
        }
    }
}

/// Single values, whole entries and constants.
#[derive(Clone, Debug, Default, PartialEq, Validate)]
pub struct Entries {
    /// Single values.
    #[validate(nested)]
    pub data: Vec<SecretReference>,
    /// Whole entries.
    #[validate(nested)]
    pub data_from: Vec<DataFrom>,
}

/// What is rarely said of an external secret.
#[derive(Clone, Debug, Default, PartialEq, Validate)]
pub struct Options {
    /// Keys with fixed values that are no secrets.
    pub constants: IndexMap<String, Text>,
    /// Who owns the Secret.
    pub creation_policy: Option<CreationPolicy>,
    /// What happens when the provider no longer has the values.
    pub deletion_policy: Option<DeletionPolicy>,
    /// Whether the Secret is frozen once it is written.
    pub immutable: Option<bool>,
    /// Another kind of object in place of a Secret.
    pub manifest: Option<ManifestTarget>,
    /// How the Secret is made of the keys.
    #[validate(nested)]
    pub template: Option<Box<Template>>,
    /// When refreshes may happen.
    pub sync_windows: Option<SyncWindows>,
}

/// Another kind of object that is written in place of a Secret (ESO's `target.manifest`; ESO 2.9, and the operator must
/// be started with `--unsafe-allow-generic-targets`).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ManifestTarget {
    /// API version of the object, such as `v1`.
    #[validate(length(min = 1))]
    pub api_version: Text,
    /// Kind of the object, such as `ConfigMap`.
    #[validate(length(min = 1))]
    pub kind: Text,
}

/// When refreshes may happen, in UTC (ESO's `syncWindows`; ESO 2.9).
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SyncWindows {
    /// Whether the windows allow refreshes or deny them.
    pub kind: SyncWindowKind,
    /// The windows.
    #[schemars(length(min = 1))]
    pub windows: Vec<SyncWindow>,
}

/// One window.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SyncWindow {
    /// When it opens: five cron fields, or a word such as `@daily`.
    #[schemars(regex(
        pattern = r"^(@(annually|yearly|monthly|weekly|daily|midnight|hourly)|@every [^\s]+.*|[^\s]+( [^\s]+){4})$"
    ))]
    pub schedule: Text,
    /// How long it stays open.
    pub duration: Duration,
}

impl Entries {
    /// Whether some entry is read from the store of the whole external secret.
    pub(crate) fn need_store(&self) -> bool {
        self.data.iter().any(|entry| entry.secret_store_ref.is_none())
            || self
                .data_from
                .iter()
                .any(|entry| entry.generator.is_none() && entry.secret_store_ref.is_none())
    }
}

impl Content {
    /// Whether something is read from the store of the whole external secret. A declared connection has a store of its own.
    pub(crate) fn needs_store(&self) -> bool {
        match self {
            Self::Entries(entries) => entries.need_store(),
            Self::Helper(helper) => match &**helper {
                Helper::Connection(connection) => connection.kind.is_some(),
                Helper::DatabaseCredentials(_)
                | Helper::ApiKey(_)
                | Helper::TlsCertificate(_)
                | Helper::BasicAuth(_)
                | Helper::DockerConfig(_)
                | Helper::S3Credentials(_) => true,
            },
        }
    }
}

impl ExternalSecretConfig {
    /// An external secret without keys yet.
    pub fn new(name: impl Into<Text>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    pub(crate) fn from_helper(
        name: Text,
        namespace: Option<Text>,
        secret_store_ref: Option<SecretStoreRef>,
        target_secret_name: Option<Text>,
        helper: Helper,
    ) -> Self {
        Self {
            name,
            namespace,
            secret_store_ref,
            target_secret_name,
            content: Content::Helper(Box::new(helper)),
            ..Self::default()
        }
    }

    /// Sets the namespace.
    #[must_use]
    pub fn namespace(mut self, namespace: impl Into<Text>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }

    /// Sets the store.
    #[must_use]
    pub fn secret_store_ref(mut self, store: impl Into<SecretStoreRef>) -> Self {
        self.secret_store_ref = Some(store.into());
        self
    }

    /// Sets the name of the Secret.
    #[must_use]
    pub fn target_secret_name(mut self, name: impl Into<Text>) -> Self {
        self.target_secret_name = Some(name.into());
        self
    }

    /// Adds single values; takes the place of a helper.
    #[must_use]
    pub fn data(self, data: impl IntoIterator<Item = SecretReference>) -> Self {
        self.with_entries(|entries| entries.data.extend(data))
    }

    /// Adds whole entries; takes the place of a helper.
    #[must_use]
    pub fn data_from(self, data_from: impl IntoIterator<Item = DataFrom>) -> Self {
        self.with_entries(|entries| entries.data_from.extend(data_from))
    }

    /// Adds a key with a fixed value that is no secret.
    #[must_use]
    pub fn constant(mut self, key: impl Into<String>, value: impl Into<Text>) -> Self {
        self.options.constants.insert(key.into(), value.into());
        self
    }

    /// Sets how often the values are read again.
    #[must_use]
    pub fn refresh_interval(mut self, interval: Duration) -> Self {
        self.refresh_interval = Some(interval);
        self
    }

    /// Adds a label.
    #[must_use]
    pub fn label(mut self, key: impl Into<String>, value: impl Into<Text>) -> Self {
        self.labels.insert(key.into(), value.into());
        self
    }

    fn with_entries(mut self, change: impl FnOnce(&mut Entries)) -> Self {
        let mut entries = match self.content {
            Content::Entries(entries) => entries,
            Content::Helper(_) => Entries::default(),
        };
        change(&mut entries);
        self.content = Content::Entries(entries);
        self
    }
}

impl Declared for ExternalSecretConfig {
    const LIST: List = List::ExternalSecrets;

    fn fill(&mut self, defaults: &Defaults) {
        defaults.fill_namespace(&mut self.namespace);
        defaults.fill_maps(&mut self.labels, &mut self.annotations);
        defaults.fill_external_secret(self);
    }

    fn identity(&self) -> (&'static str, Option<&Text>, &Text) {
        ("ExternalSecret", self.namespace.as_ref(), &self.name)
    }

    fn limits(&self) -> ValidationErrors {
        self.validate().err().unwrap_or_default()
    }
}
