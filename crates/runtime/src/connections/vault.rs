//! HashiCorp Vault, and OpenBao, which answers alike: an entry of a KV secrets engine of version 2 for each connection.

mod address;
mod ask;
mod duration;
mod entry;
mod kv;
mod login;
mod mount;
mod refused;
mod settings;

pub use settings::{VaultAuth, VaultSettings};

use std::collections::BTreeSet;

use keyloom_connections::Secret;

use super::backend::{Backend, Over, Pending};
use super::error::{ConnectionError, Failure, init};
use super::setting::Setting;
use crate::http::{Http, Limits, is_confidential};
use ask::Operation;
use login::Logins;
pub(super) use settings::CREDENTIALS;
use settings::Told;

/// Its word in `BRUIN_SECRETS_BACKEND`.
pub(super) const WORD: &str = "vault";

const LOGIN: &str = "failed to authenticate with Vault";
const READ: &str = "failed to read secret from Vault";
const LIST: &str = "failed to list secrets of Vault";
const WRITE: &str = "failed to write secret to Vault";

/// Connections in a KV secrets engine of version 2.
///
/// It logs in when it is first asked for something, and again when 80 % of the life of its token are over; while that does
/// not work, the token is used to its end. What passes, such as a
/// server that is busy, is tried again, three times by default; reading, with its login and all tries, takes 30 seconds at most.
///
/// An entry is `{"type": …, "details": {…}}`; or it has one key alone, whatever that is called, that holds this as a text.
#[derive(Debug)]
pub struct Vault {
    settings: VaultSettings,
    shown: Vec<Setting>,
    http: Http,
    logins: Logins,
}

impl Vault {
    /// What the environment says: `BRUIN_VAULT_HOST`, `BRUIN_VAULT_MOUNT_PATH`, `BRUIN_VAULT_PATH`, and `BRUIN_VAULT_TOKEN` or
    /// `BRUIN_VAULT_ROLE` with `BRUIN_VAULT_K8S_AUTH_MOUNT`; where those are absent, `VAULT_ADDR` and `VAULT_TOKEN`; in any case
    /// `VAULT_NAMESPACE` and `VAULT_CACERT`, and `BRUIN_VAULT_TIMEOUT`, `BRUIN_VAULT_MAX_RETRIES`, `BRUIN_VAULT_RETRY_WAIT_MIN` and
    /// `BRUIN_VAULT_RETRY_WAIT_MAX`.
    ///
    /// # Errors
    /// [`ConnectionError::Init`] with all that is missing or wrong.
    pub fn from_env(get: impl Fn(&str) -> Option<String>) -> Result<Self, ConnectionError> {
        init(Told::from_env(&get).and_then(Self::make))
    }

    /// A backend of these settings.
    ///
    /// # Errors
    /// [`ConnectionError::Init`] with an address that everybody on the way could read the token at, an authority that is none, a machine that cannot do TLS.
    pub fn new(settings: VaultSettings) -> Result<Self, ConnectionError> {
        init(Self::make(settings.into()))
    }

    fn make(Told { settings, mut shown }: Told) -> Result<Self, Vec<Failure>> {
        address::check(&settings.address)
            .map_err(|(why, remedy)| vec![settings::wrong("BRUIN_VAULT_HOST", why, remedy)])?;
        let limits = Limits {
            connect: Limits::default().connect.min(settings.timeout),
            answer: settings.timeout,
            ..Limits::default()
        };
        let http = match &settings.authorities {
            Some(authorities) => Http::trusting(limits, authorities),
            None => Http::new(limits),
        };
        let remedy = "look at the certificates in the files that VAULT_CACERT and SSL_CERT_FILE name";
        let http = http.map_err(|error| vec![Failure::of_settings(WORD, error.to_string(), remedy)])?;
        if !is_confidential(&settings.address) {
            let host = settings.address.host_str().unwrap_or_default();
            log::warn!("the token of Vault and all values travel in the clear to {host}");
        }
        shown.extend(Setting::proxy(http.proxy(&settings.address)));
        let logins = Logins::new(settings.auth.clone());
        Ok(Self { http: http.on(settings.clock.clone()), logins, settings, shown })
    }

    /// Does something, in no more time than the settings give it.
    async fn within<T>(
        &self,
        what: &'static str,
        work: impl AsyncFnOnce(&Operation<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let operation = Operation::begin(self, what);
        tokio::select! {
            biased;
            done = work(&operation) => done,
            () = self.http.clock.sleep_until(operation.until) => Err(operation.late()),
        }
    }
}

impl Backend for Vault {
    fn word(&self) -> &'static str {
        WORD
    }

    fn settings(&self) -> Vec<Setting> {
        self.shown.clone()
    }

    fn read<'a>(&'a self, name: &'a str) -> Pending<'a, Secret> {
        Box::pin(self.within(READ, async move |operation| kv::read(operation, name).await))
    }

    fn names(&self) -> Pending<'_, BTreeSet<String>> {
        Box::pin(self.within(LIST, async move |operation| kv::names(operation).await))
    }

    fn write<'a>(&'a self, name: &'a str, text: &'a Secret, over: Over) -> Pending<'a, ()> {
        Box::pin(self.within(WRITE, async move |operation| kv::write(operation, name, text, over).await))
    }
}
