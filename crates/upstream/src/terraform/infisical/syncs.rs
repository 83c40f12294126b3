//! Secret syncs: what each destination can do, needs and forbids.

use super::{Case, Choice, Default, Words, case};
use crate::terraform::{Kind, Schema, schema};

/// A kind of secret sync that the provider can make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecretSync {
    /// The type of the Terraform resource.
    pub resource: &'static str,
    /// What the API calls the destination.
    pub kind: &'static str,
    /// What the API calls the app whose connections can be used.
    pub app: &'static str,
    /// Whether secrets can be read back from the destination. Where not, the server takes `overwrite-destination` only,
    /// although the provider lets the other words pass.
    pub imports: bool,
    /// The attribute of `destination_config` that decides which others there are.
    pub choice: Option<Choice>,
    /// Attributes of `destination_config` that may be certain words only.
    pub words: &'static [Words],
    /// What is set for an attribute of `destination_config` that is left out.
    pub defaults: &'static [(&'static str, Default)],
}

/// The values of `initial_sync_behavior`. `azure_devops` has no such attribute: it always overwrites.
pub const INITIAL_SYNC_BEHAVIORS: [&str; 3] =
    ["overwrite-destination", "import-prioritize-source", "import-prioritize-destination"];

impl SecretSync {
    /// The schema of its resource.
    pub fn schema(&self) -> Option<&'static Schema> {
        schema(Kind::Resource, self.resource)
    }

    const fn new(resource: &'static str, kind: &'static str, app: &'static str, imports: bool) -> Self {
        Self { resource, kind, app, imports, choice: None, words: &[], defaults: &[] }
    }

    const fn choice(
        self,
        attribute: &'static str,
        default: Option<&'static str>,
        cases: &'static [Case],
    ) -> Self {
        Self { choice: Some(Choice { attribute, default, cases }), ..self }
    }

    const fn words(self, words: &'static [Words]) -> Self {
        Self { words, ..self }
    }

    const fn defaults(self, defaults: &'static [(&'static str, Default)]) -> Self {
        Self { defaults, ..self }
    }
}

/// Any of them, by the destination's name.
pub const SECRET_SYNCS: &[SecretSync] = &[
    SecretSync::new("infisical_secret_sync_1password", "1password", "1password", true),
    SecretSync::new("infisical_secret_sync_aws_parameter_store", "aws-parameter-store", "aws", true),
    SecretSync::new("infisical_secret_sync_aws_secrets_manager", "aws-secrets-manager", "aws", true).choice(
        "mapping_behavior",
        Some("many-to-one"),
        &[
            case("many-to-one", &["aws_region", "aws_secrets_manager_secret_name"], &[]),
            case("one-to-one", &["aws_region"], &[]),
        ],
    ),
    SecretSync::new(
        "infisical_secret_sync_azure_app_configuration",
        "azure-app-configuration",
        "azure-app-configuration",
        true,
    )
    .defaults(&[("label", Default::Text(""))]),
    SecretSync::new("infisical_secret_sync_azure_devops", "azure-devops", "azure-devops", false),
    SecretSync::new("infisical_secret_sync_azure_key_vault", "azure-key-vault", "azure-key-vault", true),
    SecretSync::new("infisical_secret_sync_bitbucket", "bitbucket", "bitbucket", false),
    SecretSync::new("infisical_secret_sync_circleci", "circleci", "circleci", false),
    // The provider's documentation offers all three behaviours for Cloudflare; the server cannot import from it.
    SecretSync::new("infisical_secret_sync_cloudflare_pages", "cloudflare-pages", "cloudflare", false),
    SecretSync::new("infisical_secret_sync_cloudflare_workers", "cloudflare-workers", "cloudflare", false),
    SecretSync::new("infisical_secret_sync_databricks", "databricks", "databricks", false),
    SecretSync::new("infisical_secret_sync_flyio", "flyio", "flyio", false),
    SecretSync::new("infisical_secret_sync_gcp_secret_manager", "gcp-secret-manager", "gcp", true).choice(
        "scope",
        Some("global"),
        &[
            case("global", &["project_id"], &["user_replica_location_ids"]),
            case("region", &["location_id", "project_id"], &[]),
        ],
    ),
    // An organization with `visibility` "selected" needs ids as well, and any other visibility forbids them.
    SecretSync::new("infisical_secret_sync_github", "github", "github", false)
        .choice(
            "scope",
            None,
            &[
                case("repository", &["repository_name", "repository_owner"], &[]),
                case(
                    "repository-environment",
                    &["repository_environment", "repository_name", "repository_owner"],
                    &[],
                ),
                case("organization", &["repository_owner", "visibility"], &["selected_repository_ids"]),
            ],
        )
        .words(&[Words { attribute: "visibility", words: &["all", "private", "selected"] }]),
    SecretSync::new("infisical_secret_sync_gitlab", "gitlab", "gitlab", false)
        .choice(
            "scope",
            None,
            &[
                case("project", &["project_id", "target_environment"], &["project_name"]),
                case("group", &["group_id", "target_environment"], &["group_name"]),
            ],
        )
        .defaults(&[
            ("should_hide_secrets", Default::Bool(false)),
            ("should_mask_secrets", Default::Bool(true)),
            ("should_protect_secrets", Default::Bool(false)),
        ]),
    // The provider's documentation offers `overwrite-destination` alone for Render; provider and server can import.
    SecretSync::new("infisical_secret_sync_render", "render", "render", true).words(&[
        Words { attribute: "scope", words: &["service"] },
        Words { attribute: "type", words: &["env", "file"] },
    ]),
    SecretSync::new("infisical_secret_sync_supabase", "supabase", "supabase", false),
];
