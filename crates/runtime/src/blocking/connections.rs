//! Connections by name, for applications that block.

use std::sync::Arc;

use keyloom_connections::{Connection, Typed};

use super::worker::Worker;
use crate::connections::{self, Backend, ConnectionError, Setting};

/// [`Connections`](connections::Connections) for applications that block. Clones of it share what was read and the thread, which
/// ends with the last of them.
///
/// ```no_run
/// # fn run() -> Result<(), keyloom_runtime::connections::ConnectionError> {
/// use keyloom_connections::Postgres;
/// use keyloom_runtime::blocking::Connections;
/// let connections = Connections::from_env(|name| std::env::var(name).ok())?;
/// let postgres: Postgres = connections.get("my-postgres")?;
/// let _password: &str = postgres.password.expose();
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Connections {
    connections: connections::Connections,
    worker: Arc<Worker>,
}

impl Connections {
    /// As [`Connections::new`](connections::Connections::new).
    ///
    /// # Errors
    /// [`ConnectionError::Machine`] when there can be no thread.
    pub fn new(backend: impl Backend + 'static) -> Result<Self, ConnectionError> {
        Self::of(connections::Connections::new(backend))
    }

    /// As [`Connections::shared`](connections::Connections::shared).
    ///
    /// # Errors
    /// [`ConnectionError::Machine`] when there can be no thread.
    pub fn shared(backend: Arc<dyn Backend>) -> Result<Self, ConnectionError> {
        Self::of(connections::Connections::shared(backend))
    }

    /// As [`Connections::from_env`](connections::Connections::from_env).
    ///
    /// # Errors
    /// As there, and [`ConnectionError::Machine`] when there can be no thread.
    pub fn from_env(
        get: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Result<Self, ConnectionError> {
        Self::of(connections::Connections::from_env(get)?)
    }

    /// As [`Connections::from_flag_or_env`](connections::Connections::from_flag_or_env).
    ///
    /// # Errors
    /// As there, and [`ConnectionError::Machine`] when there can be no thread.
    pub fn from_flag_or_env(
        flag: Option<&str>,
        get: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Result<Self, ConnectionError> {
        Self::of(connections::Connections::from_flag_or_env(flag, get)?)
    }

    fn of(connections: connections::Connections) -> Result<Self, ConnectionError> {
        Ok(Self { connections, worker: Arc::new(Worker::start().map_err(ConnectionError::Machine)?) })
    }

    /// As [`Connections::get`](connections::Connections::get).
    ///
    /// # Errors
    /// As there.
    pub fn get<T: Typed>(&self, name: &str) -> Result<T, ConnectionError> {
        Ok(self.connection(name)?.typed()?)
    }

    /// As [`Connections::connection`](connections::Connections::connection).
    ///
    /// # Errors
    /// As there.
    pub fn connection(&self, name: &str) -> Result<Arc<Connection>, ConnectionError> {
        let (connections, name) = (self.connections.clone(), name.to_owned());
        let read = self.worker.run(async move { connections.connection(&name).await });
        read.map_err(ConnectionError::Machine)?
    }

    /// As [`Connections::settings`](connections::Connections::settings).
    pub fn settings(&self) -> Vec<Setting> {
        self.connections.settings()
    }
}
