//! Connections of a server: so many at once, of which the oldest makes room.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::{AbortHandle, JoinSet};

/// How often everybody else is let go first where it is crowded: whoever said all that they have to say is answered by then.
/// It is no time, for many may come in a moment.
const TURNS: usize = 8;

/// The connections of a server. They end with it.
#[derive(Debug)]
pub struct Crowd {
    free: Arc<Semaphore>,
    connections: JoinSet<()>,
    /// Those that have not ended, the oldest first.
    oldest: VecDeque<AbortHandle>,
}

impl Crowd {
    /// Nobody yet, and so many at once.
    pub fn new(connections: usize) -> Self {
        Self {
            free: Arc::new(Semaphore::new(connections)),
            connections: JoinSet::new(),
            oldest: VecDeque::new(),
        }
    }

    /// Serves one more, in the place of the oldest where nobody goes by themselves: nobody has to wait for those who say
    /// nothing. Returns when it has a place.
    pub async fn serve(&mut self, connection: impl Future<Output = ()> + Send + 'static) {
        let permit = self.place().await;
        while self.connections.try_join_next().is_some() {}
        self.oldest.retain(|connection| !connection.is_finished());
        self.oldest.push_back(self.connections.spawn(async move {
            connection.await;
            drop(permit);
        }));
    }

    /// Waits until all have ended.
    pub async fn end(&mut self) {
        while self.connections.join_next().await.is_some() {}
    }

    async fn place(&mut self) -> Option<OwnedSemaphorePermit> {
        for _ in 0..TURNS {
            if let Ok(permit) = Arc::clone(&self.free).try_acquire_owned() {
                return Some(permit);
            }
            tokio::task::yield_now().await;
        }
        self.oldest.retain(|connection| !connection.is_finished());
        if let Some(connection) = self.oldest.pop_front() {
            connection.abort();
        }
        // Fails when it is closed, which nobody does.
        Arc::clone(&self.free).acquire_owned().await.ok()
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn the_oldest_makes_room() {
        let mut crowd = Crowd::new(2);
        let mut silent = Vec::new();
        for _ in 0..3 {
            let (sender, receiver) = oneshot::channel::<()>();
            crowd.serve(async move { drop(receiver.await) }).await;
            silent.push(sender);
        }
        tokio::task::yield_now().await;
        assert_eq!(silent.iter().map(oneshot::Sender::is_closed).collect::<Vec<_>>(), [true, false, false]);
        drop(silent);
        crowd.end().await;
    }

    #[tokio::test]
    async fn nothing_is_kept_of_those_who_went() {
        let mut crowd = Crowd::new(2);
        for _ in 0..100 {
            crowd.serve(async {}).await;
            tokio::task::yield_now().await;
        }
        assert!(crowd.oldest.len() <= 2 && crowd.connections.len() <= 2);
    }
}
