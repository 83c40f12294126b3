//! The tasks that tell the other replicas, and hear from them.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::{JoinError, JoinSet};

use crate::replicas::{Replicas, Told};
use crate::subscriber::shared::Shared;
use crate::webhook::Accepted;

/// Between two times that the others are told: they would not ask more often.
const PAUSE: Duration = Duration::from_millis(500);
/// How many webhooks are being told at the same time; a replica that does not answer holds the next ones up only behind these.
const AT_ONCE: usize = 16;

/// Tells the others of webhooks, until the subscriber stops, or until all is told when nothing more will be.
pub(crate) async fn tell(shared: Arc<Shared>, replicas: Arc<dyn Replicas>) {
    let clock = &shared.settings.clock;
    let telling = async {
        let mut calls = JoinSet::new();
        while let Some(news) = news(&shared, &mut calls).await {
            let again = clock.now().saturating_add(PAUSE);
            for news in news {
                while calls.len() >= AT_ONCE {
                    calls.join_next().await.into_iter().for_each(|call| ended(&shared, call));
                }
                let (shared, replicas) = (Arc::clone(&shared), Arc::clone(&replicas));
                calls.spawn(async move { shared.metrics.told(replicas.tell(&news).await) });
            }
            tokio::select! {
                () = clock.sleep_until(again) => {}
                () = shared.outbox.closed() => {}
            }
        }
        while let Some(call) = calls.join_next().await {
            ended(&shared, call);
        }
    };
    until_stopped(&shared, telling).await;
}

/// What is to be told next, however the calls before it end meanwhile; none when all is told and nothing more will be.
async fn news(shared: &Shared, calls: &mut JoinSet<()>) -> Option<Vec<Accepted>> {
    loop {
        tokio::select! {
            news = shared.outbox.take() => return news,
            Some(call) = calls.join_next() => ended(shared, call),
        }
    }
}

/// One that panicked told nobody.
fn ended(shared: &Shared, call: Result<(), JoinError>) {
    if call.is_err() {
        shared.panicked("tells the other replicas of a webhook");
        shared.metrics.told(Told { reached: 0, missed: 1 });
    }
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
