//! Pipelines: secrets that are kept at GitHub and written to AWS Secrets Manager, from where the operator reads them, as
//! somebody writes it.

use indexmap::IndexMap;
use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::{Validate, ValidationError, ValidationErrors};

use crate::defaults::Defaults;
use crate::duration::Duration;
use crate::list::{Declared, List};
use crate::name::{OBJECT_NAME, SLUG};
use crate::reference::SecretStoreRef;

use patterns::{ALLOWED, ROLE};

mod aws;
mod github;
pub(crate) mod names;
pub(crate) mod partition;
pub(crate) mod patterns;
mod secret;
mod terraform;

pub use aws::PipelineAws;
pub use github::{PipelineGithub, RepositoryIds, Setting};
pub use secret::{PipelineSecretConfig, PipelineTarget};
pub use terraform::{CloudBackend, PipelineBackend, PipelineTerraform, S3Backend};

/// Secrets on their way from GitHub to pods: GitHub's Actions secrets, a workflow, AWS Secrets Manager, the operator, a
/// Kubernetes Secret. One entry of `secrets` makes all of it.
///
/// ```
/// use keyloom_models::PipelineConfig;
/// use keyloom_models::pipeline::{PipelineAws, PipelineGithub, PipelineTerraform};
/// let pipeline = PipelineConfig::new(
///     "lornu-ai",
///     PipelineGithub::new("lornu-ai/lornu-ai"),
///     PipelineAws::new("123456789012", "us-east-2"),
///     PipelineTerraform::s3("lornu-ai-state", "keyloom/lornu-ai", "us-east-2"),
/// )
/// .secret("production", "lornu-ai-secrets")
/// .secrets(["RESEND_API_KEY"]);
/// assert_eq!(pipeline.secrets[0].name, "RESEND_API_KEY");
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "a pipeline"))]
pub struct PipelineConfig {
    /// Name of the pipeline: lower-case letters, digits and single hyphens between them. Its files, its role and its store are
    /// called after it.
    #[validate(length(min = 1, max = 40), regex(path = *SLUG))]
    pub name: Text,
    /// Where the values are kept: the Actions secrets of a repository at GitHub.
    #[validate(nested)]
    pub github: PipelineGithub,
    /// Where they are written to: AWS Secrets Manager of one account and region.
    #[validate(nested)]
    pub aws: PipelineAws,
    /// How Terraform makes the secrets there.
    #[validate(nested)]
    pub terraform: PipelineTerraform,
    /// How the operator reads them.
    #[serde(default)]
    #[validate(nested)]
    pub eso: PipelineEso,
    /// Store that the operator reads them through; without it one is made, called like the pipeline, in each namespace.
    pub secret_store_ref: Option<SecretStoreRef>,
    /// The Kubernetes Secret that holds what no entry sends elsewhere.
    #[validate(nested)]
    pub secret: Option<PipelineTarget>,
    /// How often the operator reads them again, default that of `defaults`, or 1h.
    pub refresh_interval: Option<Duration>,
    /// The secrets: a name each, or a name and what is called otherwise somewhere.
    #[schemars(length(min = 1))]
    #[validate(nested)]
    pub secrets: Vec<PipelineSecretConfig>,
    /// Labels of the Kubernetes objects.
    #[serde(default)]
    pub labels: IndexMap<String, Text>,
    /// Annotations of the Kubernetes objects.
    #[serde(default)]
    pub annotations: IndexMap<String, Text>,
}

/// How the operator reads what a pipeline writes.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "the operator's side of a pipeline"))]
pub struct PipelineEso {
    /// Name of the role in IAM that the operator has already; the policy to read the secrets is attached to it. Without it
    /// nothing is attached.
    #[validate(regex(path = *ROLE))]
    #[schemars(extend("x-on" = {"pattern": {"message": "{value} is not the name of a role", "fix": "write the name alone, without a path: letters, digits and +=,.@_-"}}))]
    pub role_name: Option<String>,
    /// What policies of that role allow already, where somebody else attaches them: names in AWS or ARNs, with `*` and `?`, such
    /// as `lornu-ai/*`. Nothing is attached then, and every secret must be covered.
    #[validate(length(min = 1), custom(function = "allowed"))]
    #[schemars(length(min = 1), inner(regex(pattern = *ALLOWED)))]
    pub allows: Option<Vec<String>>,
    /// Service account that carries the role, in the namespace of the store that is made; without it the operator's own.
    #[validate(length(min = 1, max = 253), regex(path = *OBJECT_NAME))]
    pub service_account: Option<Text>,
}

/// Every pattern has its form.
fn allowed(patterns: &[String]) -> Result<(), ValidationError> {
    match patterns.iter().all(|pattern| ALLOWED.is_match(pattern)) {
        true => Ok(()),
        false => Err(ValidationError::new("regex")),
    }
}

impl PipelineConfig {
    /// A pipeline without secrets yet.
    pub fn new(
        name: impl Into<Text>,
        github: PipelineGithub,
        aws: PipelineAws,
        terraform: PipelineTerraform,
    ) -> Self {
        Self {
            name: name.into(),
            github,
            aws,
            terraform,
            eso: PipelineEso::default(),
            secret_store_ref: None,
            secret: None,
            refresh_interval: None,
            secrets: Vec::new(),
            labels: IndexMap::new(),
            annotations: IndexMap::new(),
        }
    }

    /// Sets the Kubernetes Secret that entries go to.
    #[must_use]
    pub fn secret(mut self, namespace: impl Into<Text>, name: impl Into<Text>) -> Self {
        self.secret =
            Some(PipelineTarget { namespace: Some(namespace.into()), name: Some(name.into()), key: None });
        self
    }

    /// Adds secrets.
    #[must_use]
    pub fn secrets<T: Into<PipelineSecretConfig>>(mut self, secrets: impl IntoIterator<Item = T>) -> Self {
        self.secrets.extend(secrets.into_iter().map(Into::into));
        self
    }

    /// Sets the role of the operator that the policy to read is attached to.
    #[must_use]
    pub fn eso_role(mut self, name: impl Into<String>) -> Self {
        self.eso.role_name = Some(name.into());
        self
    }
}

impl Declared for PipelineConfig {
    const LIST: List = List::Pipelines;

    fn fill(&mut self, defaults: &Defaults) {
        defaults.fill_maps(&mut self.labels, &mut self.annotations);
        if self.refresh_interval.is_none() {
            self.refresh_interval = defaults.refresh_interval;
        }
        if let Some(secret) = &mut self.secret {
            defaults.fill_namespace(&mut secret.namespace);
        }
        let elsewhere = self.secrets.iter_mut().flat_map(|secret| &mut secret.targets);
        let fallback = self.secret.as_ref().and_then(|secret| secret.namespace.clone());
        for target in elsewhere.filter(|target| target.namespace.is_none()) {
            target.namespace.clone_from(&fallback);
            defaults.fill_namespace(&mut target.namespace);
        }
    }

    fn identity(&self) -> (&'static str, Option<&Text>, &Text) {
        ("pipeline", None, &self.name)
    }

    fn limits(&self) -> ValidationErrors {
        self.validate().err().unwrap_or_default()
    }
}
