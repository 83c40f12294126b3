//! What the server holds when it starts: plain data, put together in code or read from JSON.
//!
//! Names of fields are those of Infisical's own interface.

use serde::Deserialize;

pub use hidden::Hidden;
pub use identity::{Access, Grant, Identity, Role};
pub use method::{ClientSecret, KubernetesAuth, Lockout, TokenAuth, TokenSettings, UniversalAuth, Verdict};
pub use project::{Environment, Folder, Import, Metadata, Project, Secret, Tag};
pub use settings::{RateLimits, Settings};
pub use sync::{AppConnection, Destination, SecretSync, Webhook};
pub use vouched::{Scope, ServiceToken, VouchedAuth, VouchedMethod};

mod hidden;
mod identity;
mod method;
mod project;
mod settings;
mod sync;
mod vouched;

/// What a server holds when it starts.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Seed {
    /// How the server behaves.
    pub settings: Settings,
    /// Projects, each with its environments.
    pub projects: Vec<Project>,
    /// Machine identities.
    pub identities: Vec<Identity>,
    /// App connections.
    pub app_connections: Vec<AppConnection>,
    /// Secret syncs.
    pub secret_syncs: Vec<SecretSync>,
    /// What lies at destinations of syncs.
    pub destinations: Vec<Destination>,
    /// Webhooks.
    pub webhooks: Vec<Webhook>,
    /// Service tokens.
    pub service_tokens: Vec<ServiceToken>,
}

impl Seed {
    /// Nothing at all.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads what a file holds.
    ///
    /// # Errors
    /// What is no JSON of this form. The words quote nothing but names of fields.
    pub fn from_json(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| {
            // Of a value in the wrong place the words would hold the value.
            format!("line {}, column {}: not the state of a server", error.line(), error.column())
        })
    }

    /// With these settings.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// With one more project.
    #[must_use]
    pub fn project(mut self, project: Project) -> Self {
        self.projects.push(project);
        self
    }

    /// With one more identity.
    #[must_use]
    pub fn identity(mut self, identity: Identity) -> Self {
        self.identities.push(identity);
        self
    }

    /// With one more app connection.
    #[must_use]
    pub fn app_connection(mut self, connection: AppConnection) -> Self {
        self.app_connections.push(connection);
        self
    }

    /// With one more secret sync.
    #[must_use]
    pub fn secret_sync(mut self, sync: SecretSync) -> Self {
        self.secret_syncs.push(sync);
        self
    }

    /// With something at a destination.
    #[must_use]
    pub fn destination(mut self, destination: Destination) -> Self {
        self.destinations.push(destination);
        self
    }

    /// With one more service token.
    #[must_use]
    pub fn service_token(mut self, token: ServiceToken) -> Self {
        self.service_tokens.push(token);
        self
    }

    /// With one more webhook.
    #[must_use]
    pub fn webhook(mut self, webhook: Webhook) -> Self {
        self.webhooks.push(webhook);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_wrong_is_not_quoted() {
        let error = Seed::from_json(r#"{"projects": "hunter2-canary"}"#).unwrap_err();
        assert_eq!(error, "line 1, column 29: not the state of a server");
    }

    #[test]
    fn values_are_not_shown() {
        let text = r#"{"projects": [{"slug": "a", "environments": [{"slug": "dev", "folders": {
            "/": {"secrets": {"KEY": "hunter2-canary", "B": {"value": "hunter2-canary", "comment": "c"}}}}}]}],
            "identities": [{"name": "i", "universal": {"clientId": "c", "clientSecret": "hunter2-canary"},
                "kubernetes": {"tokenReviewerJwt": "hunter2-canary", "verdicts": {"hunter2-canary": {"name": "n"}}},
                "token": {"accessToken": "hunter2-canary"},
                "vouched": [{"method": "oidc-auth", "proof": "hunter2-canary"}]}],
            "appConnections": [{"name": "n", "app": "aws", "credentials": {"secretAccessKey": "hunter2-canary"}}],
            "destinations": [{"destination": "github", "secrets": {"A": "hunter2-canary"}}],
            "webhooks": [{"url": "https://example.com", "key": "hunter2-canary"}],
            "serviceTokens": [{"token": "st.a.hunter2-canary.c"}]}"#;
        let seed = Seed::from_json(text).unwrap();
        assert!(!format!("{seed:?}").contains("canary"));
        let folder = &seed.projects[0].environments[0].folders["/"];
        assert_eq!(folder.secrets["B"].comment, "c");
        assert_eq!(folder.secrets["KEY"].value.expose(), "hunter2-canary");
    }
}
