//! Who is told of changes, and how.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::snapshot::Change;
use crate::subscriber::changes::Changes;
use crate::subscriber::shared::Shared;

thread_local! {
    /// Whose callbacks run on this thread.
    static CALLING: Cell<*const Shared> = const { Cell::new(std::ptr::null()) };
}

/// Whether this is called by a callback, which whoever waits for callbacks would wait for in vain.
pub(crate) fn is_callback_of(shared: &Arc<Shared>) -> bool {
    std::ptr::eq(CALLING.get(), Arc::as_ptr(shared))
}

/// Why a callback failed. It is never shown.
pub type CallbackError = Box<dyn Error + Send + Sync>;
type OneCallback = Box<dyn Fn(&Change) -> Result<(), CallbackError> + Send + Sync>;
type AllCallback = Box<dyn Fn(&[Change]) -> Result<(), CallbackError> + Send + Sync>;

/// Names a subscription, to end it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subscription(u64);

enum Callback {
    One(String, OneCallback),
    All(AllCallback),
}

/// Who is told of changes, in the order in which they subscribed.
#[derive(Default)]
pub(crate) struct Subscriptions(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    next: u64,
    all: BTreeMap<u64, Arc<Callback>>,
}

impl Subscriptions {
    pub(crate) fn add_key(&self, key: &str, callback: OneCallback) -> Subscription {
        self.add(Callback::One(key.to_owned(), callback))
    }

    pub(crate) fn add_all(&self, callback: AllCallback) -> Subscription {
        self.add(Callback::All(callback))
    }

    fn add(&self, callback: Callback) -> Subscription {
        let mut inner = self.inner();
        let number = inner.next;
        inner.next += 1;
        inner.all.insert(number, Arc::new(callback));
        Subscription(number)
    }

    pub(crate) fn remove(&self, subscription: Subscription) -> bool {
        self.inner().all.remove(&subscription.0).is_some()
    }

    /// Tells everybody; how many failed. No lock is held meanwhile, so that a callback may subscribe and end subscriptions.
    fn tell(&self, changes: &[Change]) -> u64 {
        let all: Vec<_> = self.inner().all.values().cloned().collect();
        all.iter().filter(|callback| !callback.succeeds(changes)).map(|_| 1).sum()
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Callback {
    fn succeeds(&self, changes: &[Change]) -> bool {
        // What a callback left half done when it panicked is its own, and is not looked at here.
        let called = catch_unwind(AssertUnwindSafe(|| match self {
            Self::One(key, callback) => {
                changes.iter().find(|change| change.key == *key).map_or(Ok(()), callback)
            }
            Self::All(callback) => callback(changes),
        }));
        matches!(called, Ok(Ok(())))
    }
}

/// Tells who subscribed, batch after batch, on a thread where they may block.
pub(crate) async fn tell(shared: Arc<Shared>, changes: Arc<tokio::sync::Mutex<Changes>>) {
    let mut changes = changes.lock().await;
    while let Some(batch) = changes.next().await {
        let shared = Arc::clone(&shared);
        let told = tokio::task::spawn_blocking(move || {
            CALLING.set(Arc::as_ptr(&shared));
            let failed = shared.subscriptions.tell(&batch);
            CALLING.set(std::ptr::null());
            shared.metrics.callbacks_failed(failed);
            if failed > 0 {
                log::warn!("{failed} callbacks failed when secrets changed");
            }
        });
        // Callbacks do not panic through; only a runtime that ends does not run them.
        let _ = told.await;
    }
}
