//! A login or renewal on its way. It is a task of its own: whoever waits for it may be cancelled, and what the server grants
//! is not lost.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use tokio::sync::watch;

use super::{Session, Token, Trouble};
use crate::credentials::Credentials;
use crate::error::Error;
use crate::life::{Grant, Life};
use crate::login;

/// How long nobody tries who has time, after a login or a renewal that panicked.
const CRASHED: Duration = Duration::from_secs(60);
/// How long nobody tries at all then.
const CRASHED_CLOSED: Duration = Duration::from_secs(5);

type Outcome = Result<Arc<Token>, Error>;

/// One that is on its way.
#[derive(Debug)]
pub(super) struct Flight(watch::Receiver<Option<Outcome>>);

/// What somebody waits for.
pub(super) struct Landed(watch::Receiver<Option<Outcome>>);

impl Flight {
    /// Sets out: to renew a token, or else to log in.
    pub(super) fn depart(
        session: Arc<Session>,
        renewed: Option<Arc<Token>>,
        generation: u64,
    ) -> (Self, Landed) {
        let (told, waiting) = watch::channel(None);
        let flying = Arc::clone(&session);
        let outcome = async move { flying.fly(renewed, generation).await };
        tokio::spawn(flown(session, told, outcome));
        (Self(waiting.clone()), Landed(waiting))
    }

    pub(super) fn landed(&self) -> Landed {
        Landed(self.0.clone())
    }

    /// Not where it came to no end, for its runtime did before.
    pub(super) fn is_on_its_way(&self) -> bool {
        self.0.has_changed().is_ok()
    }
}

async fn flown(
    session: Arc<Session>,
    told: watch::Sender<Option<Outcome>>,
    outcome: impl Future<Output = Outcome>,
) {
    // Dropped in the opposite order: what has panicked is known before the channel is closed, and that is closed when others
    // look whether it is.
    let ended = Ended(session);
    let told = told;
    let _panicked = Panicked(&ended.0);
    let outcome = outcome.await;
    ended.0.land(&outcome);
    told.send_replace(Some(outcome));
}

/// Makes an error of a panic, so that those who wait do not all set out for the next one.
struct Panicked<'a>(&'a Session);

impl Drop for Panicked<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.crashed();
        }
    }
}

/// Tells others to look, however it ends.
struct Ended(Arc<Session>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.changed.send_replace(());
    }
}

impl Landed {
    /// What came of it; none where it came to no end.
    pub(super) async fn wait(&mut self) -> Option<Outcome> {
        self.0.wait_for(Option::is_some).await.ok()?.clone()
    }
}

impl Session {
    async fn fly(&self, renewed: Option<Arc<Token>>, generation: u64) -> Outcome {
        let asked = self.now();
        if let Some(token) = renewed {
            match login::renew(&self.http, &self.base, &token.secret).await {
                Ok(grant) => {
                    if let Some(life) = token.life.renewed(&grant, asked, self.now()) {
                        self.state().status.renewals += 1;
                        return Ok(self.token_of(grant, life, generation));
                    }
                }
                // There is nothing left to renew, or nobody knows the token: a login is what remains.
                Err(Error::Refused { refusal, .. }) if refusal.is_final() => {}
                Err(error) => return Err(error),
            }
        }
        let asked = self.now();
        let grant = self.log_in().await?;
        self.state().status.logins += 1;
        let life = Life::of_login(&grant, asked, self.now());
        Ok(self.token_of(grant, life, generation))
    }

    async fn log_in(&self) -> Result<Grant, Error> {
        match &self.credentials {
            Credentials::Universal(auth) => login::universal(&self.http, &self.base, auth).await,
            Credentials::Kubernetes(auth) => login::kubernetes(&self.http, &self.base, auth).await,
            Credentials::Token(token) => Ok(Grant { token: token.clone(), expires_in: None, max_ttl: None }),
        }
    }

    fn token_of(&self, grant: Grant, life: Life, generation: u64) -> Arc<Token> {
        let due = life.due(self.http.jitter.part());
        let taken = AtomicBool::new(false);
        Arc::new(Token { secret: grant.token, generation, life, due, taken })
    }

    /// As if it had failed, without a look at anything that may have panicked.
    fn crashed(&self) {
        let (mut state, now) = (self.state(), self.now());
        state.landed = Some(now);
        let error = Error::Request { why: "what was to log in has panicked" };
        let (until, closed) = (now.saturating_add(CRASHED), now.saturating_add(CRASHED_CLOSED));
        state.trouble = Some(Trouble { until, closed, error, is_refusal: false });
    }

    fn land(&self, outcome: &Outcome) {
        let (mut state, now) = (self.state(), self.now());
        state.flight = None;
        state.landed = Some(now);
        match outcome {
            Ok(token) => {
                state.trouble = None;
                state.patience.let_in();
                state.token = Some(Arc::clone(token));
            }
            Err(error) => {
                state.status.failures += 1;
                state.trouble = Some(state.patience.after(error.clone(), now, &self.http.jitter));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base_url::BaseUrl;
    use crate::clock::Clock;
    use crate::http::{Http, Limits};
    use keyloom_connections::Secret;

    #[tokio::test]
    async fn a_panic_is_an_error_for_a_while_and_no_storm() {
        let clock = Clock::simulated(Duration::ZERO);
        let http = Http::new(Limits::default()).unwrap().on(clock.clone());
        let base = BaseUrl::parse("http://127.0.0.1:1").unwrap();
        let credentials = Credentials::Token(Secret::new("token".to_owned()));
        let session = Arc::new(Session::new(base, credentials, http));
        let (told, waiting) = watch::channel(None);
        session.state().flight = Some(Flight(waiting));
        let waits = tokio::spawn({
            let session = Arc::clone(&session);
            async move { session.token().await }
        });
        let panics = async { panic!("as it should in this test") };
        assert!(tokio::spawn(flown(Arc::clone(&session), told, panics)).await.is_err());
        for _ in 0..100 {
            let error = session.token().await.unwrap_err();
            assert!(matches!(error, Error::Request { .. }), "{error:?}");
        }
        assert_eq!(session.state().generation, 0, "nobody set out");
        assert!(session.state().waits(CRASHED.saturating_sub(CRASHED_CLOSED)));
        clock.asleep(1).await;
        clock.advance(CRASHED_CLOSED);
        waits.await.unwrap().unwrap();
        session.token().await.unwrap();
    }
}
