//! Kinds of syncs: the destinations that Terraform's provider can make a sync to.

use keyloom_upstream::terraform::Attribute;
use keyloom_upstream::terraform::infisical::{self, SECRET_SYNCS, SecretSync};

use crate::app_connection::App;
use crate::named::named;

/// Kind of a sync: its destination, by the name that Infisical's API has for it, such as `aws-secrets-manager`.
///
/// ```
/// use keyloom_models::secret_sync::SyncKind;
/// assert_eq!(SyncKind::named("github").map(SyncKind::resource), Some("infisical_secret_sync_github"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SyncKind(&'static str);

/// What the destinations are called where people read it.
const TITLES: [(&str, &str); 17] = [
    ("1password", "1Password"),
    ("aws-parameter-store", "AWS Parameter Store"),
    ("aws-secrets-manager", "AWS Secrets Manager"),
    ("azure-app-configuration", "Azure App Configuration"),
    ("azure-devops", "Azure DevOps"),
    ("azure-key-vault", "Azure Key Vault"),
    ("bitbucket", "Bitbucket"),
    ("circleci", "CircleCI"),
    ("cloudflare-pages", "Cloudflare Pages"),
    ("cloudflare-workers", "Cloudflare Workers"),
    ("databricks", "Databricks"),
    ("flyio", "Fly.io"),
    ("gcp-secret-manager", "Google Secret Manager"),
    ("github", "GitHub"),
    ("gitlab", "GitLab"),
    ("render", "Render"),
    ("supabase", "Supabase"),
];

impl SyncKind {
    /// AWS Secrets Manager.
    pub const AWS_SECRETS_MANAGER: Self = Self("aws-secrets-manager");
    /// AWS Parameter Store.
    pub const AWS_PARAMETER_STORE: Self = Self("aws-parameter-store");
    /// GitHub Actions.
    pub const GITHUB: Self = Self("github");
    /// Google Secret Manager.
    pub const GCP_SECRET_MANAGER: Self = Self("gcp-secret-manager");
    /// Azure Key Vault.
    pub const AZURE_KEY_VAULT: Self = Self("azure-key-vault");
    /// Azure DevOps, whose syncs have no initial behavior to choose.
    pub(crate) const AZURE_DEVOPS: Self = Self("azure-devops");

    /// The app that its connection leads to.
    pub fn app(self) -> App {
        App::named(self.facts().app).unwrap_or(App::AWS)
    }

    /// Whether Infisical can read the destination back, as importing wants.
    pub fn can_import(self) -> bool {
        self.facts().imports
    }

    /// Whether it is a destination in AWS, whose secrets have keys of KMS and tags.
    pub fn is_aws(self) -> bool {
        self == Self::AWS_SECRETS_MANAGER || self == Self::AWS_PARAMETER_STORE
    }

    /// The type of the resource in Terraform.
    pub fn resource(self) -> &'static str {
        self.facts().resource
    }

    /// What the provider demands of its syncs.
    pub(crate) fn facts(self) -> &'static SecretSync {
        // A name is made of the same table.
        infisical::secret_sync(self.0).unwrap_or(&SECRET_SYNCS[0])
    }

    /// The attributes of its destination, sorted.
    pub(crate) fn destination(self) -> &'static [Attribute] {
        let schema = self.facts().schema();
        schema.and_then(|schema| schema.attribute("destination_config")).map_or(&[], |it| it.ty.nested())
    }
}

named! { SyncKind of SECRET_SYNCS by kind, called TITLES, or "is no kind of sync" }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_destination_of_the_provider_has_a_title_an_app_and_attributes() {
        assert!(SyncKind::all().map(SyncKind::as_str).eq(TITLES.iter().map(|(name, _)| *name)));
        for kind in SyncKind::all() {
            assert_eq!(kind.app().as_str(), kind.facts().app);
            assert!(!kind.destination().is_empty(), "{kind:?}");
        }
    }
}
