//! What the other replicas are still to be told.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::{Notify, watch};

use crate::webhook::{Accepted, Event};

/// More folders are not waited with; whoever is not told of them learns of them by asking.
const MOST: usize = 1024;

/// Project, environment, path, and the name of the secret where an event has one.
type Scope = [Option<String>; 4];

/// The latest webhook of each folder that the others are still to be told of. A later one tells no less than those before it.
#[derive(Default)]
pub(crate) struct Outbox {
    waiting: Mutex<BTreeMap<Scope, Accepted>>,
    added: Notify,
    /// Whether nothing more will come.
    closed: watch::Sender<bool>,
}

impl Outbox {
    /// Puts a webhook in; whether there was room.
    pub(crate) fn add(&self, accepted: &Accepted) -> bool {
        let Some(hint) = accepted.event.hint() else { return true };
        let key = match &accepted.event {
            Event::Own(own) => Some(own.key.clone()),
            Event::Modified(_) | Event::RotationFailed(_) | Event::Test(_) | Event::Unknown => None,
        };
        let scope = [hint.project, hint.environment, hint.path, key];
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let room = waiting.len() < MOST || waiting.contains_key(&scope);
        if room {
            waiting.insert(scope, accepted.clone());
            self.added.notify_one();
        }
        room
    }

    /// Waits until something is in it, and takes all of it out; none when nothing is and nothing more will come.
    pub(crate) async fn take(&self) -> Option<Vec<Accepted>> {
        loop {
            let closed = *self.closed.borrow();
            let waiting = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
            if !waiting.is_empty() {
                return Some(waiting.into_values().collect());
            }
            if closed {
                return None;
            }
            tokio::select! {
                () = self.added.notified() => {}
                () = self.closed() => {}
            }
        }
    }

    /// Says that nothing more will come.
    pub(crate) fn close(&self) {
        self.closed.send_replace(true);
    }

    /// Waits until nothing more will come.
    pub(crate) async fn closed(&self) {
        // Fails when the sender is gone, which is in what this borrows.
        let _ = self.closed.subscribe().wait_for(|closed| *closed).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhook::Hint;

    fn modified(path: &str, body: &'static str) -> Accepted {
        let hint = Hint { path: Some(path.to_owned()), ..Hint::default() };
        Accepted { event: Event::Modified(hint), body: body.into(), signature: None, handed_on: false }
    }

    #[tokio::test]
    async fn the_latest_of_each_folder_waits() {
        let outbox = Outbox::default();
        for (path, body) in [("/a", "1"), ("/b", "2"), ("/a", "3")] {
            assert!(outbox.add(&modified(path, body)));
        }
        let taken: Vec<_> = outbox.take().await.unwrap().into_iter().map(|it| it.body).collect();
        assert_eq!(taken, ["3", "2"]);
        for number in 0..MOST {
            assert!(outbox.add(&modified(&number.to_string(), "1")));
        }
        assert!(!outbox.add(&modified("/one too many", "1")));
        assert!(outbox.add(&modified("0", "2")));
        outbox.close();
        assert_eq!(outbox.take().await.map(|all| all.len()), Some(MOST));
        assert!(outbox.take().await.is_none());
    }
}
