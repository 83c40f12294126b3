//! A pool of connections that follows the name and the password of a user of PostgreSQL.

use std::time::Duration;

use deadpool_postgres::{Manager, ManagerConfig, Pool, RecyclingMethod};
use keyloom_runtime::{Changes, Snapshot};
use thiserror::Error;
use tokio_postgres::{Config, NoTls};

use crate::swap::{Lease, Old, Swap};

/// Under which names the two secrets stand. Infisical writes both at once, and a snapshot has both at once.
const USER: &str = "DATABASE_USER";
const PASSWORD: &str = "DATABASE_PASSWORD";
/// The pause before new credentials are tried again that did not work; it doubles each time.
const PAUSE: Duration = Duration::from_millis(100);
/// The longest of those.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How long a query may take that began before a rotation. What takes longer is told, and waited for no longer.
const LONGEST_DRAIN: Duration = Duration::from_secs(60);

/// Why there is no pool. Nothing of a secret is in its words.
#[derive(Debug, Error)]
pub enum DatabaseError {
    /// There are no credentials.
    #[error("the secret {0} is not there")]
    Missing(&'static str),
    /// They do not work, or the server is not there.
    #[error("cannot connect: {0}")]
    Connect(#[from] deadpool_postgres::PoolError),
    /// No pool can be made.
    #[error("cannot make a pool: {0}")]
    Build(#[from] deadpool_postgres::BuildError),
}

/// What came of a rotation.
#[derive(Debug)]
pub enum Rotated {
    /// The old connections are closed: the old password may go.
    Drained,
    /// Somebody still works with one of the old connections after a minute. The old password goes at their expense.
    InUse,
    /// The new credentials do not work, or not yet: the old ones serve on, and the new ones are tried again.
    Failed(DatabaseError),
}

/// A pool of connections, exchanged as a whole when its credentials are.
#[derive(Debug)]
pub struct Database {
    /// Where the server is.
    server: Config,
    size: usize,
    pool: Swap<Pool>,
}

impl Database {
    /// Connects as the secrets say.
    ///
    /// # Errors
    /// [`DatabaseError`]: an application that has no connection had better not start.
    pub async fn open(server: Config, size: usize, secrets: &Snapshot) -> Result<Self, DatabaseError> {
        let pool = Swap::new(pool(&server, size, secrets).await?);
        Ok(Self { server, size, pool })
    }

    /// The pool, for one piece of work.
    pub fn pool(&self) -> Lease<Pool> {
        self.pool.lease()
    }

    /// Follows rotations until the subscriber stops; `told` is told what came of each.
    pub async fn follow(&self, mut changes: Changes, mut told: impl FnMut(Rotated)) {
        while let Some(batch) = changes.next().await {
            if !batch.iter().any(|change| change.key == USER || change.key == PASSWORD) {
                continue;
            }
            let mut pause = PAUSE;
            let old = loop {
                match self.rotate(changes.snapshot()).await {
                    Ok(old) => break old,
                    Err(error) => told(Rotated::Failed(error)),
                }
                // The new password may be known here before it is where it counts, or another one may be on its way.
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    next = changes.next() => match next {
                        Some(_) => {}
                        None => return,
                    }
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            };
            told(if old.drained(LONGEST_DRAIN).await { Rotated::Drained } else { Rotated::InUse });
        }
    }

    /// Opens a pool with the new credentials, and only when a connection stands puts it in the place of the old one.
    ///
    /// # Errors
    /// [`DatabaseError`] for credentials that do not work: the old pool serves on.
    pub async fn rotate(&self, secrets: &Snapshot) -> Result<Old, DatabaseError> {
        Ok(self.pool.swap(pool(&self.server, self.size, secrets).await?))
    }
}

/// A pool that has connected once.
async fn pool(server: &Config, size: usize, secrets: &Snapshot) -> Result<Pool, DatabaseError> {
    let secret = |name| secrets.get(name).ok_or(DatabaseError::Missing(name));
    let mut config = server.clone();
    config.user(secret(USER)?.expose()).password(secret(PASSWORD)?.expose());
    // A connection that broke while nobody used it is looked at before it is handed out.
    let manager =
        Manager::from_config(config, NoTls, ManagerConfig { recycling_method: RecyclingMethod::Verified });
    let pool = Pool::builder(manager).max_size(size).build()?;
    drop(pool.get().await?);
    Ok(pool)
}
