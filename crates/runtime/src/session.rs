//! The token of the moment: who logs in, who waits for that, and when it is renewed.

mod flight;
mod keeper;
mod patience;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;

pub use keeper::Keeper;

use crate::base_url::BaseUrl;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::http::Http;
use crate::life::{Life, Step};
use flight::{Flight, Landed};
use keyloom_connections::Secret;
use patience::{Patience, Trouble};

/// What a client and its clones share.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) base: BaseUrl,
    pub(crate) http: Http,
    credentials: Credentials,
    state: Mutex<State>,
    /// Told whenever the state is another one.
    changed: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct State {
    token: Option<Arc<Token>>,
    /// Of the next token.
    generation: u64,
    /// The login or renewal that is on its way; all that need it wait for this one.
    flight: Option<Flight>,
    /// When the last one ended.
    landed: Option<Duration>,
    trouble: Option<Trouble>,
    patience: Patience,
    status: LoginStatus,
}

/// How the login of a client stands, for metrics and health.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoginStatus {
    /// How long ago the login was that the token comes from; none without a token.
    pub age: Option<Duration>,
    /// How long the token lives yet; none without a token, or where the server does not say.
    pub left: Option<Duration>,
    /// Logins that were granted.
    pub logins: u64,
    /// Renewals that were granted.
    pub renewals: u64,
    /// Logins and renewals that did not work, be it that nobody answered or that they were refused.
    pub failures: u64,
    /// Whether the last login was refused, and is not tried again for a minute or more.
    pub is_refused: bool,
}

#[derive(Debug)]
pub(crate) struct Token {
    pub(crate) secret: Secret,
    /// Which one it is, so that a token that is refused is thrown away once.
    generation: u64,
    life: Life,
    /// When to see to the next one.
    due: Option<Duration>,
    /// Whether a server took it.
    taken: AtomicBool,
}

impl Session {
    pub(crate) fn new(base: BaseUrl, credentials: Credentials, http: Http) -> Self {
        Self { base, http, credentials, state: Mutex::default(), changed: watch::Sender::default() }
    }

    /// The token of the moment, or that of a login for which this waits with all others. A token that is due is used while
    /// it is renewed. Whoever stops waiting stops nothing.
    pub(crate) async fn token(self: &Arc<Self>) -> Result<Arc<Token>, Error> {
        loop {
            let mut landed = {
                let mut state = self.state();
                let now = self.now();
                if let Some(token) = state.good(now) {
                    if token.due.is_some_and(|due| now >= due) && !state.waits(now) {
                        self.depart(&mut state);
                    }
                    return Ok(token);
                }
                match state.trouble.as_ref().filter(|trouble| now < trouble.closed) {
                    Some(trouble) if !state.is_on_its_way() => return Err(trouble.error.clone()),
                    _ => self.depart(&mut state),
                }
            };
            if let Some(outcome) = landed.wait().await {
                return outcome;
            }
            // Its runtime came to an end before it did; this one goes on, but never in a storm of logins.
            self.http.clock.sleep(keeper::SHORTEST).await;
        }
    }

    /// The server took a token.
    pub(crate) fn took(&self, token: &Token) {
        if !token.taken.swap(true, Ordering::Relaxed) {
            self.state().patience.trusted();
        }
    }

    /// The server does not take a token any more: it is thrown away, unless that was done and there is a newer one.
    pub(crate) fn discard(&self, token: &Token) {
        let mut state = self.state();
        state.token.take_if(|held| held.generation == token.generation);
    }

    /// The server does not take a token that it has just given: another login would not help, not at once.
    pub(crate) fn doubt(&self, token: &Token, error: &Error) {
        self.discard(token);
        let (mut state, now) = (self.state(), self.now());
        if state.token.is_none() {
            let trouble = state.patience.after(error.clone(), now, &self.http.jitter);
            state.trouble = Some(trouble);
        }
        drop(state);
        self.changed.send_replace(());
    }

    /// Whether another token can be had than the one there is.
    pub(crate) fn can_log_in(&self) -> bool {
        match self.credentials {
            Credentials::Universal(_) | Credentials::Kubernetes(_) => true,
            Credentials::Token(_) => false,
        }
    }

    pub(crate) fn status(&self) -> LoginStatus {
        let (state, now) = (self.state(), self.now());
        let life = state.token.as_ref().map(|token| token.life);
        LoginStatus {
            age: life.map(|life| now.saturating_sub(life.born())),
            left: life.and_then(|life| life.end()).map(|end| end.saturating_sub(now)),
            is_refused: state.trouble.as_ref().is_some_and(|trouble| trouble.is_refusal),
            ..state.status
        }
    }

    /// Sends for the next token, or joins who is on the way for it. It goes on whoever stops waiting.
    fn depart(self: &Arc<Self>, state: &mut State) -> Landed {
        if let Some(flight) = state.flight.as_ref().filter(|flight| flight.is_on_its_way()) {
            return flight.landed();
        }
        let renewed = state.token.clone().filter(|token| token.life.step(self.now()) == Step::Renew);
        let (flight, landed) = Flight::depart(Arc::clone(self), renewed, state.generation);
        state.generation += 1;
        state.flight = Some(flight);
        landed
    }

    fn now(&self) -> Duration {
        self.http.clock.now()
    }

    /// Held for one look or change; nothing in between can panic.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// A token that the server takes, as far as one knows.
    fn good(&self, now: Duration) -> Option<Arc<Token>> {
        self.token.clone().filter(|token| !token.life.is_over(now))
    }

    fn is_on_its_way(&self) -> bool {
        self.flight.as_ref().is_some_and(Flight::is_on_its_way)
    }

    /// Whether nobody who has time tries now.
    fn waits(&self, now: Duration) -> bool {
        self.is_on_its_way() || self.trouble.as_ref().is_some_and(|trouble| now < trouble.until)
    }
}
