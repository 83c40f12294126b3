//! What a connection logs in with: a type for each app that many use, and a block for all others.

use keyloom_syntax::{Block, Text};
use schemars::JsonSchema;
use serde::{Deserialize, de};

use super::App;
use crate::attributes::{Fields, fields_of_block};
use crate::credential::Credential;
use crate::policy::GithubInstance;

/// What a connection logs in with.
#[derive(Clone, Debug, PartialEq)]
pub enum AppCredentials {
    /// At AWS.
    Aws(AwsCredentials),
    /// At GitHub.
    Github(GithubCredentials),
    /// At Google Cloud.
    Gcp(GcpCredentials),
    /// At Azure, for one of its apps.
    Azure(AzureApp, AzureCredentials),
    /// Anywhere else: the provider's attributes in camelCase.
    Carried(App, Block),
}

/// The apps of Azure that log in alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AzureApp {
    /// Azure Key Vault.
    KeyVault,
    /// Azure App Configuration.
    AppConfiguration,
    /// Azure Client Secrets.
    ClientSecrets,
}

/// Credentials of a connection to AWS: a role that Infisical assumes, or an access key.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "the credentials of a connection to AWS"))]
pub struct AwsCredentials {
    /// Method `assume-role`: ARN of the role, which trusts Infisical's account with the organization's or project's id as external id.
    pub role_arn: Option<Text>,
    /// Method `assume-role`: address of another STS, below `amazonaws.com`.
    pub sts_endpoint: Option<Text>,
    /// Method `access-key`: id of the key.
    pub access_key_id: Option<Credential>,
    /// Method `access-key`: the key itself.
    pub secret_access_key: Option<Credential>,
}

/// Credentials of a connection to GitHub: a personal access token. A connection by app or OAuth is made in the browser, and
/// declared by its `id`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "the credentials of a connection to GitHub"))]
pub struct GithubCredentials {
    /// The token.
    pub personal_access_token: Option<Credential>,
    /// Which GitHub it is, default `cloud`.
    pub instance_type: Option<GithubInstance>,
    /// Name of the GitHub Enterprise Server, with `instanceType: server` alone.
    pub host: Option<Text>,
}

/// Credentials of a connection to Google Cloud: a service account that Infisical impersonates.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "the credentials of a connection to Google Cloud"))]
pub struct GcpCredentials {
    /// E-mail of the service account; the part before the `@` ends with the beginning of the organization's id.
    pub service_account_email: Option<Text>,
}

/// Credentials of a connection to Azure: a client secret of an app registration.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-noun" = "the credentials of a connection to Azure"))]
pub struct AzureCredentials {
    /// Id of the tenant (directory).
    pub tenant_id: Option<Text>,
    /// Id of the app registration.
    pub client_id: Option<Text>,
    /// The client secret.
    pub client_secret: Option<Credential>,
}

impl AzureApp {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::KeyVault, Self::AppConfiguration, Self::ClientSecrets];

    /// The app.
    pub const fn app(self) -> App {
        match self {
            Self::KeyVault => App::AZURE_KEY_VAULT,
            Self::AppConfiguration => App::AZURE_APP_CONFIGURATION,
            Self::ClientSecrets => App::AZURE_CLIENT_SECRETS,
        }
    }
}

impl AppCredentials {
    /// The app that they are for.
    pub fn app(&self) -> App {
        match self {
            Self::Aws(_) => App::AWS,
            Self::Github(_) => App::GITHUB,
            Self::Gcp(_) => App::GCP,
            Self::Azure(app, _) => app.app(),
            Self::Carried(app, _) => *app,
        }
    }

    /// Reads those of that app; its shape has been checked.
    pub(super) fn read(app: App, written: Block) -> Result<Self, de::value::Error> {
        if let Some(azure) = AzureApp::ALL.into_iter().find(|azure| azure.app() == app) {
            return Ok(Self::Azure(azure, Deserialize::deserialize(&written)?));
        }
        Ok(match app {
            App::AWS => Self::Aws(Deserialize::deserialize(&written)?),
            App::GITHUB => Self::Github(Deserialize::deserialize(&written)?),
            App::GCP => Self::Gcp(Deserialize::deserialize(&written)?),
            other => Self::Carried(other, written),
        })
    }

    /// What is said, attribute by attribute. What is empty is not there.
    pub(crate) fn fields(&self) -> Fields {
        let mut fields = Fields::default();
        match self {
            Self::Aws(it) => {
                fields.text("role_arn", it.role_arn.as_ref());
                fields.text("sts_endpoint", it.sts_endpoint.as_ref());
                fields.credential("access_key_id", it.access_key_id.as_ref());
                fields.credential("secret_access_key", it.secret_access_key.as_ref());
            }
            Self::Github(it) => {
                fields.credential("personal_access_token", it.personal_access_token.as_ref());
                fields.word("instance_type", it.instance_type.map(GithubInstance::as_str));
                fields.text("host", it.host.as_ref());
            }
            Self::Gcp(it) => fields.text("service_account_email", it.service_account_email.as_ref()),
            Self::Azure(_, it) => {
                fields.text("tenant_id", it.tenant_id.as_ref());
                fields.text("client_id", it.client_id.as_ref());
                fields.credential("client_secret", it.client_secret.as_ref());
            }
            Self::Carried(_, block) => fields = fields_of_block(block),
        }
        fields
    }
}
