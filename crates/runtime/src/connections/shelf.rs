//! What was read, and what is being read: one reading for each name, whoever waits for it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use keyloom_connections::{Connection, Secret};
use tokio::sync::watch;

use super::backend::Backend;
use super::error::{ConnectionError, Failure};
use super::meant;
use crate::clock::Clock;

type Outcome = Result<Arc<Connection>, ConnectionError>;

/// What was read, by name.
#[derive(Debug)]
pub(super) struct Shelf {
    slots: Mutex<BTreeMap<String, Slot>>,
    clock: Clock,
}

#[derive(Debug)]
enum Slot {
    Taken(Arc<Connection>),
    Coming(watch::Receiver<Option<Outcome>>),
}

/// Tells those who wait what came of a reading; where it ends without a word, that.
struct Teller {
    told: watch::Sender<Option<Outcome>>,
    shelf: Arc<Shelf>,
    name: String,
}

impl Teller {
    /// What was read is kept. What failed is told to those who wait, and then forgotten: who asks next asks the backend again.
    fn tell(&self, outcome: Outcome) {
        let mut slots = self.shelf.slots();
        match &outcome {
            Ok(connection) => {
                slots.insert(self.name.clone(), Slot::Taken(Arc::clone(connection)));
            }
            Err(_) => self.clear(&mut slots),
        }
        drop(slots);
        self.told.send_replace(Some(outcome));
    }

    /// Takes away what is on its way by this reading, and not by a newer one.
    fn clear(&self, slots: &mut BTreeMap<String, Slot>) {
        if let Some(Slot::Coming(coming)) = slots.get(&self.name)
            && coming.same_channel(&self.told.subscribe())
        {
            slots.remove(&self.name);
        }
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        if self.told.borrow().is_none() {
            let name = self.name.clone();
            self.tell(Err(if std::thread::panicking() {
                ConnectionError::Panicked { name }
            } else {
                ConnectionError::Ended { name }
            }));
        }
    }
}

impl Shelf {
    pub(super) fn new(clock: Clock) -> Self {
        Self { slots: Mutex::default(), clock }
    }

    /// The text of a secret, which is not kept.
    pub(super) async fn text(&self, backend: &dyn Backend, name: &str) -> Result<Secret, Failure> {
        meant::read(backend, name, &self.clock).await
    }

    /// What is there, or what comes of the reading that is on its way, or of a new one.
    pub(super) async fn take(self: &Arc<Self>, backend: &Arc<dyn Backend>, name: &str) -> Outcome {
        let mut coming = match self.look(backend, name) {
            Slot::Taken(connection) => return Ok(connection),
            Slot::Coming(coming) => coming,
        };
        match coming.wait_for(Option::is_some).await.map(|outcome| outcome.clone()) {
            Ok(Some(outcome)) => outcome,
            // Whatever ends without a word says so.
            Ok(None) | Err(_) => Err(ConnectionError::Ended { name: name.to_owned() }),
        }
    }

    fn look(self: &Arc<Self>, backend: &Arc<dyn Backend>, name: &str) -> Slot {
        let mut slots = self.slots();
        match slots.get(name) {
            Some(Slot::Taken(connection)) => return Slot::Taken(Arc::clone(connection)),
            Some(Slot::Coming(coming)) if coming.has_changed().is_ok() => {
                return Slot::Coming(coming.clone());
            }
            Some(Slot::Coming(_)) | None => {}
        }
        let (told, coming) = watch::channel(None);
        let teller = Teller { told, shelf: Arc::clone(self), name: name.to_owned() };
        slots.insert(name.to_owned(), Slot::Coming(coming.clone()));
        // Where there can be no task, the teller says so at once.
        drop(slots);
        // A task of its own: whoever waits may be cancelled, and others wait too.
        tokio::spawn(fetch(Arc::clone(backend), teller));
        Slot::Coming(coming)
    }

    /// Held for one look or change; nothing in between can panic.
    fn slots(&self) -> MutexGuard<'_, BTreeMap<String, Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn fetch(backend: Arc<dyn Backend>, teller: Teller) {
    teller.tell(read(&*backend, &teller.name, &teller.shelf.clock).await);
}

