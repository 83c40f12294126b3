//! Connections by name: read from a backend when somebody first asks for one, checked, and kept in memory.

mod audit;
#[cfg(feature = "aws")]
mod aws;
mod backend;
mod choose;
mod credentials;
mod environment;
mod error;
mod file;
mod infisical;
mod meant;
mod setting;
mod shelf;
mod unreached;
#[cfg(feature = "vault")]
mod vault;

#[cfg(feature = "aws")]
pub use aws::{AwsKeys, AwsSecretsManager, AwsSettings};
pub use backend::{Backend, Over, Pending};
pub use choose::BACKEND_VARIABLE;
pub use credentials::is_credential;
pub use environment::Environment;
pub use error::{ConnectionError, Failure, FailureKind};
pub use file::File;
pub use infisical::{Infisical, InfisicalSettings};
pub use setting::{Origin, Setting, Shown};
#[cfg(feature = "vault")]
pub use vault::{Vault, VaultAuth, VaultSettings};

use std::sync::Arc;

use keyloom_connections::{Connection, Secret, Typed};

use crate::clock::Clock;
use audit::Audited;
use shelf::Shelf;

/// Connections of one secrets backend, by name.
///
/// Only what is asked for is read, once, however many ask for it at the same time. What was read stays in memory until this
/// is dropped, and nowhere else; what failed is tried again by whoever asks next. Clones share what was read.
///
/// Each secret that is read or written is logged at the level `info`, with name, backend and outcome, and never with a value.
#[derive(Clone, Debug)]
pub struct Connections {
    backend: Arc<dyn Backend>,
    shelf: Arc<Shelf>,
    /// Who chose the backend, where the environment was asked.
    chosen: Option<Setting>,
}

impl Connections {
    /// Connections of a backend.
    pub fn new(backend: impl Backend + 'static) -> Self {
        Self::shared(Arc::new(backend))
    }

    /// Connections of a backend that others have too.
    pub fn shared(backend: Arc<dyn Backend>) -> Self {
        let backend = Arc::new(Audited(backend));
        Self { backend, shelf: Arc::new(Shelf::new(Clock::system())), chosen: None }
    }

    /// The same, with nothing read, in the time of another clock: that of a simulation.
    #[must_use]
    pub fn on(self, clock: Clock) -> Self {
        Self { shelf: Arc::new(Shelf::new(clock)), ..self }
    }

    /// The backend.
    pub fn backend(&self) -> &dyn Backend {
        &*self.backend
    }

    /// What leads to the secrets, with who said it: which backend it is, then its address, place and login. Time limits and the like
    /// are not among it.
    pub fn settings(&self) -> Vec<Setting> {
        let by_program = || Setting::value("secrets backend", self.backend.word(), Origin::Program);
        let chosen = self.chosen.clone().unwrap_or_else(by_program);
        [vec![chosen], self.backend.settings()].concat()
    }

    /// A connection as the Rust type of its kind.
    ///
    /// # Errors
    /// As [`Connections::connection`], and [`ConnectionError::WrongKind`] when it is of another type.
    ///
    /// # Panics
    /// Outside of a runtime of tokio; [`blocking::Connections`](crate::blocking::Connections) has one of its own.
    pub async fn get<T: Typed>(&self, name: &str) -> Result<T, ConnectionError> {
        Ok(self.connection(name).await?.typed()?)
    }

    /// A connection of whatever type.
    ///
    /// # Errors
    /// [`ConnectionError::Read`] when the backend does not give it, [`ConnectionError::Invalid`] when what it gives is no connection.
    ///
    /// # Panics
    /// Outside of a runtime of tokio.
    pub async fn connection(&self, name: &str) -> Result<Arc<Connection>, ConnectionError> {
        self.shelf.take(&self.backend, name).await
    }

    /// The text of a connection as the backend has it now, whatever it is; it is not kept.
    ///
    /// # Errors
    /// Why the backend does not give it; where there is none, with the name that was most likely meant.
    pub async fn text(&self, name: &str) -> Result<Secret, Failure> {
        self.shelf.text(&*self.backend, name).await
    }
}
