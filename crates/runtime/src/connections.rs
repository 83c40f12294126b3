//! Connections by name: read from a backend when somebody first asks for one, checked, and kept in memory.

#[cfg(feature = "aws")]
mod aws;
mod backend;
mod choose;
mod environment;
mod error;
mod file;
mod infisical;
mod setting;
mod shelf;
#[cfg(feature = "vault")]
mod vault;

#[cfg(feature = "aws")]
pub use aws::{AwsKeys, AwsSecretsManager, AwsSettings};
pub use backend::{Backend, Over, Pending};
pub use choose::BACKEND_VARIABLE;
pub use environment::Environment;
pub use error::{ConnectionError, Failure, FailureKind};
pub use file::File;
pub use infisical::{Infisical, InfisicalSettings};
pub use setting::{Origin, Setting};
#[cfg(feature = "vault")]
pub use vault::{Vault, VaultAuth, VaultSettings};

use std::sync::Arc;

use keyloom_connections::{Connection, Typed};

use shelf::Shelf;

/// Connections of one secrets backend, by name.
///
/// Only what is asked for is read, once, however many ask for it at the same time. What was read stays in memory until this
/// is dropped, and nowhere else; what failed is tried again by whoever asks next. Clones share what was read.
///
/// It wants to be used in a runtime of tokio.
#[derive(Clone, Debug)]
pub struct Connections {
    backend: Arc<dyn Backend>,
    shelf: Arc<Shelf>,
    /// Who chose the backend, where the environment was asked.
    chosen: Option<Setting>,
}

impl Connections {
    /// Connections of a backend.
    pub fn new(backend: Arc<dyn Backend>) -> Self {
        Self { backend, shelf: Arc::default(), chosen: None }
    }

    /// The backend.
    pub fn backend(&self) -> &dyn Backend {
        &*self.backend
    }

    /// Everything that counts for the backend, with who said it: which one it is, then its own settings.
    pub fn settings(&self) -> Vec<Setting> {
        let chosen = self.chosen.clone().unwrap_or_else(|| Setting {
            name: "secrets backend",
            value: Some(self.backend.word().to_owned()),
            origin: Origin::Program,
        });
        [vec![chosen], self.backend.settings()].concat()
    }

    /// A connection as the Rust type of its kind.
    ///
    /// # Errors
    /// As [`Connections::connection`], and [`ConnectionError::WrongKind`] when it is of another type.
    pub async fn get<T: Typed>(&self, name: &str) -> Result<T, ConnectionError> {
        Ok(self.connection(name).await?.typed()?)
    }

    /// A connection of whatever type.
    ///
    /// # Errors
    /// [`ConnectionError::Read`] when the backend does not give it, [`ConnectionError::Invalid`] when what it gives is no connection.
    pub async fn connection(&self, name: &str) -> Result<Arc<Connection>, ConnectionError> {
        self.shelf.take(&self.backend, name).await
    }
}