async fn read(backend: &dyn Backend, name: &str, clock: &Clock) -> Outcome {
    let backend_word = backend.word();
    let text = meant::read(backend, name, clock).await.map_err(|failure| ConnectionError::Read {
        name: name.to_owned(),
        backend: backend_word,
        failure,
    })?;
    let read = Connection::parse(name, &text).map_err(|problems| ConnectionError::Invalid {
        name: name.to_owned(),
        backend: backend_word,
        problems,
    })?;
    for warning in &read.warnings {
        log::warn!("connection '{}': {warning}; {}", name.escape_debug(), warning.remedy());
    }
    Ok(Arc::new(read.connection))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use keyloom_connections::Generic;

    use super::super::{Connections, FailureKind, Over, Pending, Setting};
    use super::*;

    /// Fails the first time, and yields before it answers, so that others can come.
    #[derive(Debug, Default)]
    struct Counting(AtomicUsize);

    impl Backend for Counting {
        fn word(&self) -> &'static str {
            "counting"
        }

        fn settings(&self) -> Vec<Setting> {
            Vec::new()
        }

        fn read<'a>(&'a self, name: &'a str) -> Pending<'a, Secret> {
            Box::pin(async move {
                let count = self.0.fetch_add(1, Ordering::SeqCst);
                if name == "hangs" {
                    return std::future::pending().await;
                }
                tokio::task::yield_now().await;
                assert_ne!(name, "panics", "as it should in this test");
                if count == 0 {
                    return Err(Failure {
                        what: "failed".to_owned(),
                        cause: None,
                        remedy: "try again".to_owned(),
                        kind: FailureKind::Unavailable,
                    });
                }
                Ok(Secret::new(r#"{"type": "generic", "details": {"value": "canary"}}"#.to_owned()))
            })
        }

        fn names(&self) -> Pending<'_, BTreeSet<String>> {
            Box::pin(async { Ok(BTreeSet::new()) })
        }

        fn write<'a>(&'a self, _: &'a str, _: &'a Secret, _: Over) -> Pending<'a, ()> {
            Box::pin(async { Ok(()) })
        }
    }

    async fn all(connections: &Connections, name: &'static str) -> Vec<Result<Generic, ConnectionError>> {
        let asks = |_| {
            let connections = connections.clone();
            tokio::spawn(async move { connections.get::<Generic>(name).await })
        };
        let tasks: Vec<_> = (0..1000).map(asks).collect();
        let mut told = Vec::new();
        for task in tasks {
            told.push(task.await.unwrap());
        }
        told
    }

    #[tokio::test]
    async fn a_thousand_tasks_read_once_and_a_failure_is_not_kept() {
        let backend = Arc::new(Counting::default());
        let connections = Connections::shared(Arc::clone(&backend) as Arc<dyn Backend>);
        assert!(all(&connections, "a").await.iter().all(Result::is_err));
        assert_eq!(backend.0.load(Ordering::SeqCst), 1, "all were told of the one failure");
        let told = all(&connections, "a").await;
        assert!(told.iter().all(|one| one.as_ref().unwrap().value.expose() == "canary"));
        assert_eq!(backend.0.load(Ordering::SeqCst), 2);
        all(&connections, "b").await;
        assert_eq!(backend.0.load(Ordering::SeqCst), 3, "another name is read for itself");
    }

    #[tokio::test]
    async fn a_panic_is_an_error_and_the_next_one_asks_again() {
        let backend = Arc::new(Counting::default());
        let connections = Connections::shared(Arc::clone(&backend) as Arc<dyn Backend>);
        for _ in 0..2 {
            let told = connections.connection("panics").await.unwrap_err();
            assert!(matches!(told, ConnectionError::Panicked { .. }), "{told:?}");
        }
        assert_eq!(backend.0.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn a_runtime_that_ended_is_no_panic() {
        let runtime = || tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let connections = Connections::new(Counting::default());
        let (first, second) = (runtime(), runtime());
        let mut waiting = Box::pin(connections.connection("hangs"));
        first.block_on(async {
            tokio::select! {
                biased;
                _ = &mut waiting => unreachable!("it hangs"),
                () = tokio::task::yield_now() => {}
            }
        });
        drop(first);
        let told = second.block_on(waiting).unwrap_err();
        assert!(matches!(told, ConnectionError::Ended { .. }), "{told:?}");
        assert!(connections.shelf.slots().is_empty(), "who asks next asks the backend again");
    }
}
