//! The token of the moment.

use std::time::Duration;

use keyloom_connections::Secret;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use super::super::error::{Failure, FailureKind};
use super::ask::{Operation, Question};
use super::{VaultAuth, refused};
use crate::credentials::TokenSource;
use crate::life::{Grant, Life};

/// How long a login may take while the token of before is still good: whoever reads waits for it.
const WHILE_GOOD: Duration = Duration::from_secs(5);
/// How long nobody logs in again after a login that did not work while the token of before is still good, and after one whose token
/// was denied what the token of before was denied.
const REST: Duration = Duration::from_secs(60);

/// Who logs in, and the token that this gave. It is held while somebody logs in, so that all others wait for that.
#[derive(Debug)]
pub(super) struct Logins {
    auth: VaultAuth,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    token: Option<Token>,
    /// Of the next token.
    generation: u64,
    /// Until when a denial is believed without a login.
    believed: Duration,
}

/// What there is instead of a token that may be unknown.
pub(super) enum Next {
    /// A login.
    Login,
    /// A login, but not now: one that was just made changed nothing.
    Later,
    /// Nothing: the token was given.
    None,
}

/// A token, and how long it is taken.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) secret: Secret,
    /// Which one it is, so that a token that is refused is thrown away once.
    generation: u64,
    life: Life,
    /// When to log in anew.
    due: Option<Duration>,
}

#[derive(Deserialize)]
struct Granted {
    auth: Auth,
}

#[derive(Deserialize)]
struct Auth {
    client_token: Secret,
    /// Seconds; none at all for a token that lives for ever.
    #[serde(default)]
    lease_duration: u64,
}

impl Logins {
    pub(super) fn new(auth: VaultAuth) -> Self {
        Self { auth, held: Mutex::default() }
    }

    /// The token of the moment, or that of a new login. While that does not work, the old one is used for as long as it lives.
    pub(super) async fn token(&self, operation: &Operation<'_>) -> Result<Token, Failure> {
        let mut held = self.held.lock().await;
        let now = operation.vault.http.clock.now();
        let good = held.token.clone().filter(|token| !token.life.is_over(now));
        if let Some(token) = &good
            && token.due.is_none_or(|due| now < due)
        {
            return Ok(token.clone());
        }
        let Some(mut token) = good else {
            let grant = self.log_in(operation).await?;
            return Ok(held.take(grant, now, operation));
        };
        match self.log_in_soon(operation).await {
            Ok(grant) => Ok(held.take(grant, now, operation)),
            Err(failure) => {
                log::warn!("{failure}");
                token.due = Some(operation.vault.http.clock.now().saturating_add(REST));
                held.token = Some(token.clone());
                Ok(token)
            }
        }
    }

    /// Vault may not know a token any more: it is thrown away, unless that was done and there is a newer one, or a login was of no
    /// use just now. How another one can be had.
    pub(super) async fn discard(&self, token: &Token, operation: &Operation<'_>) -> Next {
        if matches!(self.auth, VaultAuth::Token(_)) {
            return Next::None;
        }
        let mut held = self.held.lock().await;
        if operation.vault.http.clock.now() < held.believed {
            return Next::Later;
        }
        held.token.take_if(|held| held.generation == token.generation);
        Next::Login
    }

    /// What was denied was denied to the token of a new login too.
    pub(super) async fn believe_denials(&self, operation: &Operation<'_>) {
        self.held.lock().await.believed = operation.vault.http.clock.now().saturating_add(REST);
    }

    /// Logs in before the token ends, within a time that whoever reads can wait.
    async fn log_in_soon(&self, operation: &Operation<'_>) -> Result<Grant, Failure> {
        tokio::select! {
            biased;
            done = self.log_in(operation) => done,
            () = operation.vault.http.clock.sleep(WHILE_GOOD) => Err(operation.not_let_in(
                FailureKind::Unavailable,
                format!("there was no answer within {} seconds; the token of before is used", WHILE_GOOD.as_secs()),
                "look at the load of Vault and at the network",
            )),
        }
    }

    async fn log_in(&self, operation: &Operation<'_>) -> Result<Grant, Failure> {
        match &self.auth {
            VaultAuth::Token(token) => Ok(Grant { token: token.clone(), expires_in: None, max_ttl: None }),
            VaultAuth::Kubernetes { role, mount, token } => kubernetes(operation, role, mount, token).await,
        }
    }
}

impl Held {
    fn take(&mut self, grant: Grant, asked: Duration, operation: &Operation<'_>) -> Token {
        let http = &operation.vault.http;
        let life = Life::of_login(&grant, asked, http.clock.now());
        let due = life.due(http.jitter.part());
        let token = Token { secret: grant.token, generation: self.generation, life, due };
        self.generation += 1;
        self.token = Some(token.clone());
        token
    }
}

/// Logs in with the token of the service account, as it is now.
async fn kubernetes(
    operation: &Operation<'_>,
    role: &str,
    mount: &str,
    source: &TokenSource,
) -> Result<Grant, Failure> {
    let token = source.read().await.map_err(|error| {
        let remedy = "let the pod have the token of its service account, or set BRUIN_VAULT_TOKEN";
        operation.not_let_in(FailureKind::Settings, error.to_string(), remedy)
    })?;
    let url = operation.url(["auth"].into_iter().chain(mount.split('/')).chain(["login"]));
    let body = Zeroizing::new(json!({"role": role, "jwt": token.expose()}).to_string());
    let answer = operation.send(&Question::post(url, body), None).await?;
    if answer.status != 200 {
        return Err(refused::login(operation, &answer, mount, role, &token));
    }
    match serde_json::from_slice::<Granted>(&answer.body) {
        Ok(Granted { auth }) if !auth.client_token.is_blank() => Ok(Grant {
            token: auth.client_token,
            expires_in: Some(auth.lease_duration).filter(|seconds| *seconds > 0),
            max_ttl: None,
        }),
        // What serde says may quote what it read.
        _ => Err(operation.not_let_in(
            FailureKind::Unavailable,
            format!("{} granted the login without a token", answer.host),
            refused::NOT_VAULT,
        )),
    }
}
