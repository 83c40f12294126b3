//! A login or renewal on its way. It is a task of its own: whoever waits for it may be cancelled, and what the server grants
//! is not lost.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::sync::watch;

use super::{Session, Token};
use crate::credentials::Credentials;
use crate::error::Error;
use crate::life::{Grant, Life};
use crate::login;

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
        tokio::spawn(async move {
            // Dropped in the opposite order: the channel is closed when others look whether it is.
            let ended = Ended(session);
            let told = told;
            let outcome = ended.0.fly(renewed, generation).await;
            ended.0.land(&outcome);
            told.send_replace(Some(outcome));
        });
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
