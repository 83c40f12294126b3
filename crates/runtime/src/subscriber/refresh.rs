//! The task that keeps one folder: it alone asks for it, so that two questions never overlap.

use std::sync::Arc;

use crate::error::Error;
use crate::jitter::Jitter;
use crate::secrets::Fetched;
use crate::subscriber::schedule::Schedule;
use crate::subscriber::shared::Shared;

/// Asks for a folder whenever it may have changed, until the subscriber stops.
pub(crate) async fn keep(shared: Arc<Shared>, number: usize) {
    let (clock, pending) = (&shared.settings.clock, &shared.pending[number]);
    let mut stopped = shared.stop.subscribe();
    let jitter = match shared.settings.seed {
        Some(seed) => Jitter::seeded(seed.wrapping_add(number as u64)),
        None => Jitter::new(),
    };
    let mut schedule = Schedule::new(shared.settings.reconcile, jitter, clock.now());
    if !shared.is_loaded(number) {
        schedule.failed(clock.now(), None);
    }
    loop {
        let next = schedule.next(pending.urgency());
        if clock.now() < next {
            tokio::select! {
                _ = stopped.wait_for(|stopped| *stopped) => return,
                () = pending.said() => {}
                () = clock.sleep_until(next) => {}
            }
            continue;
        }
        pending.take();
        schedule.asked(clock.now());
        let known = shared.etag(number);
        let fetched = tokio::select! {
            _ = stopped.wait_for(|stopped| *stopped) => return,
            fetched = shared.fetch(number, known.as_ref()) => fetched,
        };
        match fetched {
            Ok(fetched) => {
                if let Fetched::Loaded(loaded) = fetched {
                    shared.put(vec![(number, loaded)]);
                }
                schedule.succeeded(clock.now());
            }
            Err(error) => {
                shared.failed(&error);
                schedule.failed(clock.now(), asked_for(&error));
            }
        }
    }
}

/// The pause that the server wants.
fn asked_for(error: &Error) -> Option<std::time::Duration> {
    match error {
        Error::Busy { pause, .. } => Some(*pause),
        _ => None,
    }
}
