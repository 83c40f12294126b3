//! [`PipelineAws`]: where the values are written to.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::Validate;

use super::patterns::{ACCOUNT, KMS_ARN, PREFIX, REGION, ROLE};
use crate::policy::{OnConflict, PolicyScope};

/// AWS Secrets Manager of one account and region.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "the AWS side of a pipeline"))]
pub struct PipelineAws {
    /// Number of the account, twelve digits in quotes.
    #[validate(regex(path = *ACCOUNT))]
    #[schemars(extend("x-on" = {"pattern": {"message": "{value} is not the number of an account", "fix": "write its twelve digits, in quotes"}}))]
    pub account: String,
    /// The region, such as `us-east-2`.
    #[validate(regex(path = *REGION))]
    #[schemars(extend("x-on" = {"pattern": {"message": "{value} is not a region of AWS", "fix": "write it as AWS does, such as `us-east-2`"}}))]
    pub region: String,
    /// Text before every name, default the name of the pipeline and `/`.
    #[validate(regex(path = *PREFIX), length(max = 256))]
    #[schemars(extend("x-on" = {"pattern": {"message": "{value} cannot begin a name in AWS", "fix": "names there have letters, digits and /_+=.@- alone"}}))]
    pub prefix: Option<String>,
    /// ARN of the key of KMS that the secrets are encrypted with; without it that of the account, `aws/secretsmanager`.
    #[validate(regex(path = *KMS_ARN))]
    #[schemars(extend("x-on" = {"pattern": {"message": "{value} is not the ARN of a key of KMS", "fix": "write `arn:aws:kms:REGION:ACCOUNT:key/ID`"}}))]
    pub kms_key_arn: Option<String>,
    /// Days for which a removed secret can be restored: 7 to 30, or 0 to delete it at once. Default 7.
    #[validate(range(min = 0, max = 30))]
    pub recovery_window_in_days: Option<u32>,
    /// Tags of every secret beside `Name`, `ManagedBy` and `Source`, which they may replace.
    #[serde(default)]
    pub tags: IndexMap<String, String>,
    /// Name of the role that the workflow assumes, default `keyloom-` and the name of the pipeline.
    #[validate(regex(path = *ROLE))]
    #[schemars(extend("x-on" = {"pattern": {"message": "{value} is not the name of a role", "fix": "write the name alone, without a path: letters, digits and +=,.@_-"}}))]
    pub writer_role_name: Option<String>,
    /// What the policies of the writer and of the operator allow, default `names`.
    pub policy_scope: Option<PolicyScope>,
    /// What the workflow does when a value was changed in AWS, default `fail`.
    pub on_conflict: Option<OnConflict>,
    /// Whether several environments of the document may mean the same secrets, role, state and workflow, default false: then it is
    /// an error.
    #[serde(default)]
    pub shared_by_environments: bool,
}

impl PipelineAws {
    /// The secrets of an account in a region.
    pub fn new(account: impl Into<String>, region: impl Into<String>) -> Self {
        Self {
            account: account.into(),
            region: region.into(),
            prefix: None,
            kms_key_arn: None,
            recovery_window_in_days: None,
            tags: IndexMap::new(),
            writer_role_name: None,
            policy_scope: None,
            on_conflict: None,
            shared_by_environments: false,
        }
    }
}
