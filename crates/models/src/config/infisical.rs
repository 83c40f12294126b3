//! What is made in Infisical: app connections and secret syncs, and where that is.

use std::fmt;

use keyloom_syntax::{Number, Text};

use crate::app_connection::App;
use crate::key_schema::names::{Manner, Names};
use crate::key_schema::{ENVIRONMENT, KeySchema};
use crate::policy::{GithubVisibility, InitialSyncBehavior, LoginMethod};
use crate::secret_sync::SyncKind;

/// The Infisical in which connections and syncs are made.
#[derive(Clone, Debug, PartialEq)]
pub struct Access {
    /// Its address, without `/` or `/api` at its end; none for the vendor's cloud, or what the environment says.
    pub host: Option<Text>,
    /// How the provider logs in.
    pub auth: LoginMethod,
}

/// An app connection.
#[derive(Clone, Debug, PartialEq)]
pub struct AppConnection {
    /// Name of the connection.
    pub name: Text,
    /// Its label in Terraform.
    pub label: String,
    /// The app that it leads to.
    pub app: App,
    /// Made elsewhere, or here.
    pub origin: ConnectionOrigin,
}

/// Where a connection comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum ConnectionOrigin {
    /// Made elsewhere: nothing is rendered for it.
    Elsewhere {
        /// Its id in Infisical.
        id: Text,
    },
    /// Made here.
    Declared(Box<DeclaredAppConnection>),
}

/// A connection that is made here.
#[derive(Clone, Debug, PartialEq)]
pub struct DeclaredAppConnection {
    /// How it logs in.
    pub method: &'static str,
    /// What it logs in with: attributes as the provider spells them. None is empty.
    pub credentials: Vec<(String, Argument)>,
    /// What it is for.
    pub description: Option<Text>,
    /// Project that it belongs to.
    pub project_id: Option<Text>,
    /// Gateway that it goes through.
    pub gateway_id: Option<Text>,
}

/// A secret sync.
#[derive(Clone, Debug, PartialEq)]
pub struct SecretSync {
    /// Name of the sync.
    pub name: Text,
    /// Its label in Terraform.
    pub label: String,
    /// The connection that it writes through.
    pub connection: ConnectionRef,
    /// Id of the project that it reads.
    pub project_id: Text,
    /// Environment that it reads.
    pub environment: Text,
    /// Path that it reads; begins with `/`, and ends with one only if it is the root.
    pub secret_path: Text,
    /// What it is for.
    pub description: Option<Text>,
    /// Whether changes are written at once.
    pub auto_sync: bool,
    /// Where it writes.
    pub destination: Destination,
    /// How it writes.
    pub options: SyncOptions,
    /// Names at the destination that it may delete.
    pub allow_deletions: Vec<Text>,
}

/// The connection that a sync writes through.
#[derive(Clone, Debug, PartialEq)]
pub enum ConnectionRef {
    /// One that is made here, by its number in [`Config::app_connections`](super::Config::app_connections).
    Declared(usize),
    /// One that is made elsewhere, by its id.
    Elsewhere(Text),
}

/// How a sync writes. What is empty is not there.
#[derive(Clone, Debug, PartialEq)]
pub struct SyncOptions {
    /// What the first run does; none where the destination leaves no choice.
    pub initial_sync_behavior: Option<InitialSyncBehavior>,
    /// How names at the destination are made.
    pub key_schema: Option<Text>,
    /// Whether secrets that are gone from the source stay.
    pub disable_secret_deletion: bool,
    /// What destinations in AWS have besides.
    pub aws: Option<AwsSyncOptions>,
}

/// How a sync writes to AWS.
#[derive(Clone, Debug, PartialEq)]
pub struct AwsSyncOptions {
    /// Key of KMS.
    pub kms_key_id: Option<Text>,
    /// Tags of the secrets.
    pub tags: Vec<(String, Text)>,
    /// Whether metadata of secrets becomes tags.
    pub sync_secret_metadata_as_tags: bool,
}

