//! Where a sync writes: a type for each destination that many use, and a block for all others.

use keyloom_syntax::{Block, Text};
use schemars::JsonSchema;
use serde::{Deserialize, de};

use super::SyncKind;
use crate::attributes::{Fields, fields_of_block};
use crate::policy::{GcpScope, GithubScope, GithubVisibility, MappingBehavior};

/// Where a sync writes.
#[derive(Clone, Debug, PartialEq)]
pub enum DestinationConfig {
    /// To AWS Secrets Manager.
    AwsSecretsManager(AwsSecretsManagerDestination),
    /// To AWS Parameter Store.
    AwsParameterStore(AwsParameterStoreDestination),
    /// To GitHub Actions.
    Github(GithubDestination),
    /// To Google Secret Manager.
    GcpSecretManager(GcpSecretManagerDestination),
    /// To Azure Key Vault.
    AzureKeyVault(AzureKeyVaultDestination),
    /// Anywhere else: the provider's attributes in camelCase.
    Carried(SyncKind, Block),
}

/// A place in AWS Secrets Manager.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "a destination in AWS Secrets Manager"))]
pub struct AwsSecretsManagerDestination {
    /// Region, such as `us-east-1`.
    #[schemars(length(min = 1))]
    pub aws_region: Text,
    /// Whether all secrets become one (a JSON object) or each becomes one of its own; default `many-to-one`.
    pub mapping_behavior: Option<MappingBehavior>,
    /// Name of the one secret, such as `myapp-secrets`; with `one-to-one` there is none.
    pub aws_secrets_manager_secret_name: Option<Text>,
}

/// A place in AWS Parameter Store.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "a destination in AWS Parameter Store"))]
pub struct AwsParameterStoreDestination {
    /// Region, such as `us-east-1`.
    #[schemars(length(min = 1))]
    pub aws_region: Text,
    /// Path of the parameters; begins and ends with `/`.
    #[schemars(length(min = 1))]
    pub path: Text,
}

/// Secrets of GitHub Actions.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "a destination in GitHub"))]
pub struct GithubDestination {
    /// Whose secrets they are.
    pub scope: GithubScope,
    /// Owner of the repository, or the organization.
    pub repository_owner: Option<Text>,
    /// Name of the repository, without its owner.
    pub repository_name: Option<Text>,
    /// Environment of the repository, with `scope: repository-environment` alone.
    pub repository_environment: Option<Text>,
    /// Which repositories of the organization may use the secrets, with `scope: organization` alone.
    pub visibility: Option<GithubVisibility>,
    /// Ids of those repositories, with `visibility: selected` alone.
    #[serde(default)]
    pub selected_repository_ids: Vec<i64>,
}

/// A place in Google Secret Manager.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "a destination in Google Secret Manager"))]
pub struct GcpSecretManagerDestination {
    /// Id of the project at Google.
    #[schemars(length(min = 1))]
    pub project_id: Text,
    /// Whether secrets lie in the project or in one region, default `global`.
    pub scope: Option<GcpScope>,
    /// The region, with `scope: region` alone.
    pub location_id: Option<Text>,
    /// Regions that hold copies, with `scope: global` alone; without them Google chooses.
    #[serde(default)]
    pub user_replica_location_ids: Vec<Text>,
}

/// A place in Azure Key Vault.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "a destination in Azure Key Vault"))]
pub struct AzureKeyVaultDestination {
    /// Address of the vault, such as `https://my-vault.vault.azure.net`.
    #[schemars(length(min = 1))]
    pub vault_base_url: Text,
}

impl GithubDestination {
    /// The secrets of a repository.
    pub fn repository(owner: impl Into<Text>, name: impl Into<Text>) -> Self {
        Self {
            scope: GithubScope::Repository,
            repository_owner: Some(owner.into()),
            repository_name: Some(name.into()),
            repository_environment: None,
            visibility: None,
            selected_repository_ids: Vec::new(),
        }
    }
}

impl AwsSecretsManagerDestination {
    /// One secret that holds all.
    pub fn one_secret(region: impl Into<Text>, name: impl Into<Text>) -> Self {
        Self {
            aws_region: region.into(),
            mapping_behavior: Some(MappingBehavior::ManyToOne),
            aws_secrets_manager_secret_name: Some(name.into()),
        }
    }

