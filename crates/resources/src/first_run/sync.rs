//! What of a sync decides what its first run does.

use std::collections::BTreeSet;

use keyloom_models::key_schema::KeySchema;
use keyloom_models::key_schema::names::{Manner, Names};
use keyloom_models::policy::InitialSyncBehavior;

/// A sync, as far as its first run depends on it. All of it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sync {
    /// Its name.
    pub name: String,
    /// What it reads.
    pub source: Source,
    /// Where it writes.
    pub target: Target,
    /// The GitHub Enterprise Server that its connection leads to, by its host; none for github.com, for other apps, and where the
    /// connection is made elsewhere.
    pub github_server: Option<String>,
    /// What it does with what is there.
    pub behavior: InitialSyncBehavior,
    /// How it makes names.
    pub key_schema: KeySchema,
    /// Whether secrets that are gone from the source stay.
    pub disable_secret_deletion: bool,
    /// Names at the destination that it may delete.
    pub allow_deletions: BTreeSet<String>,
}

/// A folder of Infisical.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Address of Infisical; none where the environment says it.
    pub host: Option<String>,
    /// Id of the project.
    pub project: String,
    /// Slug of the environment.
    pub environment: String,
    /// Path of the folder.
    pub path: String,
}

/// Where a sync writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// AWS Secrets Manager, a secret for each.
    AwsSecrets {
        /// Region.
        region: String,
    },
    /// AWS Secrets Manager, one secret for all: a JSON object.
    AwsSecret {
        /// Region.
        region: String,
        /// Name of the secret before the key schema, which is laid over it here and not over the keys.
        secret: String,
    },
    /// AWS Parameter Store.
    AwsParameters {
        /// Region.
        region: String,
        /// Path of the parameters; ends with `/`.
        path: String,
    },
    /// The Actions secrets of a repository at GitHub.
    GithubRepository {
        /// Its owner.
        owner: String,
        /// Its name.
        repository: String,
    },
    /// The secrets of an environment of a repository at GitHub.
    GithubEnvironment {
        /// Owner of the repository.
        owner: String,
        /// Name of the repository.
        repository: String,
        /// The environment.
        environment: String,
    },
    /// The Actions secrets of an organization at GitHub.
    GithubOrganization {
        /// The organization.
        organization: String,
    },
    /// Azure Key Vault.
    AzureKeyVault {
        /// Address of the vault.
        vault: String,
    },
    /// Anywhere else.
    Other {
        /// What it is called.
        title: &'static str,
        /// Whether Infisical can read it back, as importing wants.
        can_import: bool,
    },
}

impl Target {
    /// What it does to names.
    pub fn manner(&self) -> Manner {
        match self {
            Self::GithubRepository { .. }
            | Self::GithubEnvironment { .. }
            | Self::GithubOrganization { .. } => Manner::Capitals,
            Self::AzureKeyVault { .. } => Manner::Hyphens,
            Self::AwsSecret { .. } => Manner::OneSecret,
            Self::AwsSecrets { .. } | Self::AwsParameters { .. } | Self::Other { .. } => Manner::Each,
        }
    }

    /// Whether it is GitHub, which has names in capitals alone and never shows a value.
    pub fn is_github(&self) -> bool {
        self.manner() == Manner::Capitals
    }

    /// Whether Infisical can read it back, as importing wants.
    pub fn can_import(&self) -> bool {
        match self {
            Self::Other { can_import, .. } => *can_import,
            other => !other.is_github(),
        }
    }
}

impl Sync {
    /// Whether one secret holds all: its keys are the names, and they are replaced together.
    pub fn is_one_secret(&self) -> bool {
        self.target.manner() == Manner::OneSecret
    }

    /// Name of the one secret that holds all, as the key schema makes it.
    pub fn one_secret(&self) -> Option<String> {
        match &self.target {
            Target::AwsSecret { secret, .. } => Some(self.names().secret(secret)),
            _ => None,
        }
    }

    /// Its names at the destination.
    pub(super) fn names(&self) -> Names<'_> {
        Names::new(&self.key_schema, self.target.manner())
    }
}
