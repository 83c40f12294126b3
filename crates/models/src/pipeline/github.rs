//! [`PipelineGithub`]: where the values are kept.

use schemars::JsonSchema;
use serde::Deserialize;
use validator::{Validate, ValidationError, ValidationErrors};

use super::patterns::{BRANCH, ENVIRONMENT, REPOSITORY, SCHEDULE, SETTING};

/// The repository whose Actions secrets are the source, and when its workflow runs.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "the GitHub side of a pipeline"))]
pub struct PipelineGithub {
    /// The repository, `OWNER/NAME`, spelled as GitHub spells it: the role is assumed by exactly that text.
    #[validate(regex(path = *REPOSITORY))]
    #[schemars(extend("x-on" = {"pattern": {"message": "{value} is not a repository of GitHub", "fix": "write `OWNER/NAME`, without an address"}}))]
    pub repository: String,
    /// The numbers that GitHub gives the repository and its owner. Repositories made, renamed or moved since 15 July 2026 have
    /// them in what their workflows log in to AWS with, as do older ones that were asked to: `gh api repos/OWNER/NAME --jq
    /// '.owner.id, .id'` prints them.
    pub ids: Option<RepositoryIds>,
    /// The branch whose workflow may write, default `main`. Runs by schedule take place on the default branch alone.
    #[validate(regex(path = *BRANCH))]
    #[schemars(extend("x-on" = {"pattern": {"message": "{value} cannot be the branch of a pipeline", "fix": "write its name alone: letters, digits and ._/-, with one of them between two steps and none at the end"}}))]
    pub branch: Option<String>,
    /// Environment of the repository that keeps the secrets; without it they are the repository's own. The role is then
    /// assumed by the environment, which can ask for a review.
    #[validate(regex(path = *ENVIRONMENT), length(max = 255))]
    #[schemars(extend("x-on" = {"pattern": {"message": "{value} cannot be the environment of a pipeline", "fix": "letters, digits, ._- and spaces between them"}}))]
    pub environment: Option<String>,
    /// Setting of the repository that holds the ARN of the role; without it the ARN is written out, from the account and
    /// the name of the role.
    #[validate(nested)]
    pub role_arn_from: Option<Setting>,
    /// When the workflow runs by itself, in UTC, default `0 2 * * *`.
    #[validate(regex(path = *SCHEDULE))]
    #[schemars(extend("x-on" = {"pattern": {"message": "{value} is not a schedule of GitHub", "fix": "write five fields in UTC, as in `0 2 * * *`"}}))]
    pub schedule: Option<String>,
}

/// What GitHub calls a repository and its owner whatever their names are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "the numbers of a repository"))]
pub struct RepositoryIds {
    /// The number of the owner.
    #[schemars(range(min = 1))]
    pub owner: u64,
    /// The number of the repository.
    #[schemars(range(min = 1))]
    pub repository: u64,
}

/// A setting of a repository at GitHub, by its name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Setting {
    /// An Actions secret.
    Secret(
        #[validate(regex(path = *SETTING))]
        #[schemars(extend("x-on" = {"pattern": {"message": "{value} is no name of a setting at GitHub", "fix": "letters, digits and `_`, and no digit first"}}))]
        String,
    ),
    /// A variable of Actions.
    Variable(
        #[validate(regex(path = *SETTING))]
        #[schemars(extend("x-on" = {"pattern": {"message": "{value} is no name of a setting at GitHub", "fix": "letters, digits and `_`, and no digit first"}}))]
        String,
    ),
}

impl Validate for Setting {
    fn validate(&self) -> Result<(), ValidationErrors> {
        if SETTING.is_match(self.name()) {
            return Ok(());
        }
        let mut errors = ValidationErrors::new();
        errors.add(self.kind(), ValidationError::new("regex"));
        Err(errors)
    }
}

impl Setting {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Self::Secret(name) | Self::Variable(name) => name,
        }
    }

    /// The field that says which of the two it is.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Secret(_) => "secret",
            Self::Variable(_) => "variable",
        }
    }
}

impl PipelineGithub {
    /// The secrets of a repository, `OWNER/NAME`.
    pub fn new(repository: impl Into<String>) -> Self {
        Self {
            repository: repository.into(),
            ids: None,
            branch: None,
            environment: None,
            role_arn_from: None,
            schedule: None,
        }
    }
}
