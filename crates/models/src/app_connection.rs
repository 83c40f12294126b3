//! App connections: how Infisical logs in at the systems that it writes secrets to, as somebody writes it.

use keyloom_syntax::Text;
use schemars::JsonSchema;
use serde::Deserialize;
use validator::{Validate, ValidationErrors};

use crate::defaults::Defaults;
use crate::list::{Declared, List};
use crate::name::SLUG;
use crate::policy::GithubInstance;

pub(crate) mod app;
pub(crate) mod credentials;
mod written;

pub use app::App;
pub use credentials::{
    AppCredentials, AwsCredentials, AzureApp, AzureCredentials, GcpCredentials, GithubCredentials,
};

use crate::credential::Credential;

/// A connection of Infisical to an app (Terraform's `infisical_app_connection_*`).
///
/// ```
/// use keyloom_models::AppConnectionConfig;
/// let role = AppConnectionConfig::aws_role("aws", "arn:aws:iam::123456789012:role/infisical-sync");
/// assert_eq!(role.app().as_str(), "aws");
/// let github = AppConnectionConfig::elsewhere("github", keyloom_models::app_connection::App::GITHUB, "6f1f2c5e-6a8e-4f3a-9a5b-0d3c1f7e2b11");
/// assert!(github.enabled);
/// ```
#[derive(Clone, Debug, PartialEq, Validate)]
pub struct AppConnectionConfig {
    /// Name of the connection: a slug.
    #[validate(length(min = 1, max = 64), regex(path = *SLUG))]
    pub name: Text,
    /// Whether it is made; syncs that are not enabled do not keep it.
    pub enabled: bool,
    /// Made here, or elsewhere.
    pub connection: Connection,
}

/// Where a connection comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Connection {
    /// Made elsewhere, such as in the browser: nothing is rendered for it.
    Elsewhere {
        /// The app that it leads to.
        app: App,
        /// Its id in Infisical.
        id: Text,
    },
    /// Made here.
    Declared(Box<DeclaredConnection>),
}

/// A connection that is made here.
#[derive(Clone, Debug, PartialEq)]
pub struct DeclaredConnection {
    /// How it logs in; none where the app has one way only.
    pub method: Option<Text>,
    /// What it logs in with, and at which app.
    pub credentials: AppCredentials,
    /// What it is for.
    pub description: Option<Text>,
    /// Project that it belongs to; none for the whole organization.
    pub project_id: Option<Text>,
    /// Gateway that it goes through (HashiCorp Vault).
    pub gateway_id: Option<Text>,
    /// Whether its credentials may lie in the state of Terraform or Pulumi.
    pub credentials_in_state: bool,
}

impl AppConnectionConfig {
    /// A connection that is made here, with those credentials.
    pub fn new(name: impl Into<Text>, method: impl Into<Text>, credentials: AppCredentials) -> Self {
        Self {
            name: name.into(),
            enabled: true,
            connection: Connection::Declared(Box::new(DeclaredConnection {
                method: Some(method.into()),
                credentials,
                description: None,
                project_id: None,
                gateway_id: None,
                credentials_in_state: false,
            })),
        }
    }

    /// A connection to AWS by a role that Infisical assumes.
    pub fn aws_role(name: impl Into<Text>, role_arn: impl Into<Text>) -> Self {
        let credentials = AwsCredentials { role_arn: Some(role_arn.into()), ..AwsCredentials::default() };
        Self::new(name, "assume-role", AppCredentials::Aws(credentials))
    }

    /// A connection to AWS by an access key, which lies in the state afterwards.
    pub fn aws_keys(name: impl Into<Text>, access_key_id: Credential, secret_access_key: Credential) -> Self {
        let credentials = AwsCredentials {
            access_key_id: Some(access_key_id),
            secret_access_key: Some(secret_access_key),
            ..AwsCredentials::default()
        };
        Self::new(name, "access-key", AppCredentials::Aws(credentials)).credentials_in_state()
    }

    /// A connection to GitHub by a personal access token, which lies in the state afterwards.
    pub fn github_token(name: impl Into<Text>, token: Credential) -> Self {
        let credentials = GithubCredentials {
            personal_access_token: Some(token),
            instance_type: Some(GithubInstance::Cloud),
            host: None,
        };
        Self::new(name, "pat", AppCredentials::Github(credentials)).credentials_in_state()
    }

    /// A connection that is made elsewhere, by its id.
    pub fn elsewhere(name: impl Into<Text>, app: App, id: impl Into<Text>) -> Self {
        let connection = Connection::Elsewhere { app, id: id.into() };
        Self { name: name.into(), enabled: true, connection }
    }

    /// Allows its credentials to lie in the state of Terraform or Pulumi.
    #[must_use]
    pub fn credentials_in_state(mut self) -> Self {
        if let Connection::Declared(declared) = &mut self.connection {
            declared.credentials_in_state = true;
        }
        self
    }

    /// Binds it to a project in place of the whole organization.
    #[must_use]
    pub fn project(mut self, id: impl Into<Text>) -> Self {
        if let Connection::Declared(declared) = &mut self.connection {
            declared.project_id = Some(id.into());
        }
        self
    }

    /// The app that it leads to.
    pub fn app(&self) -> App {
        match &self.connection {
            Connection::Elsewhere { app, .. } => *app,
            Connection::Declared(declared) => declared.credentials.app(),
        }
    }
}

impl Declared for AppConnectionConfig {
    const LIST: List = List::AppConnections;

    /// Nothing of the defaults is about Infisical.
    fn fill(&mut self, _: &Defaults) {}

    fn identity(&self) -> (&'static str, Option<&Text>, &Text) {
        ("app connection", None, &self.name)
    }

    fn limits(&self) -> ValidationErrors {
        self.validate().err().unwrap_or_default()
    }
}

/// A connection of Infisical that is not declared: its id and the app that it leads to.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ElsewhereConnection {
    /// Its id in Infisical.
    #[schemars(length(min = 1))]
    pub id: Text,
    /// The app that it leads to.
    pub app: App,
}
