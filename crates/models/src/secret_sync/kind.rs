//! Kinds of syncs: the destinations that Terraform's provider can make a sync to.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, de};

use crate::app_connection::App;

/// Kind of a sync: its destination, by the name that Infisical's API has for it, such as `aws-secrets-manager`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SyncKind(&'static str);

/// What is known of a destination.
pub(crate) struct Row {
    name: &'static str,
    /// What it is called.
    pub(crate) title: &'static str,
    /// The app of its connection.
    app: &'static str,
    /// Whether Infisical can read it back, as importing wants.
    pub(crate) can_import: bool,
}

const fn row(name: &'static str, title: &'static str, app: &'static str, can_import: bool) -> Row {
    Row { name, title, app, can_import }
}

/// Every destination, by name.
const KINDS: &[Row] = &[
    row("1password", "1Password", "1password", true),
    row("aws-parameter-store", "AWS Parameter Store", "aws", true),
    row("aws-secrets-manager", "AWS Secrets Manager", "aws", true),
    row("azure-app-configuration", "Azure App Configuration", "azure-app-configuration", true),
    row("azure-devops", "Azure DevOps", "azure-devops", false),
    row("azure-key-vault", "Azure Key Vault", "azure-key-vault", true),
    row("bitbucket", "Bitbucket", "bitbucket", false),
    row("circleci", "CircleCI", "circleci", false),
    row("cloudflare-pages", "Cloudflare Pages", "cloudflare", false),
    row("cloudflare-workers", "Cloudflare Workers", "cloudflare", false),
    row("databricks", "Databricks", "databricks", false),
    row("flyio", "Fly.io", "flyio", false),
    row("gcp-secret-manager", "Google Secret Manager", "gcp", true),
    row("github", "GitHub", "github", false),
    row("gitlab", "GitLab", "gitlab", false),
    row("render", "Render", "render", true),
    row("supabase", "Supabase", "supabase", false),
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

    /// Every kind, by name.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().map(|row| Self(row.name))
    }

    /// The kind of that name.
    ///
    /// ```
    /// use keyloom_models::secret_sync::SyncKind;
    /// assert_eq!(SyncKind::named("github").map(SyncKind::resource).as_deref(), Some("infisical_secret_sync_github"));
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|kind| kind.0 == name)
    }

    /// Its name in Infisical's API.
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// What the destination is called.
    pub fn title(self) -> &'static str {
        self.row().title
    }

    /// The app that its connection leads to.
    pub fn app(self) -> App {
        App::named(self.row().app).unwrap_or(App::AWS)
    }

    /// Whether Infisical can read the destination back, as importing wants.
    pub fn can_import(self) -> bool {
        self.row().can_import
    }

    /// Whether it is a destination in AWS, whose secrets have keys of KMS and tags.
    pub fn is_aws(self) -> bool {
        self == Self::AWS_SECRETS_MANAGER || self == Self::AWS_PARAMETER_STORE
    }

    /// The type of the resource in Terraform.
    pub fn resource(self) -> String {
        ["infisical_secret_sync_", &self.0.replace('-', "_")].concat()
    }

    fn row(self) -> &'static Row {
        // A name is made of the same table.
        KINDS.iter().find(|row| row.name == self.0).unwrap_or(&KINDS[0])
    }
}

impl<'de> Deserialize<'de> for SyncKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = String::deserialize(deserializer)?;
        Self::named(&word).ok_or_else(|| de::Error::custom(format_args!("`{word}` is no kind of sync")))
    }
}

impl JsonSchema for SyncKind {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "SyncKind".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<_> = Self::all().map(Self::as_str).collect();
        schemars::json_schema!({ "type": "string", "enum": words })
    }
}
