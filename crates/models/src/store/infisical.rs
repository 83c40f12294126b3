//! Infisical: its address, its scope, and the ways to log in.

use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::Validate;

use crate::finding::Place;
use crate::selector::{CaProvider, SecretKeySelector};

mod address;
mod aliases;
mod auth;
mod rules;
mod service_token;
pub use auth::{
    AzureAuth, GcpIamAuth, IdentityAuth, InfisicalAuth, JwtAuth, KubernetesAuth, LdapAuth, OciAuth,
    TokenAuth, UniversalAuth,
};

pub(crate) use address::address;
pub(crate) use rules::{check, newer};

/// The operator checks a cluster-scoped store without a namespace of its own, so every reference must name one.
pub(crate) const NEEDS_NAMESPACES: bool = true;

/// Access to one environment of one Infisical project (ESO's `spec.provider.infisical`).
///
/// In Infisical a path is a folder and a name: `/databases/postgres/host` is the secret `host` in the folder
/// `/databases/postgres`.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(transform = service_token::in_block)]
pub struct InfisicalConfig {
    /// Slug of the project, as in its settings; neither its id nor its display name (ESO's `secretsScope.projectSlug`).
    #[schemars(extend("x-aliases" = ["secretsScope.projectSlug"]))]
    #[validate(length(min = 1))]
    pub project_slug: Text,
    /// Slug of the environment, such as `prod` (ESO's `secretsScope.environmentSlug`).
    #[schemars(extend("x-aliases" = ["environmentSlug", "secretsScope.environmentSlug"]))]
    #[validate(length(min = 1))]
    pub environment: Text,
    /// Folder that paths without a leading `/` start from, default `/`. The identity must be allowed to list it (ESO's `secretsScope.secretsPath`).
    #[schemars(extend("x-aliases" = ["secretsScope.secretsPath"]))]
    pub secrets_path: Option<Text>,
    /// Whether `find` and the store's own check look into sub-folders, default false; single reads never do (ESO's `secretsScope.recursive`).
    #[schemars(extend("x-aliases" = ["secretsScope.recursive"]))]
    pub recursive: Option<bool>,
    /// Whether references inside values, such as `${prod.db.PASSWORD}`, are replaced by what they name, default true (ESO's `secretsScope.expandSecretReferences`).
    #[schemars(extend("x-aliases" = ["secretsScope.expandSecretReferences"]))]
    pub expand_secret_references: Option<bool>,
    /// Slug of the sub-organisation to log in to (ESO's `secretsScope.organizationSlug`; ESO 2.9).
    #[schemars(extend("x-aliases" = ["secretsScope.organizationSlug"]))]
    pub organization_slug: Option<Text>,
    /// Base address of the server, default `https://app.infisical.com/api`; `/api` may be left out.
    #[serde(rename = "hostAPI")]
    pub host_api: Option<Text>,
    /// Certificate authority of the server: base64 of its PEM text.
    #[schemars(transform = crate::schema::base64)]
    pub ca_bundle: Option<Text>,
    /// Where the certificate authority of the server lies in the cluster; not together with `caBundle`.
    #[validate(nested)]
    pub ca_provider: Option<CaProvider>,
    /// How the operator logs in: exactly one method.
    pub auth: InfisicalAuth,
}

impl InfisicalConfig {
    /// A project's environment. [`auth`](Self::auth) says how to log in; until then it is the operator pod's own
    /// Kubernetes identity without a name, which validation refuses.
    pub fn new(project_slug: impl Into<Text>, environment: impl Into<Text>) -> Self {
        Self {
            project_slug: project_slug.into(),
            environment: environment.into(),
            secrets_path: None,
            recursive: None,
            expand_secret_references: None,
            organization_slug: None,
            host_api: None,
            ca_bundle: None,
            ca_provider: None,
            auth: InfisicalAuth::KubernetesAuth(KubernetesAuth::default()),
        }
    }

    /// Which part of the backend it reads.
    pub(crate) fn scope(&self) -> Vec<(&'static str, Text)> {
        let mut scope =
            vec![("project", self.project_slug.clone()), ("environment", self.environment.clone())];
        scope.extend(self.secrets_path.clone().map(|path| ("folder", path)));
        scope
    }

    /// Every Secret reference of the block, at its place.
    pub(crate) fn selectors_mut(
        &mut self,
        place: &Place,
        meet: &mut impl FnMut(&Place, &mut SecretKeySelector),
    ) {
        let at = place.at("auth").at(self.auth.name());
        for (field, selector) in self.auth.selectors_mut() {
            meet(&at.at(field), selector);
        }
    }

    /// Sets how the operator logs in.
    #[must_use]
    pub fn auth(mut self, auth: impl Into<InfisicalAuth>) -> Self {
        self.auth = auth.into();
        self
    }

    /// Sets the server's base address.
    #[must_use]
    pub fn host_api(mut self, host_api: impl Into<Text>) -> Self {
        self.host_api = Some(host_api.into());
        self
    }

    /// Sets the folder that relative paths start from.
    #[must_use]
    pub fn secrets_path(mut self, secrets_path: impl Into<Text>) -> Self {
        self.secrets_path = Some(secrets_path.into());
        self
    }
}
