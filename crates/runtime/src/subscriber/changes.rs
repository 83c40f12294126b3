//! Waiting for changes.

use std::fmt;
use std::sync::Arc;

use tokio::sync::watch;

use crate::snapshot::{Change, Snapshot};
use crate::subscriber::shared::Shared;

/// The changes since it was made, each batch when it is asked for. Who asks seldom is told of what changed in between at
/// once, and nothing is kept for them but the snapshot they saw last.
pub struct Changes {
    shared: Arc<Shared>,
    seen: Arc<Snapshot>,
    versions: watch::Receiver<u64>,
}

impl Changes {
    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        let versions = shared.versions.subscribe();
        let seen = shared.current.load_full();
        Self { shared, seen, versions }
    }

    /// Waits for the next changes, by name; none when the subscriber has stopped.
    pub async fn next(&mut self) -> Option<Vec<Change>> {
        let mut stopped = self.shared.stop.subscribe();
        loop {
            let now = self.shared.current.load_full();
            let changes = now.since(&self.seen);
            self.seen = now;
            if !changes.is_empty() {
                return Some(changes);
            }
            tokio::select! {
                _ = stopped.wait_for(|stopped| *stopped) => return None,
                // Fails when the sender is gone, which is in what this holds.
                _ = self.versions.changed() => {}
            }
        }
    }

    /// The snapshot that the last changes led to.
    pub fn snapshot(&self) -> &Arc<Snapshot> {
        &self.seen
    }
}

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Changes({})", self.seen.version())
    }
}
