//! What of a sync decides what its first run does.

use std::borrow::Cow;
use std::collections::BTreeSet;

use keyloom_models::key_schema::KeySchema;
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
    /// Whether it is GitHub, which has names in capitals alone and never shows a value.
    pub fn is_github(&self) -> bool {
        match self {
            Self::GithubRepository { .. }
            | Self::GithubEnvironment { .. }
            | Self::GithubOrganization { .. } => true,
            Self::AwsSecrets { .. }
            | Self::AwsSecret { .. }
            | Self::AwsParameters { .. }
            | Self::AzureKeyVault { .. }
            | Self::Other { .. } => false,
        }
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
        matches!(self.target, Target::AwsSecret { .. })
    }

    /// Name of the one secret that holds all, as the key schema makes it.
    pub fn one_secret(&self) -> Option<String> {
        match &self.target {
            Target::AwsSecret { secret, .. } => Some(self.key_schema.expand(secret)),
            _ => None,
        }
    }

    /// The name at the destination that a secret of the source is written to.
    pub(super) fn written(&self, secret: &str) -> String {
        if self.is_one_secret() {
            return secret.to_owned();
        }
        let name = self.key_schema.expand(secret);
        match self.target {
            Target::AzureKeyVault { .. } => name.replace('_', "-"),
            _ if self.target.is_github() => match self.identity(&name) {
                Cow::Owned(capitals) => capitals,
                Cow::Borrowed(_) => name,
            },
            _ => name,
        }
    }

    /// What makes two names at the destination one.
    pub(super) fn identity<'n>(&self, name: &'n str) -> Cow<'n, str> {
        match self.target {
            Target::AzureKeyVault { .. } => Cow::Owned(name.replace('_', "-").to_lowercase()),
            // GitHub tells them in capitals.
            _ if self.target.is_github() && !is_upper(name) => Cow::Owned(name.to_uppercase()),
            _ => Cow::Borrowed(name),
        }
    }

    /// Whether Infisical takes a name at the destination for one of the sync. The keys of one secret are all replaced.
    pub(super) fn claims(&self, name: &str) -> bool {
        match self.target {
            Target::AwsSecret { .. } => true,
            Target::AzureKeyVault { .. } => {
                self.key_schema.claims(name) || self.key_schema.hyphenated().claims(name)
            }
            _ => self.key_schema.claims(name),
        }
    }

    /// Whether nothing is deleted. One secret is replaced as a whole, whatever the options say.
    pub(super) fn keeps(&self) -> bool {
        self.disable_secret_deletion && !self.is_one_secret()
    }
}

/// Whether a name is in capitals for certain; what is not ASCII may not be.
fn is_upper(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_lowercase())
}
