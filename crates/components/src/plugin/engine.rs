//! [`Engines`]: connections to the engine, opened when needed and kept.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use keyloom_wire::service::connect;
use tonic::transport::Channel;

/// Connections to the resource monitors of deployments and to the engine itself.
#[derive(Debug)]
pub(super) struct Engines {
    /// `HOST:PORT` of the engine, from the arguments, the handshake or an attaching engine.
    address: Mutex<Option<String>>,
    open: tokio::sync::Mutex<BTreeMap<String, Channel>>,
}

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

    /// Where lines for the user go; `None` where no engine said its address, or it does not answer: a line that cannot be
    /// told is no reason to fail.
    pub(super) async fn log(&self) -> Option<Channel> {
        let address = self.address.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        self.connect(&address).await.ok()
    }

    /// A connection to that address; the one of last time, if there was one. Or why there is none.
    pub(super) async fn connect(&self, address: &str) -> Result<Channel, String> {
        // Held while connecting, so that many calls at once share one connection.
        let mut open = self.open.lock().await;
        if let Some(channel) = open.get(address) {
            return Ok(channel.clone());
        }
        let channel = connect(address).await.map_err(|error| reasons(&error))?;
        open.insert(address.to_owned(), channel.clone());
        Ok(channel)
    }
}

/// An error with what is behind it: the outermost says little.
fn reasons(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut inner = error.source();
    while let Some(error) = inner {
        let reason = error.to_string();
        if !words.ends_with(&reason) {
            words.extend([": ", &reason]);
        }
        inner = error.source();
    }
    words
}
