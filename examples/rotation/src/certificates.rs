//! A certificate of a server that follows the pair of it and its key.

use std::sync::Arc;

use arc_swap::ArcSwap;
use keyloom_runtime::{Changes, Snapshot};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use thiserror::Error;

/// Under which names the two secrets stand, in PEM. Who writes them writes both at once, and a snapshot has both at once.
const CERTIFICATE: &str = "TLS_CERTIFICATE";
const KEY: &str = "TLS_KEY";

/// Why a pair is of no use. Nothing of it is in its words.
#[derive(Debug, Error)]
pub enum CertificateError {
    /// Half of it is missing.
    #[error("the secret {0} is not there")]
    Missing(&'static str),
    /// It is not what it should be.
    #[error("the secret {0} is not PEM of what it should be")]
    Broken(&'static str),
    /// The one does not belong to the other.
    #[error("the secret {KEY} is not the key of {CERTIFICATE}")]
    Foreign,
}

/// What a server shows. Handshakes that begin after a swap get the new certificate; connections that stand stay.
#[derive(Debug)]
pub struct Certificates {
    provider: Arc<CryptoProvider>,
    current: ArcSwap<CertifiedKey>,
}

impl Certificates {
    /// Shows what the secrets say.
    ///
    /// # Errors
    /// [`CertificateError`]: a server that has no certificate had better not start.
    pub fn open(provider: Arc<CryptoProvider>, secrets: &Snapshot) -> Result<Self, CertificateError> {
        let current = ArcSwap::from_pointee(pair(&provider, secrets)?);
        Ok(Self { provider, current })
    }

    /// Follows rotations until the subscriber stops; `reloaded` is told what came of each.
    pub async fn follow(&self, mut changes: Changes, mut reloaded: impl FnMut(Result<(), CertificateError>)) {
        while let Some(batch) = changes.next().await {
            if batch.iter().any(|change| change.key == CERTIFICATE || change.key == KEY) {
                reloaded(self.reload(changes.snapshot()));
            }
        }
    }

    /// Shows what the secrets say now.
    ///
    /// # Errors
    /// [`CertificateError`] for a pair that is of no use: the old one stays.
    pub fn reload(&self, secrets: &Snapshot) -> Result<(), CertificateError> {
        self.current.store(Arc::new(pair(&self.provider, secrets)?));
        Ok(())
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.load_full())
    }
}

fn pair(provider: &CryptoProvider, secrets: &Snapshot) -> Result<CertifiedKey, CertificateError> {
    let secret = |name| secrets.get(name).ok_or(CertificateError::Missing(name));
    let (chain, key) = (secret(CERTIFICATE)?, secret(KEY)?);
    let chain: Vec<_> = CertificateDer::pem_slice_iter(chain.expose().as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|_| CertificateError::Broken(CERTIFICATE))?;
    let broken = || CertificateError::Broken(KEY);
    let key = PrivateKeyDer::from_pem_slice(key.expose().as_bytes()).map_err(|_| broken())?;
    if chain.is_empty() {
        return Err(CertificateError::Broken(CERTIFICATE));
    }
    let key = provider.key_provider.load_private_key(key).map_err(|_| broken())?;
    let pair = CertifiedKey::new(chain, key);
    // A key that does not say what it belongs to is taken at its word.
    match pair.keys_match() {
        Ok(()) | Err(rustls::Error::InconsistentKeys(rustls::InconsistentKeys::Unknown)) => Ok(pair),
        Err(_) => Err(CertificateError::Foreign),
    }
}
