//! What a pipeline means: every name at every station.

use keyloom_syntax::Text;

use crate::pipeline::partition::Partition;
use crate::pipeline::{RepositoryIds, Setting};
use crate::policy::{OnConflict, ValueWriter};

pub mod iam;
pub mod places;
mod settings;

pub use settings::Login;

/// Host of GitHub's tokens, which is the name of the OIDC provider too.
pub const GITHUB_OIDC: &str = "token.actions.githubusercontent.com";
/// Host of HCP Terraform.
pub const HCP_TERRAFORM: &str = "app.terraform.io";

/// A pipeline. Its stores and external secrets are among those of the config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pipeline {
    /// Name of the pipeline.
    pub name: String,
    /// Where the values are kept.
    pub github: Github,
    /// Where they are written to.
    pub aws: Aws,
    /// How Terraform makes the secrets there.
    pub terraform: Terraform,
    /// Name of the operator's role that the policy to read is attached to; none where somebody else attaches one.
    pub reader_role: Option<String>,
    /// The secrets, in the declaration's order; no two have one name there, in Terraform or in AWS. At GitHub several may
    /// come of one.
    pub secrets: Vec<PipelineSecret>,
}

/// The repository and its workflow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Github {
    /// Owner of the repository.
    pub owner: String,
    /// Name of the repository.
    pub repository: String,
    /// Their numbers, where what the workflow logs in with names them too.
    pub ids: Option<RepositoryIds>,
    /// The branch whose workflow may write.
    pub branch: String,
    /// Environment that keeps the secrets; none for the repository.
    pub environment: Option<String>,
    /// Setting that holds the ARN of the role; none where it is written out, [`Pipeline::writer_role_arn`].
    pub role_arn_from: Option<Setting>,
    /// When the workflow runs by itself, as cron in UTC.
    pub schedule: String,
}

/// AWS Secrets Manager of one account and region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aws {
    /// The partition, such as `aws`.
    pub partition: &'static str,
    /// Number of the account.
    pub account: String,
    /// The region.
    pub region: String,
    /// ARN of the key of KMS; none for that of the account.
    pub kms_key_arn: Option<String>,
    /// Days for which a removed secret can be restored.
    pub recovery_window_in_days: u32,
    /// Name of the role that the workflow assumes.
    pub writer_role: String,
    /// The prefix that the policies allow; none where they allow the declared names alone.
    pub policy_prefix: Option<String>,
    /// What the workflow does when a value was changed in AWS.
    pub on_conflict: OnConflict,
    /// Whether several environments of the document may mean all this.
    pub shared_by_environments: bool,
}

/// Terraform's part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terraform {
    /// Where the state is kept.
    pub backend: Backend,
    /// Who writes the values.
    pub values: ValueWriter,
}

/// Where the state is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A bucket of S3.
    S3 {
        /// The bucket.
        bucket: String,
        /// Name of the state in it.
        key: String,
        /// Region of the bucket.
        region: String,
        /// ARN of the key of KMS that it is encrypted with.
        kms_key_arn: Option<String>,
    },
    /// A workspace of HCP Terraform, or of an Enterprise at that host.
    Cloud {
        /// Its host.
        hostname: String,
        /// The organization.
        organization: String,
        /// The workspace.
        workspace: String,
        /// Setting of the repository that holds the token.
        token: Setting,
    },
}

/// One secret and its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PipelineSecret {
    /// Its name in the declaration.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Name of the Actions secret at GitHub.
    pub source: String,
    /// Label of its resources in Terraform, and name of its variable.
    pub label: String,
    /// Name in AWS, with the prefix.
    pub aws_name: String,
    /// Field of the JSON value in AWS.
    pub property: String,
    /// Tags in AWS.
    pub tags: Vec<(String, String)>,
    /// Version of the value, where Terraform writes it.
    pub version: u32,
    /// The Kubernetes Secrets that get it.
    pub targets: Vec<Target>,
}

/// A key of a Kubernetes Secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Namespace of the Secret; none where a later tool supplies it.
    pub namespace: Option<Text>,
    /// Name of the Secret, and of the external secret that writes it.
    pub name: Text,
    /// The key.
    pub key: String,
}

impl Github {
    /// The repository as subjects of tokens name it, `OWNER/NAME` or `OWNER@ID/NAME@ID`.
    pub fn in_subjects(&self) -> String {
        let Self { owner, repository, .. } = self;
        match self.ids {
            Some(ids) => format!("{owner}@{}/{repository}@{}", ids.owner, ids.repository),
            None => format!("{owner}/{repository}"),
        }
    }
}

impl Pipeline {
    /// ARN of the role that the workflow assumes.
    pub fn writer_role_arn(&self) -> String {
        let Aws { partition, account, writer_role, .. } = &self.aws;
        format!("arn:{partition}:iam::{account}:role/{writer_role}")
    }

    /// ARN of the OIDC provider for GitHub's tokens in the account.
    pub fn oidc_provider_arn(&self) -> String {
        format!("arn:{}:iam::{}:oidc-provider/{GITHUB_OIDC}", self.aws.partition, self.aws.account)
    }

    /// For whom GitHub makes the token: its `aud`, which the workflow asks for and the role wants.
    pub fn audience(&self) -> &'static str {
        Partition::of(&self.aws.region).audience
    }

    /// Whose token assumes the role: the `sub` of GitHub's token, exactly.
    ///
    /// Source: GitHub's reference of OpenID Connect, "Immutable subject claims" for those with numbers.
    pub fn token_subject(&self) -> String {
        let repository = self.github.in_subjects();
        match (&self.github.environment, &self.github.branch) {
            (Some(environment), _) => format!("repo:{repository}:environment:{environment}"),
            (None, branch) => format!("repo:{repository}:ref:refs/heads/{branch}"),
        }
    }

    /// The one workflow that assumes the role, on its branch: the `job_workflow_ref` of GitHub's token. None in partitions whose
    /// STS may not know that claim.
    ///
    /// Source: "Available keys for AWS OIDC federation" in the user guide of IAM.
    pub fn trusted_workflow(&self) -> Option<String> {
        let Github { owner, repository, branch, .. } = &self.github;
        let path = self.workflow_path();
        (self.aws.partition == "aws").then(|| format!("{owner}/{repository}/{path}@refs/heads/{branch}"))
    }

    /// The ARNs that policies allow, one for each name; AWS puts `-` and six characters behind a name.
    pub fn resource_patterns(&self) -> Vec<String> {
        let Aws { partition, account, region, policy_prefix, .. } = &self.aws;
        let arn = |name: &str| format!("arn:{partition}:secretsmanager:{region}:{account}:secret:{name}");
        match policy_prefix {
            Some(prefix) => vec![arn(&format!("{prefix}*"))],
            None => self.secrets.iter().map(|secret| arn(&format!("{}-??????", secret.aws_name))).collect(),
        }
    }
}
