//! Secret syncs: what Infisical writes to another system by itself, as somebody writes it.

use std::borrow::Cow;

use indexmap::IndexMap;
use keyloom_syntax::Text;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};
use serde_json::json;
use validator::{Validate, ValidationErrors};

use crate::app_connection::ElsewhereConnection;
use crate::defaults::Defaults;
use crate::list::{Declared, List};
use crate::name::SLUG;
use crate::policy::InitialSyncBehavior;
use crate::reference::TextOr;

mod destination;
mod kind;
mod written;

pub use destination::{
    AwsParameterStoreDestination, AwsSecretsManagerDestination, AzureKeyVaultDestination, DestinationConfig,
    GcpSecretManagerDestination, GithubDestination,
};
pub use kind::SyncKind;

/// A sync of one path of Infisical to one place elsewhere (Terraform's `infisical_secret_sync_*`).
///
/// ```
/// use keyloom_models::SecretSyncConfig;
/// use keyloom_models::secret_sync::GithubDestination;
/// let sync = SecretSyncConfig::new("ci", "github", GithubDestination::repository("acme", "my-app"))
///     .source("7d0c6f3e-1a2b-4c3d-9e8f-001122334455", "prod", "/ci-cd")
///     .key_schema("INFISICAL_{{secretKey}}");
/// assert_eq!(sync.destination.kind().as_str(), "github");
/// ```
#[derive(Clone, Debug, PartialEq, Validate)]
pub struct SecretSyncConfig {
    /// Name of the sync: a slug.
    #[validate(length(min = 1, max = 256), regex(path = *SLUG))]
    pub name: Text,
    /// The connection that it writes through.
    pub app_connection: AppConnectionRef,
    /// Id of the project that it reads.
    #[validate(length(min = 1))]
    pub project_id: Text,
    /// Environment that it reads, by its slug.
    #[validate(length(min = 1, max = 64))]
    pub environment: Text,
    /// Path that it reads.
    #[validate(length(min = 1))]
    pub secret_path: Text,
    /// What it is for.
    pub description: Option<Text>,
    /// Whether changes are written at once.
    pub auto_sync_enabled: bool,
    /// Where it writes.
    pub destination: DestinationConfig,
    /// How it writes.
    pub options: SyncOptions,
    /// Whether it is made.
    pub enabled: bool,
    /// Names at the destination that it may delete.
    pub allow_deletions: Vec<Text>,
}

/// How a sync writes.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "the options of a sync"))]
pub struct SyncOptions {
    /// What the first run does with what is at the destination already. Azure DevOps alone has no choice.
    pub initial_sync_behavior: Option<InitialSyncBehavior>,
    /// How names at the destination are made, such as `INFISICAL_{{secretKey}}`: holds `{{secretKey}}`, may hold `{{environment}}`. Names
    /// that are not of that form are left alone.
    pub key_schema: Option<Text>,
    /// Whether secrets that are gone from the source stay at the destination, default false.
    #[serde(default)]
    pub disable_secret_deletion: bool,
    /// Key of KMS that secrets are encrypted with (AWS alone); without it that of the account.
    pub aws_kms_key_id: Option<Text>,
    /// Tags of the secrets (AWS alone).
    #[serde(default)]
    pub tags: IndexMap<String, Text>,
    /// Whether metadata of secrets becomes tags (AWS alone, with one secret for each), default false.
    #[serde(default)]
    pub sync_secret_metadata_as_tags: bool,
}

/// The connection that a sync writes through: the name of a declared one, or id and app of one that is not declared.
#[derive(Clone, Debug, PartialEq)]
pub enum AppConnectionRef {
    /// One in `appConnections`.
    Declared(Text),
    /// One that is made elsewhere.
    Elsewhere(ElsewhereConnection),
}

impl<T: Into<Text>> From<T> for AppConnectionRef {
    fn from(name: T) -> Self {
        Self::Declared(name.into())
    }
}

impl From<ElsewhereConnection> for AppConnectionRef {
    fn from(connection: ElsewhereConnection) -> Self {
        Self::Elsewhere(connection)
    }
}

impl<'de> Deserialize<'de> for AppConnectionRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match TextOr::<ElsewhereConnection>::deserialize(deserializer)? {
            TextOr::Text(name) => Self::Declared(name),
            TextOr::Other(connection) => Self::Elsewhere(connection),
        })
    }
}

impl JsonSchema for AppConnectionRef {
    fn schema_name() -> Cow<'static, str> {
        "AppConnectionRef".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let whole = generator.subschema_for::<ElsewhereConnection>();
        let name = crate::schema::text(generator, &json!({ "minLength": 1 }));
        schemars::json_schema!({
            "description": "The connection: its name when it is declared, or id and app.",
            "anyOf": [name, whole],
        })
    }
}

impl SecretSyncConfig {
    /// A sync of the path `/` to that place, which overwrites what is there. Say what it reads with [`source`](Self::source).
    pub fn new(
        name: impl Into<Text>,
        app_connection: impl Into<AppConnectionRef>,
        destination: impl Into<DestinationConfig>,
    ) -> Self {
        let destination = destination.into();
        let behavior = InitialSyncBehavior::OverwriteDestination;
        let chosen = destination.kind() != SyncKind::AZURE_DEVOPS;
        Self {
            name: name.into(),
            app_connection: app_connection.into(),
            project_id: Text::default(),
            environment: Text::default(),
            secret_path: "/".into(),
            description: None,
            auto_sync_enabled: true,
            destination,
            options: SyncOptions {
                initial_sync_behavior: chosen.then_some(behavior),
                ..SyncOptions::default()
            },
            enabled: true,
            allow_deletions: Vec::new(),
        }
    }

    /// Sets what it reads: project, environment and path.
    #[must_use]
    pub fn source(
        mut self,
        project_id: impl Into<Text>,
        environment: impl Into<Text>,
        secret_path: impl Into<Text>,
    ) -> Self {
        self.project_id = project_id.into();
        self.environment = environment.into();
        self.secret_path = secret_path.into();
        self
    }

    /// Sets how names at the destination are made.
    #[must_use]
    pub fn key_schema(mut self, schema: impl Into<Text>) -> Self {
        self.options.key_schema = Some(schema.into());
        self
    }
}

impl Declared for SecretSyncConfig {
    const LIST: List = List::SecretSyncs;

    /// Nothing of the defaults is about Infisical.
    fn fill(&mut self, _: &Defaults) {}

    fn identity(&self) -> (&'static str, Option<&Text>, &Text) {
        ("secret sync", None, &self.name)
    }

    fn limits(&self) -> ValidationErrors {
        self.validate().err().unwrap_or_default()
    }
}
