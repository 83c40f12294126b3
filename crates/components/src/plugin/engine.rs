//! [`Engines`]: connections to the engine, opened when needed and kept.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use keyloom_wire::service::connect;

use crate::failure::with_causes;
use crate::monitor::grpc::Engine;

/// Connections to the resource monitors of deployments and to the engine itself.
#[derive(Debug)]
pub(super) struct Engines {
    /// `HOST:PORT` of the engine, from the arguments, the handshake or an attaching engine.
    address: Mutex<Option<String>>,
    open: tokio::sync::Mutex<BTreeMap<Addresses, Arc<Engine>>>,
}

/// `HOST:PORT` of a monitor, and that of the engine when the connection was made.
type Addresses = (String, Option<String>);

impl Engines {
    pub(super) fn new(address: Option<String>) -> Self {
        Self { address: Mutex::new(address), open: tokio::sync::Mutex::default() }
    }

    /// From now on the engine is there.
    pub(super) fn moved(&self, address: String) {
        if !address.is_empty() {
            *self.address.lock().unwrap_or_else(PoisonError::into_inner) = Some(address);
        }
    }

    /// The deployment with that monitor; the connection of last time, if there was one. Or why there is none.
    ///
    /// Lines for the user go nowhere if no engine said its address, or it does not answer: a line that cannot be told is no
    /// reason to fail.
    pub(super) async fn deployment(&self, monitor: &str) -> Result<Arc<Engine>, String> {
        let log = self.address.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let addresses = (monitor.to_owned(), log);
        // Held while connecting, so that many calls at once share one connection.
        let mut open = self.open.lock().await;
        if let Some(engine) = open.get(&addresses) {
            return Ok(Arc::clone(engine));
        }
        let monitor = connect(monitor).await.map_err(|error| with_causes(&error))?;
        let log = match &addresses.1 {
            Some(address) => connect(address).await.ok(),
            None => None,
        };
        let engine = Arc::new(Engine::new(monitor, log));
        open.insert(addresses, Arc::clone(&engine));
        Ok(engine)
    }
}
