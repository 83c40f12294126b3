//! The tasks that tell the other replicas, and hear from them.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use crate::replicas::Replicas;
use crate::subscriber::shared::Shared;

/// Between two times that the others are told: they would not ask more often.
const PAUSE: Duration = Duration::from_millis(500);
/// How many webhooks are being told at the same time; a replica that does not answer holds the next ones up only behind these.
const AT_ONCE: usize = 16;

/// Tells the others of webhooks, until the subscriber stops.
pub(crate) async fn tell(shared: Arc<Shared>, replicas: Arc<dyn Replicas>) {
    let clock = &shared.settings.clock;
    let telling = async {
        let mut calls = JoinSet::new();
        loop {
            let news = shared.outbox.take().await;
            let again = clock.now().saturating_add(PAUSE);
            for news in news {
                while calls.len() >= AT_ONCE {
                    calls.join_next().await;
                }
                let (shared, replicas) = (Arc::clone(&shared), Arc::clone(&replicas));
                calls.spawn(async move { shared.metrics.told(replicas.tell(&news).await) });
            }
            while calls.try_join_next().is_some() {}
            clock.sleep_until(again).await;
        }
    };
    until_stopped(&shared, telling).await;
}

/// Hears from the others, until the subscriber stops.
pub(crate) async fn hear(shared: Arc<Shared>, replicas: Arc<dyn Replicas>) {
    let heard = |heard| shared.heard(&heard);
    until_stopped(&shared, replicas.hear(&heard)).await;
}

async fn until_stopped(shared: &Shared, task: impl Future<Output = ()>) {
    let mut stopped = shared.stop.subscribe();
    tokio::select! {
        _ = stopped.wait_for(|stopped| *stopped) => {}
        () = task => {}
    }
}
