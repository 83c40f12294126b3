//! [`Settings`]: what a configuration for AWS says of itself.

use crate::terraform::Module;
use crate::terraform::argument::{Argument, Arguments, Said};

/// A configuration whose resources are of the provider `hashicorp/aws`.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Which one.
    pub module: Module,
    /// `required_version`: the oldest Terraform that can carry it out.
    pub required_version: &'static str,
    /// Where its state is kept.
    pub backend: Backend,
    /// `region` of the provider.
    pub region: String,
    /// `allowed_account_ids` of the provider: with the role of another account nothing is done.
    pub account: String,
    /// Its input variables, each of which holds a value.
    pub variables: Vec<Variable>,
}

/// Where a state is kept, encrypted, and locked while somebody changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backend {
    /// `backend "s3"`, with a lock file beside the state.
    S3 {
        /// `bucket`.
        bucket: String,
        /// `key`.
        key: String,
        /// `region`.
        region: String,
        /// `kms_key_id`: ARN of the key; none for what the bucket has.
        kms_key_id: Option<String>,
    },
    /// `cloud`: a workspace of HCP Terraform.
    Cloud {
        /// `hostname`; none for the vendor's.
        hostname: Option<String>,
        /// `organization`.
        organization: String,
        /// `workspaces.name`.
        workspace: String,
    },
}

/// An input variable that holds a secret value: it is asked for, never empty, and in neither plan nor state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// The Actions secret that it comes from.
    pub source: String,
}

impl Settings {
    /// What the block `provider "aws"` says. Credentials come from the environment.
    pub fn provider(&self) -> Arguments {
        Said::default()
            .word("region", &self.region)
            .argument("allowed_account_ids", Argument::words([self.account.as_str()]))
            .end()
    }
}

impl Backend {
    /// What the backend's block says.
    pub fn arguments(&self) -> Arguments {
        match self {
            Self::S3 { bucket, key, region, kms_key_id } => Said::default()
                .word("bucket", bucket)
                .word("key", key)
                .word("region", region)
                .argument("encrypt", Argument::Bool(true))
                .optional_word("kms_key_id", kms_key_id.as_ref())
                .argument("use_lockfile", Argument::Bool(true))
                .end(),
            Self::Cloud { hostname, organization, workspace } => {
                let workspaces = Said::default().word("name", workspace).end();
                Said::default()
                    .optional_word("hostname", hostname.as_ref())
                    .word("organization", organization)
                    .argument("workspaces", Argument::Object(workspaces))
                    .end()
            }
        }
    }
}
