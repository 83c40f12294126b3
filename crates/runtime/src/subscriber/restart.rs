//! Tasks that are started again when they panic: who waits for news would not notice that nobody brings them any more.

use std::panic::catch_unwind;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::subscriber::shared::Shared;
use crate::webhook::Hint;

/// Before it is started again; doubles each time.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Runs a task until it ends by itself. One that panics is started again after a pause, but when the subscriber stops.
pub(crate) async fn keep<T>(shared: Arc<Shared>, what: &'static str, start: impl Fn() -> T)
where
    T: Future<Output = ()> + Send + 'static,
{
    let (clock, mut stopped, mut pause) = (&shared.settings.clock, shared.stop.subscribe(), PAUSE);
    loop {
        let began = clock.now();
        // A task of its own, which ends with this one.
        let mut task = JoinSet::new();
        task.spawn(start());
        match task.join_next().await {
            Some(Err(error)) if error.is_panic() => shared.panicked(what),
            Some(Ok(()) | Err(_)) | None => return,
        }
        if clock.now().saturating_sub(began) > LONGEST_PAUSE {
            pause = PAUSE;
        }
        tokio::select! {
            _ = stopped.wait_for(|stopped| *stopped) => return,
            () = clock.sleep(pause) => {}
        }
        pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
        // Whatever it had been told of is lost with it.
        shared.hint(&Hint::default());
    }
}

impl Shared {
    /// Counts a task that panicked. Its words may hold a value, and are not repeated.
    pub(crate) fn panicked(&self, what: &'static str) {
        self.metrics.panicked();
        // It may have been the application's logger.
        let _ = catch_unwind(|| log::error!("a task panicked that {what}"));
    }
}
