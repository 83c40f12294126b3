//! The subscriber, for applications that block.

use std::fmt;
use std::sync::Arc;

use super::worker::Worker;
use crate::error::Error;
use crate::settings::Settings;
use crate::snapshot::{Change, Snapshot};
use crate::subscriber::{self, CallbackError, Status, Subscription};
use crate::webhook::Hint;
use keyloom_connections::Secret;

/// [`Subscriber`](crate::Subscriber) for applications that block. Webhooks, renewals and reconciles run on its thread, which
/// ends when this is dropped.
///
/// ```no_run
/// # fn run(settings: keyloom_runtime::Settings) -> Result<(), keyloom_runtime::Error> {
/// use keyloom_runtime::blocking::Subscriber;
/// let secrets = Subscriber::new(settings)?;
/// secrets.subscribe("DATABASE_URL", |change| {
///     let _new = change.new.as_ref().ok_or("the address of the database is gone")?;
///     Ok(())
/// });
/// secrets.start()?;
/// let url = secrets.get("DATABASE_URL");
/// # let _ = url;
/// secrets.stop()?;
/// # Ok(())
/// # }
/// ```
pub struct Subscriber {
    subscriber: Arc<crate::Subscriber>,
    worker: Worker,
}

/// The changes since it was made, each batch when it is asked for; it ends when the subscriber has stopped.
#[derive(Debug)]
pub struct Changes<'a> {
    /// None while they are waited for, and when there are no more.
    changes: Option<subscriber::Changes>,
    worker: &'a Worker,
}

impl Iterator for Changes<'_> {
    type Item = Vec<Change>;

    /// Waits for the next ones.
    fn next(&mut self) -> Option<Vec<Change>> {
        let mut changes = self.changes.take()?;
        let waited = self.worker.run(async move {
            let next = changes.next().await;
            next.map(|next| (next, changes))
        });
        let (next, changes) = waited.ok().flatten()?;
        self.changes = Some(changes);
        Some(next)
    }
}

impl Subscriber {
    /// As [`Subscriber::new`](crate::Subscriber::new).
    ///
    /// # Errors
    /// [`Error::Thread`] when there can be no thread, [`Error::Client`] when this machine cannot do TLS.
    pub fn new(settings: Settings) -> Result<Self, Error> {
        Ok(Self { subscriber: Arc::new(crate::Subscriber::new(settings)?), worker: Worker::start()? })
    }

    /// As [`Subscriber::start`](crate::Subscriber::start).
    ///
    /// # Errors
    /// As there.
    pub fn start(&self) -> Result<(), Error> {
        let subscriber = Arc::clone(&self.subscriber);
        self.worker.run(async move { subscriber.start().await })?
    }

    /// As [`Subscriber::stop`](crate::Subscriber::stop). A callback may stop what calls it; it is not waited for then.
    ///
    /// # Errors
    /// None that is known; the thread may have panicked.
    pub fn stop(&self) -> Result<(), Error> {
        // What runs on the worker's thread cannot see who calls.
        let (subscriber, is_callback) = (Arc::clone(&self.subscriber), self.subscriber.is_callback());
        self.worker.run(async move { subscriber.end(is_callback).await })
    }

    /// The value of a secret, as it is now. Takes no lock and asks nobody.
    pub fn get(&self, key: &str) -> Option<Secret> {
        self.subscriber.get(key)
    }

    /// All secrets as they are at one moment. It stays as it is while newer ones come; keys that belong together are read
    /// from one.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.subscriber.snapshot()
    }

    /// The same as [`Subscriber::snapshot`].
    pub fn get_all(&self) -> Arc<Snapshot> {
        self.subscriber.get_all()
    }

    /// As [`Subscriber::subscribe`](crate::Subscriber::subscribe).
    pub fn subscribe(
        &self,
        key: &str,
        callback: impl Fn(&Change) -> Result<(), CallbackError> + Send + Sync + 'static,
    ) -> Subscription {
        self.subscriber.subscribe(key, callback)
    }

    /// As [`Subscriber::subscribe_all`](crate::Subscriber::subscribe_all).
    pub fn subscribe_all(
        &self,
        callback: impl Fn(&[Change]) -> Result<(), CallbackError> + Send + Sync + 'static,
    ) -> Subscription {
        self.subscriber.subscribe_all(callback)
    }

    /// Ends a subscription; whether there was one. A call that is running is not waited for.
    pub fn unsubscribe(&self, subscription: Subscription) -> bool {
        self.subscriber.unsubscribe(subscription)
    }

    /// The changes from now on, for who would rather wait for them than be called.
    pub fn changes(&self) -> Changes<'_> {
        Changes { changes: Some(self.subscriber.changes()), worker: &self.worker }
    }

    /// Says that something in a folder may have changed. It is asked for at once, then twice in a second at most.
    pub fn hint(&self, hint: &Hint) {
        self.subscriber.hint(hint);
    }

    /// Whether all folders were loaded.
    pub fn is_ready(&self) -> bool {
        self.subscriber.is_ready()
    }

    /// How it goes.
    pub fn status(&self) -> Status {
        self.subscriber.status()
    }

    /// What `/metrics` says.
    pub fn metrics(&self) -> String {
        self.subscriber.metrics()
    }
}

impl fmt::Debug for Subscriber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.subscriber)
    }
}
