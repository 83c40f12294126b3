//! What a first run does, in words.

use std::fmt;

use super::sync::{Source, Sync, Target};
use super::{Action, Row, Why};

impl Action {
    /// The mark before a name.
    pub fn mark(self) -> char {
        match self {
            Self::Add => '+',
            Self::Change => '~',
            Self::Import => '<',
            Self::Delete => '-',
            Self::Keep => '=',
        }
    }

    /// The word, for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Change => "change",
            Self::Import => "import",
            Self::Delete => "delete",
            Self::Keep => "keep",
        }
    }

    /// What was done, for people.
    pub fn past(self) -> &'static str {
        match self {
            Self::Add => "added",
            Self::Change => "overwritten",
            Self::Import => "imported",
            Self::Delete => "deleted",
            Self::Keep => "kept",
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Infisical {}:{}", self.environment, self.path)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AwsSecrets { region } => write!(f, "AWS Secrets Manager {region} (a secret for each)"),
            Self::AwsSecret { region, secret } => {
                write!(f, "AWS Secrets Manager {region} {secret} (one secret for all)")
            }
            Self::AwsParameters { region, path } => write!(f, "AWS Parameter Store {region} {path}"),
            Self::GithubRepository { owner, repository } => {
                write!(f, "GitHub {owner}/{repository} (repository secrets)")
            }
            Self::GithubEnvironment { owner, repository, environment } => {
                write!(f, "GitHub {owner}/{repository} (secrets of environment {environment})")
            }
            Self::GithubOrganization { organization } => {
                write!(f, "GitHub {organization} (organization secrets)")
            }
            Self::AzureKeyVault { vault } => write!(f, "Azure Key Vault {vault}"),
            Self::Other { title, .. } => f.write_str(title),
        }
    }
}

impl Sync {
    /// What happens to a name, and why: `deleted: not in /ci-cd, and ...`. Empty where the mark says it all.
    pub fn words(&self, row: &Row) -> String {
        let path = &self.source.path;
        match row.why {
            Why::Missing => String::new(),
            Why::AtBothEnds if self.target.is_github() => {
                "overwritten (value cannot be compared: GitHub never shows it)".to_owned()
            }
            Why::AtBothEnds if self.is_one_secret() => {
                "overwritten (values are not compared, and the secret is written as a whole)".to_owned()
            }
            Why::AtBothEnds => "overwritten if its value differs (values are not read)".to_owned(),
            Why::DestinationFirst => format!("imported: its value overwrites that in {path}"),
            Why::NotInSource => format!("imported: not in {path}"),
            Why::Claimed => format!("{}: not in {path}, and {}", self.deleted(), self.claim()),
            Why::Allowed => {
                format!("{}: not in {path}, and {}; allowed by allowDeletions", self.deleted(), self.claim())
            }
            Why::NotClaimed => match self.key_schema.written() {
                Some(schema) => format!("kept: not claimed by keySchema \"{schema}\""),
                None => "kept: not claimed by the sync".to_owned(),
            },
            Why::DeletionDisabled => format!("kept: not in {path}, but disableSecretDeletion is set"),
        }
    }

    fn deleted(&self) -> &'static str {
        match self.target {
            Target::AwsSecrets { .. } => "deleted, without a recovery window",
            _ => "deleted",
        }
    }

    /// Why a name that is not the source's is taken for one's own.
    fn claim(&self) -> String {
        match (self.is_one_secret(), self.key_schema.written()) {
            (true, _) => "many-to-one writes the secret as a whole".to_owned(),
            (false, None) => "without a keySchema every name is claimed".to_owned(),
            (false, Some(schema)) if self.key_schema.claims_all() => {
                format!("keySchema \"{schema}\" claims every name")
            }
            (false, Some(schema)) => format!("keySchema \"{schema}\" claims it"),
        }
    }
}
