//! Apps: the systems that a connection of Infisical may lead to, as far as Terraform's provider can make the connection.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, de};

/// An app, by the name that Infisical's API has for it, such as `azure-key-vault`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct App(&'static str);

/// What is known of an app.
pub(crate) struct Row {
    name: &'static str,
    /// What it is called.
    pub(crate) title: &'static str,
    /// How a connection logs in there.
    pub(crate) methods: &'static [Method],
}

/// A way to log in. Attributes are spelled as the provider has them.
pub(crate) struct Method {
    /// The word for it.
    pub(crate) word: &'static str,
    /// What it needs.
    pub(crate) required: &'static [&'static str],
    /// What it takes besides.
    pub(crate) optional: &'static [&'static str],
}

impl Method {
    /// Whether the attribute belongs to it.
    pub(crate) fn takes(&self, attribute: &str) -> bool {
        self.required.iter().chain(self.optional).any(|own| *own == attribute)
    }
}

const fn method(
    word: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
) -> Method {
    Method { word, required, optional }
}

const fn row(name: &'static str, title: &'static str, methods: &'static [Method]) -> Row {
    Row { name, title, methods }
}

const AZURE: &[Method] = &[method("client-secret", &["tenant_id", "client_id", "client_secret"], &[])];
const SQL: &[Method] = &[method(
    "username-and-password",
    &["host", "database", "username", "password"],
    &["port", "ssl_enabled", "ssl_reject_unauthorized", "ssl_certificate"],
)];

/// Every app, by name. Which attributes there are says the provider's schema; which belongs to which method it does not.
const APPS: &[Row] = &[
    row("1password", "1Password", &[method("api-token", &["instance_url", "api_token"], &[])]),
    row(
        "aws",
        "AWS",
        &[
            method("assume-role", &["role_arn"], &["sts_endpoint"]),
            method("access-key", &["access_key_id", "secret_access_key"], &[]),
        ],
    ),
    row("azure-app-configuration", "Azure App Configuration", AZURE),
    row("azure-client-secrets", "Azure Client Secrets", AZURE),
    row(
        "azure-devops",
        "Azure DevOps",
        &[
            method("access-token", &["organization_name", "access_token"], &[]),
            method("client-secret", &["organization_name", "tenant_id", "client_id", "client_secret"], &[]),
        ],
    ),
    row("azure-key-vault", "Azure Key Vault", AZURE),
    row("bitbucket", "Bitbucket", &[method("api-token", &["email", "api_token"], &[])]),
    row("circleci", "CircleCI", &[method("api-token", &["api_token"], &["host"])]),
    row("cloudflare", "Cloudflare", &[method("api-token", &["account_id", "api_token"], &[])]),
    row(
        "databricks",
        "Databricks",
        &[method("service-principal", &["client_id", "client_secret", "workspace_url"], &[])],
    ),
    row("datadog", "Datadog", &[method("api-key", &["url", "api_key", "application_key"], &[])]),
    row("flyio", "Fly.io", &[method("access-token", &["access_token"], &[])]),
    row("gcp", "Google Cloud", &[method("service-account-impersonation", &["service_account_email"], &[])]),
    row("github", "GitHub", &[method("pat", &["personal_access_token"], &["instance_type", "host"])]),
    row(
        "gitlab",
        "GitLab",
        &[method("access-token", &["access_token", "access_token_type"], &["instance_url"])],
    ),
    row(
        "hashicorp-vault",
        "HashiCorp Vault",
        &[
            method("access-token", &["instance_url", "access_token"], &["namespace"]),
            method("app-role", &["instance_url", "role_id", "secret_id"], &["namespace"]),
        ],
    ),
    row(
        "ldap",
        "LDAP",
        &[method(
            "simple-bind",
            &["provider", "url", "dn", "password"],
            &["ssl_reject_unauthorized", "ssl_certificate"],
        )],
    ),
    row("mssql", "Microsoft SQL Server", SQL),
    row("mysql", "MySQL", SQL),
    row("oracledb", "Oracle Database", SQL),
    row("postgres", "PostgreSQL", SQL),
    row("render", "Render", &[method("api-key", &["api_key"], &[])]),
    row("supabase", "Supabase", &[method("access-token", &["access_key"], &["instance_url"])]),
];

impl App {
    /// AWS.
    pub const AWS: Self = Self("aws");
    /// GitHub.
    pub const GITHUB: Self = Self("github");
    /// Google Cloud.
    pub const GCP: Self = Self("gcp");
    /// Azure Key Vault.
    pub const AZURE_KEY_VAULT: Self = Self("azure-key-vault");
    /// Azure App Configuration.
    pub const AZURE_APP_CONFIGURATION: Self = Self("azure-app-configuration");
    /// Azure Client Secrets.
    pub const AZURE_CLIENT_SECRETS: Self = Self("azure-client-secrets");

    /// Every app, by name.
    pub fn all() -> impl Iterator<Item = Self> {
        APPS.iter().map(|row| Self(row.name))
    }

    /// The app of that name.
    ///
    /// ```
    /// use keyloom_models::app_connection::App;
    /// assert_eq!(App::named("aws"), Some(App::AWS));
    /// assert_eq!(App::named("azure-key-vault").map(App::resource).as_deref(), Some("infisical_app_connection_azure_key_vault"));
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|app| app.0 == name)
    }

    /// Its name in Infisical's API.
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// What it is called.
    pub fn title(self) -> &'static str {
        self.row().title
    }

    /// The type of the resource in Terraform.
    pub fn resource(self) -> String {
        ["infisical_app_connection_", &self.0.replace('-', "_")].concat()
    }

    /// How a connection may log in there.
    pub fn methods(self) -> impl Iterator<Item = &'static str> {
        self.row().methods.iter().map(|method| method.word)
    }

    /// What is known of it.
    pub(crate) fn row(self) -> &'static Row {
        // A name is made of the same table.
        APPS.iter().find(|row| row.name == self.0).unwrap_or(&APPS[0])
    }
}

impl<'de> Deserialize<'de> for App {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Self::named(&word).ok_or_else(|| de::Error::custom(format_args!("`{word}` is not an app")))
    }
}

impl JsonSchema for App {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "App".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<_> = Self::all().map(Self::as_str).collect();
        schemars::json_schema!({ "type": "string", "enum": words })
    }
}
