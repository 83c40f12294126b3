//! Renewing in time, also where nobody asks for anything.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;

use super::{Session, State};

/// The shortest time between two logins or renewals, of tokens that live hardly at all.
pub(super) const SHORTEST: Duration = Duration::from_millis(500);

/// Keeps the token of a client alive; ends when it is dropped.
#[derive(Debug)]
#[must_use = "the token is renewed for as long as this is held"]
pub struct Keeper(JoinHandle<()>);

impl Drop for Keeper {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Session {
    pub(crate) fn keep(self: &Arc<Self>) -> Keeper {
        let session = Arc::clone(self);
        Keeper(tokio::spawn(async move {
            let mut changed = session.changed.subscribe();
            loop {
                let next = session.state().next();
                let time = async {
                    match next {
                        Some(moment) => session.http.clock.sleep_until(moment).await,
                        None => std::future::pending().await,
                    }
                };
                tokio::select! {
                    () = time => session.tend().await,
                    // The sender is a part of what is held here.
                    _ = changed.changed() => {}
                }
            }
        }))
    }

    /// Does what the time has come for, and waits until it is done.
    async fn tend(self: &Arc<Self>) {
        let mut landed = {
            let mut state = self.state();
            let now = self.now();
            if state.next().is_none_or(|moment| now < moment) {
                return;
            }
            self.depart(&mut state)
        };
        landed.wait().await;
    }
}

impl State {
    /// When there is something to do; none while it is done, or where nothing is known of the token's end.
    fn next(&self) -> Option<Duration> {
        if self.is_on_its_way() {
            return None;
        }
        let due = match &self.token {
            Some(token) => token.due?,
            None => Duration::ZERO,
        };
        let after = self.trouble.as_ref().map_or(Duration::ZERO, |trouble| {
            let end = self.token.as_ref().and_then(|token| token.life.end());
            match end.filter(|end| self.landed.is_some_and(|landed| landed < *end)) {
                // A renewal that did not work is tried once more at the end, which is a login then.
                Some(end) => trouble.until.min(end.max(trouble.closed)),
                None => trouble.until,
            }
        });
        let floor = self.landed.map_or(Duration::ZERO, |landed| landed.saturating_add(SHORTEST));
        Some(due.max(after).max(floor))
    }
}
