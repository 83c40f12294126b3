//! Resources that Terraform makes, or Pulumi by the same provider: what Infisical is told to do.

pub mod app_connection;
mod argument;
mod provider;
pub mod secret_sync;

pub use app_connection::AppConnection;
pub use argument::{Argument, Arguments, Reference};
/// How JSON and Pulumi spell an argument.
pub use keyloom_upstream::terraform::camel;
pub use provider::Infisical;
pub use secret_sync::SecretSync;

/// A resource of the provider `infisical/infisical`.
#[derive(Clone, Debug, PartialEq)]
pub enum Terraform {
    /// `infisical_app_connection_APP`: how Infisical logs in somewhere.
    AppConnection(Box<AppConnection>),
    /// `infisical_secret_sync_DESTINATION`: what Infisical writes there.
    SecretSync(Box<SecretSync>),
}

impl Terraform {
    /// The type of the resource, such as `infisical_app_connection_aws`.
    pub fn resource_type(&self) -> &'static str {
        match self {
            Self::AppConnection(connection) => connection.resource_type(),
            Self::SecretSync(sync) => sync.resource_type(),
        }
    }

    /// What the resource is called among those of its type in the configuration.
    pub fn label(&self) -> &str {
        match self {
            Self::AppConnection(connection) => &connection.label,
            Self::SecretSync(sync) => &sync.label,
        }
    }

    /// What is said of it, in the provider's own names and order.
    pub fn arguments(&self) -> Arguments {
        match self {
            Self::AppConnection(connection) => connection.arguments(),
            Self::SecretSync(sync) => sync.arguments(),
        }
    }
}
