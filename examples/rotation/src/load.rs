//! Many that ask a database without a pause, and what came of it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use keyloom_example_rotation::Database;
use tokio::task::JoinSet;

use crate::Outcome;

/// How many ask at once: more than there are connections, so that some always wait for one.
const WORKERS: usize = 16;
/// One in so many is a transaction that takes a while, which a rotation must wait for.
const LONG: usize = 40;
/// The pause after a failure, which may come at once: others want to run too.
const AFTER_FAILURE: Duration = Duration::from_millis(5);

/// Workers that ask until they are told to stop.
pub(crate) struct Load {
    workers: JoinSet<()>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    stop: AtomicBool,
    counted: Mutex<Counted>,
}

/// What came of the queries.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counted {
    /// Those that were answered, by the user that asked.
    pub(crate) answered: BTreeMap<String, usize>,
    pub(crate) failed: usize,
    /// What the first that failed was told.
    pub(crate) error: Option<String>,
}

impl Load {
    pub(crate) fn start(database: &Arc<Database>) -> Self {
        let (shared, mut workers) = (Arc::new(Shared::default()), JoinSet::new());
        for worker in 0..WORKERS {
            let (shared, database) = (Arc::clone(&shared), Arc::clone(database));
            workers.spawn(async move {
                let mut number = worker;
                while !shared.stop.load(Ordering::Relaxed) {
                    let asked = ask(&database, number.is_multiple_of(LONG)).await;
                    if asked.is_err() {
                        tokio::time::sleep(AFTER_FAILURE).await;
                    }
                    shared.count(asked);
                    number += 1;
                }
            });
        }
        Self { workers, shared }
    }

    /// Whether a user has been asking, too.
    pub(crate) fn uses(&self, user: &str) -> Outcome<()> {
        let counted = self.shared.counted();
        if counted.answered.contains_key(user) { Ok(()) } else { Err(format!("{user} asks nothing").into()) }
    }

    pub(crate) async fn stop(mut self) -> Counted {
        self.shared.stop.store(true, Ordering::Relaxed);
        while self.workers.join_next().await.is_some() {}
        self.shared.counted().clone()
    }
}

/// Works with whatever pool is current, for one piece of work. Who asked.
async fn ask(database: &Database, long: bool) -> Outcome<String> {
    let pool = database.pool();
    let mut connection = pool.get().await?;
    if long {
        let transaction = connection.transaction().await?;
        transaction.execute("SELECT pg_sleep(0.2)", &[]).await?;
        let user = transaction.query_one("SELECT current_user::text", &[]).await?.try_get(0)?;
        transaction.commit().await?;
        return Ok(user);
    }
    Ok(connection.query_one("SELECT current_user::text FROM pg_sleep(0.002)", &[]).await?.try_get(0)?)
}

impl Shared {
    fn counted(&self) -> std::sync::MutexGuard<'_, Counted> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn count(&self, asked: Outcome<String>) {
        let mut counted = self.counted();
        match asked {
            Ok(user) => *counted.answered.entry(user).or_default() += 1,
            Err(error) => {
                counted.failed += 1;
                counted.error.get_or_insert_with(|| error.to_string());
            }
        }
    }
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answered: usize = self.answered.values().sum();
        write!(f, "{answered} queries answered, {} failed", self.failed)?;
        match &self.error {
            Some(error) => write!(f, " ({error})"),
            None => Ok(()),
        }
    }
}
