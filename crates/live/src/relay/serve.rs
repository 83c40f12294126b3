//! A relay with its server, from its beginning to its end.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use keyloom_runtime::Clock;
use keyloom_runtime::webhook::{Server, Verifier};

use super::told::{Kind, Told};
use super::{Keys, Relay, Scope};
use crate::error::Error;

/// For what is still to be handed on when the relay is stopped.
const GRACE: Duration = Duration::from_secs(5);

/// What a relay is run with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where webhooks arrive.
    pub address: SocketAddr,
    /// What they are signed with.
    pub keys: Keys,
    /// Which stores they concern.
    pub scope: Scope,
}

/// Takes webhooks and hands them on until `stopped`, then hands on what it took, and ends. `tell` is told what happens; it
/// must not block.
///
/// # Errors
/// [`Error::Keys`] without a key, [`Error::Cluster`] without a cluster, [`Error::Request`] when the port cannot be listened on.
pub async fn serve(
    settings: Settings,
    stopped: impl Future<Output = ()>,
    tell: impl Fn(Told) + Send + Sync + 'static,
) -> Result<(), Error> {
    let clock = Clock::system();
    let Settings { address, keys, scope } = settings;
    let verifier = Arc::new(Verifier::new(clock.clone()));
    verifier.set_keys(&keys.read()?);
    let tell: Arc<dyn Fn(Told) + Send + Sync> = Arc::new(tell);
    let relay = Arc::new(Relay::connect(scope, clock.clone(), Arc::clone(&tell)).await?);
    let server = Server::start(address, relay.service(Arc::clone(&verifier))).await?;
    tell(Told(Kind::Listens(server.address())));
    let following = keys.follow(&verifier, &clock, |error| tell(Told(Kind::KeysFailed(error.to_string()))));
    let ending = async {
        tokio::select! {
            () = stopped => {}
            () = following => {}
        }
        server.stop().await;
        relay.end();
        tokio::time::sleep(GRACE).await;
    };
    tokio::select! {
        () = relay.run() => {}
        () = ending => {}
    }
    Ok(())
}
