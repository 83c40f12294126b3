//! Apps: the systems that a connection of Infisical may lead to, as far as Terraform's provider can make the connection.

use keyloom_upstream::terraform::Attribute;
use keyloom_upstream::terraform::infisical::{self, APP_CONNECTIONS, AppConnection, Case};

use crate::named::named;

/// An app, by the name that Infisical's API has for it, such as `azure-key-vault`.
///
/// ```
/// use keyloom_models::app_connection::App;
/// assert_eq!(App::named("aws"), Some(App::AWS));
/// assert_eq!(App::named("azure-key-vault").map(App::resource), Some("infisical_app_connection_azure_key_vault"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct App(&'static str);

/// What the apps are called where people read it.
const TITLES: [(&str, &str); 23] = [
    ("1password", "1Password"),
    ("aws", "AWS"),
    ("azure-app-configuration", "Azure App Configuration"),
    ("azure-client-secrets", "Azure Client Secrets"),
    ("azure-devops", "Azure DevOps"),
    ("azure-key-vault", "Azure Key Vault"),
    ("bitbucket", "Bitbucket"),
    ("circleci", "CircleCI"),
    ("cloudflare", "Cloudflare"),
    ("databricks", "Databricks"),
    ("datadog", "Datadog"),
    ("flyio", "Fly.io"),
    ("gcp", "Google Cloud"),
    ("github", "GitHub"),
    ("gitlab", "GitLab"),
    ("hashicorp-vault", "HashiCorp Vault"),
    ("ldap", "LDAP"),
    ("mssql", "Microsoft SQL Server"),
    ("mysql", "MySQL"),
    ("oracledb", "Oracle Database"),
    ("postgres", "PostgreSQL"),
    ("render", "Render"),
    ("supabase", "Supabase"),
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

    /// The type of the resource in Terraform.
    pub fn resource(self) -> &'static str {
        self.facts().resource
    }

    /// How a connection may log in there, each with the attributes of its credentials.
    pub fn methods(self) -> &'static [Case] {
        self.facts().methods
    }

    /// What the provider demands of its connections.
    pub(crate) fn facts(self) -> &'static AppConnection {
        // A name is made of the same table.
        infisical::app_connection(self.0).unwrap_or(&APP_CONNECTIONS[0])
    }

    /// The attributes of its credentials, sorted.
    pub(crate) fn credentials(self) -> &'static [Attribute] {
        let schema = self.facts().schema();
        schema.and_then(|schema| schema.attribute("credentials")).map_or(&[], |it| it.ty.nested())
    }
}

named! { App of APP_CONNECTIONS by app, called TITLES, or "is not an app" }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_app_of_the_provider_has_a_title_and_each_method_its_attributes() {
        assert!(App::all().map(App::as_str).eq(TITLES.iter().map(|(name, _)| *name)));
        for app in App::all() {
            let known: Vec<_> = app.credentials().iter().map(|it| it.name).collect();
            let named = app.methods().iter().flat_map(|method| method.needs.iter().chain(method.may));
            named.for_each(|attribute| assert!(known.contains(attribute), "{app:?} {attribute}"));
            let all = known.iter().all(|it| app.methods().iter().any(|method| method.has(it)));
            assert!(all, "{app:?}: an attribute of no method");
        }
    }
}