    /// A secret for each.
    pub fn secret_each(region: impl Into<Text>) -> Self {
        Self {
            aws_region: region.into(),
            mapping_behavior: Some(MappingBehavior::OneToOne),
            aws_secrets_manager_secret_name: None,
        }
    }
}

impl DestinationConfig {
    /// The kind of sync that writes there.
    pub fn kind(&self) -> SyncKind {
        match self {
            Self::AwsSecretsManager(_) => SyncKind::AWS_SECRETS_MANAGER,
            Self::AwsParameterStore(_) => SyncKind::AWS_PARAMETER_STORE,
            Self::Github(_) => SyncKind::GITHUB,
            Self::GcpSecretManager(_) => SyncKind::GCP_SECRET_MANAGER,
            Self::AzureKeyVault(_) => SyncKind::AZURE_KEY_VAULT,
            Self::Carried(kind, _) => *kind,
        }
    }

    /// Whether one secret holds all, as AWS Secrets Manager has it where nothing else is said.
    pub(crate) fn is_one_secret(&self) -> bool {
        match self {
            Self::AwsSecretsManager(it) => it.mapping_behavior != Some(MappingBehavior::OneToOne),
            Self::AwsParameterStore(_)
            | Self::Github(_)
            | Self::GcpSecretManager(_)
            | Self::AzureKeyVault(_)
            | Self::Carried(..) => false,
        }
    }

    /// What is said, attribute by attribute. What is empty is not there.
    pub(crate) fn fields(&self) -> Fields {
        let mut fields = Fields::default();
        match self {
            Self::AwsSecretsManager(it) => {
                fields.text("aws_region", Some(&it.aws_region));
                fields.word("mapping_behavior", it.mapping_behavior.map(MappingBehavior::as_str));
                fields.text("aws_secrets_manager_secret_name", it.aws_secrets_manager_secret_name.as_ref());
            }
            Self::AwsParameterStore(it) => {
                fields.text("aws_region", Some(&it.aws_region));
                fields.text("path", Some(&it.path));
            }
            Self::Github(it) => {
                fields.word("scope", Some(it.scope.as_str()));
                fields.text("repository_owner", it.repository_owner.as_ref());
                fields.text("repository_name", it.repository_name.as_ref());
                fields.text("repository_environment", it.repository_environment.as_ref());
                fields.word("visibility", it.visibility.map(GithubVisibility::as_str));
                fields.numbers("selected_repository_ids", &it.selected_repository_ids);
            }
            Self::GcpSecretManager(it) => {
                fields.text("project_id", Some(&it.project_id));
                fields.word("scope", it.scope.map(GcpScope::as_str));
                fields.text("location_id", it.location_id.as_ref());
                fields.texts("user_replica_location_ids", &it.user_replica_location_ids);
            }
            Self::AzureKeyVault(it) => fields.text("vault_base_url", Some(&it.vault_base_url)),
            Self::Carried(_, block) => fields = fields_of_block(block),
        }
        fields
    }

    /// Reads that of a kind; its shape has been checked.
    pub(super) fn read(kind: SyncKind, written: Block) -> Result<Self, de::value::Error> {
        Ok(match kind {
            SyncKind::AWS_SECRETS_MANAGER => Self::AwsSecretsManager(Deserialize::deserialize(&written)?),
            SyncKind::AWS_PARAMETER_STORE => Self::AwsParameterStore(Deserialize::deserialize(&written)?),
            SyncKind::GITHUB => Self::Github(Deserialize::deserialize(&written)?),
            SyncKind::GCP_SECRET_MANAGER => Self::GcpSecretManager(Deserialize::deserialize(&written)?),
            SyncKind::AZURE_KEY_VAULT => Self::AzureKeyVault(Deserialize::deserialize(&written)?),
            other => Self::Carried(other, written),
        })
    }
}

macro_rules! destinations {
    ($( $variant:ident($config:ident), )+) => { $(
        impl From<$config> for DestinationConfig {
            fn from(config: $config) -> Self {
                Self::$variant(config)
            }
        }
    )+ };
}

destinations! {
    AwsSecretsManager(AwsSecretsManagerDestination),
    AwsParameterStore(AwsParameterStoreDestination),
    Github(GithubDestination),
    GcpSecretManager(GcpSecretManagerDestination),
    AzureKeyVault(AzureKeyVaultDestination),
}
