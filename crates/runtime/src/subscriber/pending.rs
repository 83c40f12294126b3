//! What a folder is to be asked for.

use std::sync::atomic::{AtomicU8, Ordering};

use tokio::sync::Notify;

/// How likely a folder changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Urgency {
    /// Nobody said so.
    None = 0,
    /// Something else in its project did, which it may import or refer to.
    Near = 1,
    /// It was named.
    Named = 2,
}

/// What is said of a folder until it is asked for. However much is said, it is one question.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    urgency: AtomicU8,
    said: Notify,
}

impl Pending {
    /// Says that it may have changed.
    pub(crate) fn add(&self, urgency: Urgency) {
        // Whoever knows of something as urgent is awake or knows when to be.
        if self.urgency.fetch_max(urgency as u8, Ordering::SeqCst) < urgency as u8 {
            self.said.notify_one();
        }
    }

    /// What is said.
    pub(crate) fn urgency(&self) -> Urgency {
        urgency(self.urgency.load(Ordering::SeqCst))
    }

    /// Takes what is said, before it is asked for: what is said from then on is another question.
    pub(crate) fn take(&self) {
        self.urgency.store(0, Ordering::SeqCst);
    }

    /// Waits until something is said, or was since the last time.
    pub(crate) async fn said(&self) {
        self.said.notified().await;
    }
}

fn urgency(number: u8) -> Urgency {
    match number {
        0 => Urgency::None,
        1 => Urgency::Near,
        _ => Urgency::Named,
    }
}
