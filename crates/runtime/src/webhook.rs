//! Webhooks of Infisical: checked over the bytes that were sent, and read for what they are, hints.
//!
//! A webhook carries no name and no value of a secret, comes at most once, and reaches one replica. It is never believed for
//! more than that something in a folder may have changed. [`Server`] answers at once and hands every event that was signed
//! with one of the keys of its [`Verifier`] to a function.
//!
//! ```no_run
//! # async fn hints() -> Result<(), keyloom_runtime::Error> {
//! use keyloom_runtime::webhook::{Accepted, Server, Service, Verifier};
//! use keyloom_runtime::{Clock, Secret};
//! let verifier = Verifier::new(Clock::system());
//! verifier.set_keys(&[Secret::new("the key of the webhook".into())]);
//! let service = Service::new(verifier, |accepted: Accepted| println!("{:?}", accepted.event.hint()));
//! let server = Server::start((std::net::Ipv6Addr::UNSPECIFIED, 8080).into(), service).await?;
//! # server.stop().await;
//! # Ok(())
//! # }
//! ```

mod bind;
mod event;
mod refused;
mod replays;
mod server;
mod service;
mod signature;
mod verifier;

pub use event::{Event, Hint, LegacyEvents, Own};
pub use refused::Refused;
pub use server::Server;
pub use service::{Accepted, Service};
pub use signature::Signature;
pub use verifier::Verifier;

/// The header in which Infisical signs.
pub const SIGNATURE_HEADER: &str = "x-infisical-signature";
/// The header of a webhook that a replica hands on to the others; with it, it is not handed on again.
pub const HOP_HEADER: &str = "x-keyloom-hop";
/// Where webhooks go.
pub const PATH: &str = "/infisical/webhook";
/// The largest body that is read. Infisical's own are below 2 KB.
pub const BODY_LIMIT: usize = 64 * 1024;
