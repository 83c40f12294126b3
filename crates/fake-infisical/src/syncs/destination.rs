//! Where syncs can go: through which app, whether it can be read back, and what must be said of the place.

/// A kind of destination.
pub(crate) struct Destination {
    pub(crate) name: &'static str,
    /// The app of its connections.
    pub(crate) app: &'static str,
    /// Whether secrets can be imported from it.
    pub(crate) can_import: bool,
    /// What `destinationConfig` must say; more follows from its words, see `check`.
    pub(crate) required: &'static [&'static str],
}

const fn to(
    name: &'static str,
    app: &'static str,
    can_import: bool,
    required: &'static [&'static str],
) -> Destination {
    Destination { name, app, can_import, required }
}

/// Destinations of the Terraform provider.
pub(crate) const DESTINATIONS: &[Destination] = &[
    to("1password", "1password", true, &["vaultId"]),
    to("aws-parameter-store", "aws", true, &["region", "path"]),
    to("aws-secrets-manager", "aws", true, &["region", "mappingBehavior"]),
    to("azure-app-configuration", "azure-app-configuration", true, &["configurationUrl"]),
    to("azure-devops", "azure-devops", false, &["devopsProjectId"]),
    to("azure-key-vault", "azure-key-vault", true, &["vaultBaseUrl"]),
    to("bitbucket", "bitbucket", false, &["workspaceSlug", "repositorySlug"]),
    to("circleci", "circleci", false, &["orgName", "projectName", "projectId"]),
    to("cloudflare-pages", "cloudflare", false, &["projectName", "environment"]),
    to("cloudflare-workers", "cloudflare", false, &["scriptId"]),
    to("databricks", "databricks", false, &["scope"]),
    to("flyio", "flyio", false, &["appId"]),
    to("gcp-secret-manager", "gcp", true, &["projectId", "scope"]),
    to("github", "github", false, &["scope"]),
    to("gitlab", "gitlab", false, &["scope", "targetEnvironment"]),
    to("render", "render", true, &["scope", "serviceId", "type"]),
    to("supabase", "supabase", false, &["projectId"]),
];

/// A destination by its name.
pub(crate) fn named(name: &str) -> Option<&'static Destination> {
    DESTINATIONS.iter().find(|it| it.name == name)
}
