//! Open, swap, drain: the order in which nothing fails.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::sync::watch;

/// Something that is made of secrets, such as a pool of connections, and that is exchanged as a whole while it is in use.
#[derive(Debug)]
pub struct Swap<T>(ArcSwap<Held<T>>);

/// What is in use, for one piece of work. What was swapped meanwhile stays until the last piece of work with it is done.
#[derive(Debug)]
pub struct Lease<T>(Arc<Held<T>>);

/// What was swapped, and may still be in use.
#[derive(Debug)]
#[must_use = "the old secret must not go before what was made of it is drained"]
pub struct Old(watch::Receiver<()>);

#[derive(Debug)]
struct Held<T> {
    value: T,
    /// Goes with the last lease, and after the value, which whoever waits notices.
    alive: watch::Sender<()>,
}

impl<T> Swap<T> {
    /// One that begins with this.
    pub fn new(value: T) -> Self {
        Self(ArcSwap::from(Held::new(value)))
    }

    /// What is current, for one piece of work. Who keeps it for longer keeps the old secret in use.
    pub fn lease(&self) -> Lease<T> {
        Lease(self.0.load_full())
    }

    /// Puts another one in its place, which has been opened and tried: all work that begins from now on is done with it.
    pub fn swap(&self, next: T) -> Old {
        Old(self.0.swap(Held::new(next)).alive.subscribe())
    }
}

impl<T> Held<T> {
    fn new(value: T) -> Arc<Self> {
        Arc::new(Self { value, alive: watch::Sender::default() })
    }
}

impl<T> Deref for Lease<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.value
    }
}

impl Old {
    /// Waits until nobody uses it any more and it is gone. Whether that came to be within the time; if not, somebody keeps it.
    pub async fn drained(mut self, longest: Duration) -> bool {
        // Nothing is ever sent: what comes is the end.
        tokio::time::timeout(longest, self.0.changed()).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_in_use_is_drained_when_the_last_work_with_it_is_done() {
        let swap = Swap::new("old");
        let (first, second) = (swap.lease(), swap.lease());
        let old = swap.swap("new");
        assert_eq!((*first, *swap.lease()), ("old", "new"));
        let drained = tokio::spawn(old.drained(Duration::MAX));
        drop(first);
        tokio::task::yield_now().await;
        assert!(!drained.is_finished());
        drop(second);
        assert!(drained.await.unwrap());
    }

    #[tokio::test]
    async fn what_nobody_used_is_gone_at_once_and_what_somebody_keeps_is_told() {
        let swap = Swap::new(1);
        assert!(swap.swap(2).drained(Duration::ZERO).await);
        let _kept = swap.lease();
        assert!(!swap.swap(3).drained(Duration::ZERO).await);
    }
}