/// Where a sync writes.
#[derive(Clone, Debug, PartialEq)]
pub enum Destination {
    /// To AWS Secrets Manager.
    AwsSecretsManager {
        /// Region.
        region: Text,
        /// The one secret that holds all; none where each has one of its own.
        secret_name: Option<Text>,
    },
    /// To AWS Parameter Store.
    AwsParameterStore {
        /// Region.
        region: Text,
        /// Path of the parameters; begins and ends with `/`.
        path: Text,
    },
    /// To the Actions secrets of a repository at GitHub.
    GithubRepository {
        /// Its owner.
        owner: Text,
        /// Its name.
        name: Text,
    },
    /// To the secrets of an environment of a repository at GitHub.
    GithubEnvironment {
        /// Owner of the repository.
        owner: Text,
        /// Name of the repository.
        name: Text,
        /// The environment.
        environment: Text,
    },
    /// To the Actions secrets of an organization at GitHub.
    GithubOrganization {
        /// The organization.
        owner: Text,
        /// Which repositories may use them.
        visibility: GithubVisibility,
        /// Which repositories are selected; some if the visibility says so, none otherwise.
        selected_repository_ids: Vec<i64>,
    },
    /// To Google Secret Manager, in a whole project.
    GcpGlobal {
        /// Id of the project.
        project_id: Text,
        /// Regions that hold copies; without them Google chooses.
        replicas: Vec<Text>,
    },
    /// To Google Secret Manager, in one region.
    GcpRegion {
        /// Id of the project.
        project_id: Text,
        /// The region.
        location_id: Text,
    },
    /// To Azure Key Vault.
    AzureKeyVault {
        /// Address of the vault.
        vault_base_url: Text,
    },
    /// Anywhere else.
    Carried {
        /// The kind of destination.
        kind: SyncKind,
        /// Attributes as the provider spells them. None is empty.
        arguments: Vec<(String, Argument)>,
    },
}

/// What is said of an attribute. `Debug` shows its structure alone: a text may be a credential that came in plain.
#[derive(Clone, PartialEq)]
pub enum Argument {
    /// Text.
    Text(Text),
    /// A sensitive variable.
    Variable(String),
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A list.
    List(Vec<Argument>),
}

impl Argument {
    /// The text, if it is one.
    pub fn text(&self) -> Option<&Text> {
        match self {
            Self::Text(text) => Some(text),
            Self::Variable(_) | Self::Bool(_) | Self::Number(_) | Self::List(_) => None,
        }
    }
}

impl fmt::Debug for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => f.write_str("<text>"),
            Self::Variable(name) => f.debug_tuple("Variable").field(name).finish(),
            Self::Bool(_) => f.write_str("<bool>"),
            Self::Number(_) => f.write_str("<number>"),
            Self::List(items) => f.debug_list().entries(items).finish(),
        }
    }
}

impl Destination {
    /// The kind of sync that writes there.
    pub fn kind(&self) -> SyncKind {
        match self {
            Self::AwsSecretsManager { .. } => SyncKind::AWS_SECRETS_MANAGER,
            Self::AwsParameterStore { .. } => SyncKind::AWS_PARAMETER_STORE,
            Self::GithubRepository { .. }
            | Self::GithubEnvironment { .. }
            | Self::GithubOrganization { .. } => SyncKind::GITHUB,
            Self::GcpGlobal { .. } | Self::GcpRegion { .. } => SyncKind::GCP_SECRET_MANAGER,
            Self::AzureKeyVault { .. } => SyncKind::AZURE_KEY_VAULT,
            Self::Carried { kind, .. } => *kind,
        }
    }

    /// What it does to names.
    pub fn manner(&self) -> Manner {
        let one_secret = matches!(self, Self::AwsSecretsManager { secret_name: Some(_), .. });
        Manner::of(self.kind(), one_secret)
    }

    /// What it makes of names by a key schema.
    pub fn names<'s>(&self, schema: &'s KeySchema) -> Names<'s> {
        Names::new(schema, self.manner())
    }
}

impl SecretSync {
    /// Its kind.
    pub fn kind(&self) -> SyncKind {
        self.destination.kind()
    }

    /// The name of the one secret that holds all, as the key schema makes it; none where there are many, and where it is not known.
    pub fn one_secret(&self) -> Option<String> {
        let Destination::AwsSecretsManager { secret_name: Some(name), .. } = &self.destination else {
            return None;
        };
        let schema = match &self.options.key_schema {
            Some(schema) => Some(schema.known()?),
            None => None,
        };
        let environment = match self.environment.known() {
            None if schema.is_some_and(|schema| schema.contains(ENVIRONMENT)) => return None,
            environment => environment.unwrap_or_default(),
        };
        let schema = KeySchema::new(schema, environment);
        Some(self.destination.names(&schema).secret(name.known()?))
    }
}
