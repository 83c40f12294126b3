//! Apps, their methods, and the credentials that each takes.

/// A method of an app.
pub(crate) struct Method {
    pub(crate) app: &'static str,
    pub(crate) name: &'static str,
    pub(crate) required: &'static [&'static str],
    pub(crate) optional: &'static [&'static str],
}

const fn method(
    app: &'static str,
    name: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
) -> Method {
    Method { app, name, required, optional }
}

const CLIENT_SECRET: &[&str] = &["clientId", "clientSecret", "tenantId"];
const CERTIFICATE: &[&str] = &["clientId", "tenantId", "certificateBody", "privateKey"];
const DATABASE: &[&str] = &["host", "port", "database", "username", "password"];
const DATABASE_TLS: &[&str] = &["sslEnabled", "sslRejectUnauthorized", "sslCertificate"];
const PASSWORD: &str = "username-and-password";

/// What is known of apps' methods; browser flows are left out, for no program can go through them.
pub(crate) const METHODS: &[Method] = &[
    method("aws", "assume-role", &["roleArn"], &["stsEndpoint"]),
    method("aws", "access-key", &["accessKeyId", "secretAccessKey"], &[]),
    method("github", "pat", &["personalAccessToken"], &["instanceType", "host"]),
    method("gcp", "service-account-impersonation", &["serviceAccountEmail"], &[]),
    method("azure-key-vault", "client-secret", CLIENT_SECRET, &[]),
    method("azure-key-vault", "certificate", CERTIFICATE, &[]),
    method("azure-app-configuration", "client-secret", CLIENT_SECRET, &[]),
    method("azure-client-secrets", "client-secret", CLIENT_SECRET, &[]),
    method("azure-client-secrets", "certificate", CERTIFICATE, &[]),
    method("azure-devops", "access-token", &["accessToken", "orgName"], &[]),
    method("azure-devops", "client-secret", &["clientId", "clientSecret", "tenantId", "orgName"], &[]),
    method("gitlab", "access-token", &["accessToken", "accessTokenType"], &["instanceUrl"]),
    method("hashicorp-vault", "access-token", &["instanceUrl", "accessToken"], &["namespace"]),
    method("hashicorp-vault", "app-role", &["instanceUrl", "roleId", "secretId"], &["namespace"]),
    method("postgres", PASSWORD, DATABASE, DATABASE_TLS),
    method("mysql", PASSWORD, DATABASE, DATABASE_TLS),
    method("mssql", PASSWORD, DATABASE, DATABASE_TLS),
    method("oracledb", PASSWORD, DATABASE, DATABASE_TLS),
    method(
        "ldap",
        "simple-bind",
        &["provider", "url", "dn", "password"],
        &["sslRejectUnauthorized", "sslCertificate"],
    ),
    method("databricks", "service-principal", &["clientId", "clientSecret", "workspaceUrl"], &[]),
    method("cloudflare", "api-token", &["accountId", "apiToken"], &[]),
    method("1password", "api-token", &["instanceUrl", "apiToken"], &[]),
    method("supabase", "access-token", &["accessKey"], &["instanceUrl"]),
    method("bitbucket", "api-token", &["apiToken", "email"], &[]),
    method("circleci", "api-token", &["apiToken"], &["host"]),
    method("datadog", "api-key", &["apiKey", "applicationKey", "url"], &[]),
    method("flyio", "access-token", &["accessToken"], &[]),
    method("render", "api-key", &["apiKey"], &[]),
];

/// Credentials that are no secrets, and stand in answers.
const PUBLIC: &[&str] = &[
    "roleArn",
    "stsEndpoint",
    "accessKeyId",
    "instanceType",
    "host",
    "port",
    "database",
    "username",
    "serviceAccountEmail",
    "clientId",
    "tenantId",
    "orgName",
    "instanceUrl",
    "namespace",
    "roleId",
    "accessTokenType",
    "sslEnabled",
    "sslRejectUnauthorized",
    "sslCertificate",
    "provider",
    "url",
    "dn",
    "workspaceUrl",
    "accountId",
    "email",
];

/// Whether a credential may be shown.
pub(crate) fn is_public(credential: &str) -> bool {
    PUBLIC.contains(&credential)
}

/// Whether there is such an app.
pub(crate) fn is_app(name: &str) -> bool {
    METHODS.iter().any(|method| method.app == name)
}

/// Methods of an app.
pub(crate) fn methods(app: &str) -> impl Iterator<Item = &'static Method> {
    METHODS.iter().filter(move |method| method.app == app)
}
