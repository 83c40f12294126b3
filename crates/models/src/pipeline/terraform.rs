//! [`PipelineTerraform`]: how the secrets are made.

use schemars::JsonSchema;
use serde::Deserialize;
use validator::{Validate, ValidationErrors};

use super::Setting;
use super::patterns::{BUCKET, HOST, KMS_KEY_ARN, ORGANIZATION, REGION, STATE, WORKSPACE};
use crate::policy::ValueWriter;

/// Terraform's part of a pipeline.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "Terraform's side of a pipeline"))]
pub struct PipelineTerraform {
    /// Where the state is kept: a runner keeps none.
    #[validate(nested)]
    pub backend: PipelineBackend,
    /// Who writes the values, default `workflow`.
    pub values: Option<ValueWriter>,
}

/// Where the state is kept.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum PipelineBackend {
    /// A bucket of S3.
    S3(S3Backend),
    /// A workspace of HCP Terraform with local execution.
    Cloud(CloudBackend),
}

/// A bucket of S3 (Terraform's backend `s3`), encrypted and locked by a file beside the state.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "the backend `s3`"))]
pub struct S3Backend {
    /// The bucket.
    #[validate(regex(path = *BUCKET))]
    #[schemars(extend("x-on" = {"pattern": {"message": "{value} is not the name of a bucket", "fix": "3 to 63 lower-case letters, digits, `-` and `.`"}}))]
    pub bucket: String,
    /// Name of the state in it; that of `bootstrap` is the same with `.bootstrap` behind it.
    #[validate(regex(path = *STATE), length(max = 512))]
    #[schemars(extend("x-on" = {"pattern": {"message": "{value} cannot be the name of a state", "fix": "letters, digits and !_.'()-/ , with no `/` first"}}))]
    pub key: String,
    /// Region of the bucket.
    #[validate(regex(path = *REGION))]
    #[schemars(extend("x-on" = {"pattern": {"message": "{value} is not a region of AWS", "fix": "write it as AWS does, such as `us-east-2`"}}))]
    pub region: String,
    /// ARN of the key of KMS that the state is encrypted with.
    #[validate(regex(path = *KMS_KEY_ARN))]
    #[schemars(extend("x-on" = {"pattern": {"message": "{value} is not the ARN of a key of KMS", "fix": "write `arn:aws:kms:REGION:ACCOUNT:key/ID`"}}))]
    pub kms_key_arn: Option<String>,
}

/// A workspace of HCP Terraform or Terraform Enterprise (Terraform's block `cloud`). It must execute locally, for the workflow
/// alone has the role.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "the backend `cloud`"))]
pub struct CloudBackend {
    /// The organization.
    #[validate(regex(path = *ORGANIZATION))]
    #[schemars(extend("x-on" = {"pattern": {"message": "{value} is not the name of an organization", "fix": "1 to 40 letters, digits, `_` and `-`"}}))]
    pub organization: String,
    /// The workspace; that of `bootstrap` is the same with `-bootstrap` behind it.
    #[validate(regex(path = *WORKSPACE))]
    #[schemars(extend("x-on" = {"pattern": {"message": "{value} is not the name of a workspace", "fix": "1 to 80 letters, digits, `_` and `-`"}}))]
    pub workspace: String,
    /// Host of a Terraform Enterprise; default `app.terraform.io`.
    #[validate(regex(path = *HOST))]
    #[schemars(extend("x-on" = {"pattern": {"message": "{value} is not the name of a host", "fix": "write the host alone, such as `app.terraform.io`"}}))]
    pub hostname: Option<String>,
    /// Setting of the repository that holds the token.
    #[validate(nested)]
    pub token_from: Setting,
}

impl Validate for PipelineBackend {
    fn validate(&self) -> Result<(), ValidationErrors> {
        let (field, block) = match self {
            Self::S3(s3) => ("s3", s3.validate()),
            Self::Cloud(cloud) => ("cloud", cloud.validate()),
        };
        ValidationErrors::merge(Ok(()), field, block)
    }
}

impl PipelineTerraform {
    /// The state in a bucket of S3, values written by the workflow.
    pub fn s3(bucket: impl Into<String>, key: impl Into<String>, region: impl Into<String>) -> Self {
        let s3 =
            S3Backend { bucket: bucket.into(), key: key.into(), region: region.into(), kms_key_arn: None };
        Self { backend: PipelineBackend::S3(s3), values: None }
    }
}
