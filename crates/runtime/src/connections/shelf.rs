//! What was read, and what is being read: one reading for each name, whoever waits for it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use keyloom_connections::Connection;
use tokio::sync::watch;

use super::backend::Backend;
use super::error::ConnectionError;

type Outcome = Result<Arc<Connection>, ConnectionError>;

/// What was read, by name.
#[derive(Debug, Default)]
pub(super) struct Shelf(Mutex<BTreeMap<String, Slot>>);

#[derive(Debug)]
enum Slot {
    Taken(Arc<Connection>),
    Coming(watch::Receiver<Option<Outcome>>),
}

impl Shelf {
    /// What is there, or what comes of the reading that is on its way, or of a new one.
    pub(super) async fn take(self: &Arc<Self>, backend: &Arc<dyn Backend>, name: &str) -> Outcome {
        let mut coming = match self.look(backend, name) {
            Slot::Taken(connection) => return Ok(connection),
            Slot::Coming(coming) => coming,
        };
        match coming.wait_for(Option::is_some).await.map(|outcome| outcome.clone()) {
            Ok(Some(outcome)) => outcome,
            // The task that was to tell ended without a word.
            Ok(None) | Err(_) => {
                self.clear(name);
                Err(ConnectionError::Panicked { name: name.to_owned() })
            }
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
        slots.insert(name.to_owned(), Slot::Coming(coming.clone()));
        // A task of its own: whoever waits may be cancelled, and others wait too.
        tokio::spawn(Arc::clone(self).fetch(Arc::clone(backend), name.to_owned(), told));
        Slot::Coming(coming)
    }

    async fn fetch(
        self: Arc<Self>,
        backend: Arc<dyn Backend>,
        name: String,
        told: watch::Sender<Option<Outcome>>,
    ) {
        let outcome = read(&*backend, &name).await;
        match &outcome {
            Ok(connection) => {
                self.slots().insert(name, Slot::Taken(Arc::clone(connection)));
            }
            // Told to those who wait, and then forgotten: who asks next asks the backend again.
            Err(_) => self.clear(&name),
        }
        told.send_replace(Some(outcome));
    }

    fn clear(&self, name: &str) {
        let mut slots = self.slots();
        if matches!(slots.get(name), Some(Slot::Coming(_))) {
            slots.remove(name);
        }
    }

    /// Held for one look or change; nothing in between can panic.
    fn slots(&self) -> MutexGuard<'_, BTreeMap<String, Slot>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn read(backend: &dyn Backend, name: &str) -> Outcome {
    let backend_word = backend.word();
    let text = backend.read(name).await.map_err(|failure| ConnectionError::Read {
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
        log::warn!("connection '{name}': {warning}; {}", warning.remedy());
    }
    Ok(Arc::new(read.connection))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use keyloom_connections::{Generic, Secret};

    use super::super::{Connections, Failure, FailureKind, Over, Pending, Setting};
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
        let connections = Connections::new(Arc::clone(&backend) as Arc<dyn Backend>);
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
        let connections = Connections::new(Arc::clone(&backend) as Arc<dyn Backend>);
        for _ in 0..2 {
            let told = connections.connection("panics").await.unwrap_err();
            assert!(matches!(told, ConnectionError::Panicked { .. }), "{told:?}");
        }
        assert_eq!(backend.0.load(Ordering::SeqCst), 2);
    }
}
