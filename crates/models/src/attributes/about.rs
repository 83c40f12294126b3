//! What attributes are for that no type of ours has, in a few words.

const ABOUT: [(&str, &str); 51] = [
    ("access_key", "Access token of an account."),
    ("access_token", "The access token."),
    ("access_token_type", "What the token belongs to: `project`, `personal` or `group`."),
    ("account_id", "Id of the account."),
    ("api_key", "The API key."),
    ("api_token", "The API token."),
    ("app_id", "Name of the app."),
    ("application_key", "The application key."),
    ("client_id", "Id of the app registration or service principal."),
    ("client_secret", "The client secret."),
    ("configuration_url", "Address of the store, such as `https://my-store.azconfig.io`."),
    ("database", "Name of the database."),
    ("devops_project_id", "Id of the project at Azure DevOps."),
    ("dn", "Distinguished name that binds, or its user principal name."),
    ("email", "E-mail address of the account that the token belongs to."),
    ("environment", "`production` or `preview`."),
    (
        "environment_id",
        "Id of the deployment environment; without it the variables are those of the repository.",
    ),
    ("group_id", "Id of the group, with `scope: group` alone."),
    ("group_name", "Name of the group, for people."),
    ("host", "Name of the host."),
    ("instance_url", "Address of the instance."),
    ("label", "Label of the settings; without one they have none."),
    ("namespace", "Namespace of Vault."),
    ("org_name", "Name of the organization."),
    ("organization_name", "Name of the organization."),
    ("password", "The password."),
    ("port", "Port that is listened on; by default the usual one."),
    ("project_id", "Id of the project at the destination."),
    ("project_name", "Name of the project at the destination."),
    ("provider", "Kind of the directory, such as `active-directory`."),
    ("repository_slug", "Slug of the repository."),
    ("role_id", "Id of the AppRole."),
    ("scope", "Whose secrets are written."),
    ("script_id", "Name of the worker."),
    ("secret_id", "Secret id of the AppRole."),
    ("service_id", "Id of the service."),
    ("should_hide_secrets", "Whether the variables are hidden, default false."),
    ("should_mask_secrets", "Whether the variables are masked in logs, default true."),
    ("should_protect_secrets", "Whether only protected branches see the variables, default false."),
    ("ssl_certificate", "Certificate authority of the server, in PEM."),
    ("ssl_enabled", "Whether the connection is encrypted; default true, of Oracle false."),
    ("ssl_reject_unauthorized", "Whether a certificate that cannot be verified is refused, default true."),
    ("target_environment", "Environment of the variables; `*` is all."),
    ("tenant_id", "Id of the tenant (directory)."),
    ("type", "Whether secrets become variables (`env`) or files (`file`)."),
    ("url", "Address of the server."),
    ("username", "Name of the user."),
    ("value_label", "Label of the field that holds the value."),
    ("vault_id", "Id of the vault."),
    ("workspace_slug", "Slug of the workspace."),
    ("workspace_url", "Address of the workspace."),
];

/// What an attribute is for.
pub(crate) fn of(attribute: &str) -> Option<&'static str> {
    ABOUT.iter().find(|(name, _)| *name == attribute).map(|(_, about)| *about)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app_connection::App;
    use crate::secret_sync::SyncKind;

    #[test]
    fn every_attribute_without_a_type_of_its_own_is_explained_and_no_other() {
        let typed = ["aws", "gcp", "github"];
        let apps = App::all().filter(|app| !typed.contains(&app.as_str()) && !is_azure(app.as_str()));
        let kinds = SyncKind::all().filter(|kind| {
            !kind.is_aws() && !["github", "gcp-secret-manager", "azure-key-vault"].contains(&kind.as_str())
        });
        let mut wanted: Vec<_> =
            apps.flat_map(App::credentials).chain(kinds.flat_map(SyncKind::destination)).collect();
        wanted.sort_by_key(|attribute| attribute.name);
        wanted.dedup_by_key(|attribute| attribute.name);
        let wanted: Vec<_> = wanted.into_iter().map(|attribute| attribute.name).collect();
        let explained: Vec<_> = ABOUT.iter().map(|(name, _)| *name).collect();
        assert_eq!(explained, wanted);
    }

    fn is_azure(app: &str) -> bool {
        ["azure-app-configuration", "azure-client-secrets", "azure-key-vault"].contains(&app)
    }
}
