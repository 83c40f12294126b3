//! How replicas of an application tell each other that something may have changed.
//!
//! Behind a Service a webhook reaches one replica. That one tells the others, by a headless Service ([`Headless`]) or through
//! Redis (`Redis`, feature `redis`), that a folder may have changed; each then asks for it itself. No value travels between
//! them, but in an event of the applications' own form that a headless Service hands on as it came.

mod headless;
mod outbox;
#[cfg(feature = "redis")]
mod redis;

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;

pub use headless::Headless;
pub(crate) use outbox::Outbox;
#[cfg(feature = "redis")]
pub use redis::Redis;

use crate::webhook::{Accepted, Hint};
use keyloom_connections::Secret;

/// A future of a trait that stands behind a pointer.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// How replicas tell each other that something may have changed. It is told of each folder at once, then twice in a second
/// at most.
///
/// Other ways join by the same two functions. NATS: [`Replicas::tell`] publishes the hint to a subject,
/// [`Replicas::hear`] subscribes to it and hears [`Heard::Again`] whenever the connection was made anew. The stream of events
/// of Infisical (`/api/v1/events/subscribe/project-events`, Enterprise): nobody needs to tell anybody, for every replica
/// hears each event itself, so `tell` does nothing; `hear` keeps the stream open, takes two minutes without a byte for its
/// end, and hears [`Heard::Again`] after each time it was opened, because nothing that was missed is sent again.
pub trait Replicas: Debug + Send + Sync {
    /// Tells the others of a webhook; how many could be told.
    fn tell<'a>(&'a self, news: &'a Accepted) -> Later<'a, Told>;

    /// Hears from the others, until it is dropped. Where they tell by way of the server of webhooks, there is nothing to hear.
    fn hear<'a>(&'a self, heard: &'a (dyn Fn(Heard) + Send + Sync)) -> Later<'a, ()> {
        let _ = heard;
        Box::pin(std::future::pending())
    }

    /// Is told the keys of webhooks, the newest first, when they are known and whenever they change: all replicas have them,
    /// and nobody else, so that what they tell each other can be signed.
    fn set_keys(&self, keys: &[Secret]) {
        let _ = keys;
    }
}

/// What another replica says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// A folder may have changed.
    Hint(Hint),
    /// One hears again, after a time in which something may have been missed.
    Again,
}

/// How many replicas were told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Those that took it, or had it already.
    pub reached: u64,
    /// Those that could not be told. They learn of it by asking, at the latest when they ask anyway.
    pub missed: u64,
}
