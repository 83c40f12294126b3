//! Connections by name: read from a backend when somebody first asks for one, checked, and kept in memory.

mod backend;
mod error;
mod shelf;

pub use backend::{Backend, Pending};
pub use error::{ConnectionError, Failure, FailureKind};

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
}

impl Connections {
    /// Connections of a backend.
    pub fn new(backend: Arc<dyn Backend>) -> Self {
        Self { backend, shelf: Arc::default() }
    }

    /// The backend.
    pub fn backend(&self) -> &dyn Backend {
        &*self.backend
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
