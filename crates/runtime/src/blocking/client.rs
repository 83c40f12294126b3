//! The client, for applications that block.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::worker::Worker;
use crate::base_url::BaseUrl;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::etag::Etag;
use crate::folder::Folder;
use crate::http::{Http, Limits};
use crate::secrets::Fetched;
use crate::session::{Keeper, LoginStatus};

/// [`Client`](crate::Client) for applications that block. Clones of it share the login and the thread, which ends with the
/// last of them.
#[derive(Clone, Debug)]
pub struct Client {
    client: crate::Client,
    worker: Arc<Worker>,
}

impl Client {
    /// As [`Client::new`](crate::Client::new).
    ///
    /// # Errors
    /// [`Error::Thread`] when there can be no thread, [`Error::Client`] when this machine cannot do TLS.
    pub fn new(base: BaseUrl, credentials: Credentials) -> Result<Self, Error> {
        Self::with_http(base, credentials, Http::new(Limits::default())?)
    }

    /// As [`Client::with_http`](crate::Client::with_http).
    ///
    /// # Errors
    /// [`Error::Thread`] when there can be no thread.
    pub fn with_http(base: BaseUrl, credentials: Credentials, http: Http) -> Result<Self, Error> {
        let worker = Arc::new(Worker::start()?);
        Ok(Self { client: crate::Client::with_http(base, credentials, http), worker })
    }

    /// As [`Client::secrets`](crate::Client::secrets).
    ///
    /// # Errors
    /// As there.
    pub fn secrets(&self, folder: &Folder, known: Option<&Etag>) -> Result<Fetched, Error> {
        let (client, folder, known) = (self.client.clone(), folder.clone(), known.cloned());
        self.worker.run(async move { client.secrets(&folder, known.as_ref()).await })?
    }

    /// As [`Client::names`](crate::Client::names).
    ///
    /// # Errors
    /// As there.
    pub fn names(&self, folder: &Folder) -> Result<BTreeSet<String>, Error> {
        let (client, folder) = (self.client.clone(), folder.clone());
        self.worker.run(async move { client.names(&folder).await })?
    }

    /// As [`Client::keep`](crate::Client::keep): it is renewed for as long as what is returned and the thread live.
    ///
    /// # Errors
    /// None that is known; the thread may have panicked.
    pub fn keep(&self) -> Result<Keeper, Error> {
        let client = self.client.clone();
        self.worker.run(async move { client.keep() })
    }

    /// How the login stands.
    pub fn status(&self) -> LoginStatus {
        self.client.status()
    }
}
