//! Reading names, with a word now and then while it takes time.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use keyloom_live::{Error, Systems};
use keyloom_resources::first_run::{Names, Sync};
use tokio::runtime::Builder;
use tokio::time::{MissedTickBehavior, interval};

use crate::failure::Failure;
use crate::io::Io;

/// After so long, and then again each time, somebody who waits is told how far it is.
const PATIENCE: Duration = Duration::from_secs(3);

/// The names at both ends of each sync, in their order. Whatever keeps any from being read is said, all of it.
pub(super) fn read(syncs: &[Sync], io: &Io) -> Result<Vec<Names>, Failure> {
    if syncs.is_empty() {
        return Ok(Vec::new());
    }
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Usage(format!("cannot begin to read names: {error}")))?;
    let systems = Systems::new(|name| std::env::var(name).ok());
    let systems = systems.map_err(|error| Failure::Usage(error.to_string()))?;
    let mut names = Vec::new();
    let mut failed = Vec::new();
    for sync in syncs {
        match runtime.block_on(told(&systems, sync, io)) {
            Ok(read) => names.push(read),
            Err(error) => failed.push(format!("{}: {error}", sync.name)),
        }
    }
    let Some(last) = failed.pop() else { return Ok(names) };
    for error in failed {
        io.say(&format!("error: {error}"));
    }
    Err(Failure::Usage(last))
}

/// Reads the names of a sync, and tells how far it is.
async fn told(systems: &Systems, sync: &Sync, io: &Io) -> Result<Names, Error> {
    let count = AtomicUsize::new(0);
    let progress = |so_far: usize| count.store(so_far, Ordering::Relaxed);
    let reading = systems.names(sync, &progress);
    tokio::pin!(reading);
    let mut patience = interval(PATIENCE);
    patience.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // The first one comes at once.
    patience.tick().await;
    loop {
        tokio::select! {
            names = &mut reading => return names,
            _ = patience.tick() => {
                let so_far = count.load(Ordering::Relaxed);
                io.say(&format!("reading the names of {}: {so_far} at the destination so far", sync.name));
            }
        }
    }
}
