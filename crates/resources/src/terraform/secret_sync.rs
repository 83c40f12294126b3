//! [`SecretSync`]: `infisical_secret_sync_*`.

use keyloom_models::secret_sync::SyncKind;
use keyloom_syntax::Text;

use super::argument::{Argument, Arguments, Reference, Said};

/// What Infisical keeps in step with a folder of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct SecretSync {
    /// What it is called in the configuration.
    pub label: String,
    /// The kind of destination.
    pub kind: SyncKind,
    /// `name`, unique in its project.
    pub name: Text,
    /// `description`.
    pub description: Option<Text>,
    /// `project_id`. Another one replaces the sync.
    pub project_id: Text,
    /// `environment`, a slug.
    pub environment: Text,
    /// `secret_path`, the folder that is synced.
    pub secret_path: Text,
    /// `connection_id`.
    pub connection: Connection,
    /// `auto_sync_enabled`: whether a change in the folder is synced at once.
    pub auto_sync_enabled: bool,
    /// `destination_config`, in the provider's spelling.
    pub destination_config: Arguments,
    /// `sync_options`, in the provider's spelling.
    pub sync_options: Arguments,
}

/// The connection that a sync uses.
#[derive(Clone, Debug, PartialEq)]
pub enum Connection {
    /// One of the same configuration.
    Made(Reference),
    /// One that is made elsewhere, by its id.
    Id(Text),
}

impl SecretSync {
    /// The type of the resource.
    pub fn resource_type(&self) -> &'static str {
        self.kind.resource()
    }

    /// What is said of it.
    pub fn arguments(&self) -> Arguments {
        let connection = match &self.connection {
            Connection::Made(reference) => Argument::Reference(reference.clone()),
            Connection::Id(id) => Argument::Text(id.clone()),
        };
        Said::default()
            .text("name", &self.name)
            .optional("description", self.description.as_ref())
            .text("project_id", &self.project_id)
            .text("environment", &self.environment)
            .text("secret_path", &self.secret_path)
            .argument("connection_id", connection)
            .argument("auto_sync_enabled", Argument::Bool(self.auto_sync_enabled))
            .argument("destination_config", Argument::Object(self.destination_config.clone()))
            .argument("sync_options", Argument::Object(self.sync_options.clone()))
            .end()
    }
}
