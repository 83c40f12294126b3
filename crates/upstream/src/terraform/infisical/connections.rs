//! App connections: methods, credentials of each, words and defaults.

use super::{Case, Default, Words, case};
use crate::terraform::{Kind, Schema, schema};

/// A kind of app connection that the provider can make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AppConnection {
    /// The type of the Terraform resource.
    pub resource: &'static str,
    /// What the API calls the app.
    pub app: &'static str,
    /// The values of `method` that the provider takes, with their attributes in `credentials`. What the API has beyond
    /// them, such as OAuth, needs a browser.
    pub methods: &'static [Case],
    /// Credentials that may be certain words only.
    pub words: &'static [Words],
    /// What is set for a credential that is left out.
    pub defaults: &'static [(&'static str, Default)],
}

impl AppConnection {
    /// The schema of its resource.
    pub fn schema(&self) -> Option<&'static Schema> {
        schema(Kind::Resource, self.resource)
    }

    const fn new(resource: &'static str, app: &'static str, methods: &'static [Case]) -> Self {
        Self { resource, app, methods, words: &[], defaults: &[] }
    }

    const fn words(self, words: &'static [Words]) -> Self {
        Self { words, ..self }
    }

    const fn defaults(self, defaults: &'static [(&'static str, Default)]) -> Self {
        Self { defaults, ..self }
    }
}

/// Any of them, by the app's name.
pub const APP_CONNECTIONS: &[AppConnection] = &[
    AppConnection::new(
        "infisical_app_connection_1password",
        "1password",
        &[case("api-token", &["api_token", "instance_url"], &[])],
    ),
    AppConnection::new(
        "infisical_app_connection_aws",
        "aws",
        &[
            case("assume-role", &["role_arn"], &["sts_endpoint"]),
            case("access-key", &["access_key_id", "secret_access_key"], &[]),
        ],
    ),
    AppConnection::new("infisical_app_connection_azure_app_configuration", "azure-app-configuration", AZURE),
    AppConnection::new("infisical_app_connection_azure_client_secrets", "azure-client-secrets", AZURE),
    AppConnection::new(
        "infisical_app_connection_azure_devops",
        "azure-devops",
        &[
            case("access-token", &["access_token", "organization_name"], &[]),
            case("client-secret", &["client_id", "client_secret", "organization_name", "tenant_id"], &[]),
        ],
    ),
    AppConnection::new("infisical_app_connection_azure_key_vault", "azure-key-vault", AZURE),
    AppConnection::new(
        "infisical_app_connection_bitbucket",
        "bitbucket",
        &[case("api-token", &["api_token", "email"], &[])],
    ),
    AppConnection::new(
        "infisical_app_connection_circleci",
        "circleci",
        &[case("api-token", &["api_token"], &["host"])],
    ),
    AppConnection::new(
        "infisical_app_connection_cloudflare",
        "cloudflare",
        &[case("api-token", &["account_id", "api_token"], &[])],
    ),
    AppConnection::new(
        "infisical_app_connection_databricks",
        "databricks",
        &[case("service-principal", &["client_id", "client_secret", "workspace_url"], &[])],
    ),
    AppConnection::new(
        "infisical_app_connection_datadog",
        "datadog",
        &[case("api-key", &["api_key", "application_key", "url"], &[])],
    ),
    AppConnection::new(
        "infisical_app_connection_flyio",
        "flyio",
        &[case("access-token", &["access_token"], &[])],
    ),
    AppConnection::new(
        "infisical_app_connection_gcp",
        "gcp",
        &[case("service-account-impersonation", &["service_account_email"], &[])],
    ),
    // A server needs `host` as well: see `GITHUB_SERVER`.
    AppConnection::new(
        "infisical_app_connection_github",
        "github",
        &[case("pat", &["personal_access_token"], &["host", "instance_type"])],
    )
    .words(&[Words { attribute: "instance_type", words: &["cloud", "server"] }])
    .defaults(&[("instance_type", Default::Text("cloud"))]),
    AppConnection::new(
        "infisical_app_connection_gitlab",
        "gitlab",
        &[case("access-token", &["access_token", "access_token_type"], &["instance_url"])],
    )
    .words(&[Words { attribute: "access_token_type", words: &["project", "personal", "group"] }]),
    AppConnection::new(
        "infisical_app_connection_hashicorp_vault",
        "hashicorp-vault",
        &[
            case("access-token", &["access_token", "instance_url"], &["namespace"]),
            case("app-role", &["instance_url", "role_id", "secret_id"], &["namespace"]),
        ],
    ),
    AppConnection::new(
        "infisical_app_connection_ldap",
        "ldap",
        &[case(
            "simple-bind",
            &["dn", "password", "provider", "url"],
            &["ssl_certificate", "ssl_reject_unauthorized"],
        )],
    )
    .defaults(&[("ssl_reject_unauthorized", Default::Bool(true))]),
    AppConnection::new("infisical_app_connection_mssql", "mssql", DATABASE)
        .defaults(const { &database(1433, true) }),
    AppConnection::new("infisical_app_connection_mysql", "mysql", DATABASE)
        .defaults(const { &database(3306, true) }),
    AppConnection::new("infisical_app_connection_oracledb", "oracledb", DATABASE)
        .defaults(const { &database(1521, false) }),
    AppConnection::new("infisical_app_connection_postgres", "postgres", DATABASE)
        .defaults(const { &database(5432, true) }),
    AppConnection::new("infisical_app_connection_render", "render", &[case("api-key", &["api_key"], &[])]),
    AppConnection::new(
        "infisical_app_connection_supabase",
        "supabase",
        &[case("access-token", &["access_key"], &["instance_url"])],
    ),
];

const AZURE: &[Case] = &[case("client-secret", &["client_id", "client_secret", "tenant_id"], &[])];

const DATABASE: &[Case] = &[case(
    "username-and-password",
    &["database", "host", "password", "username"],
    &["port", "ssl_certificate", "ssl_enabled", "ssl_reject_unauthorized"],
)];

/// What a database has when nothing is said: its usual port, TLS except for Oracle, and certificates that must be right.
const fn database(port: u32, ssl: bool) -> [(&'static str, Default); 3] {
    [
        ("port", Default::Number(port)),
        ("ssl_enabled", Default::Bool(ssl)),
        ("ssl_reject_unauthorized", Default::Bool(true)),
    ]
}
