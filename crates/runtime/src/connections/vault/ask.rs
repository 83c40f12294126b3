//! One operation: its requests, how often they are sent, and how long all of that may take.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Method, Request, Url};
use zeroize::Zeroizing;

use keyloom_connections::Secret;

use super::super::error::{Failure, FailureKind};
use super::login::Next;
use super::{LOGIN, Vault, address, mount, refused};
use crate::error::Error;
use crate::http::{Answer, doubled, say_again};

const TOKEN: HeaderName = HeaderName::from_static("x-vault-token");
const NAMESPACE: HeaderName = HeaderName::from_static("x-vault-namespace");
/// Vault wants it of whoever asks on purpose.
const REQUEST: HeaderName = HeaderName::from_static("x-vault-request");

/// Something that Vault is asked for, with the time that it has.
pub(super) struct Operation<'v> {
    pub(super) vault: &'v Vault,
    /// What it is called that did not work.
    what: &'static str,
    /// When its time is over.
    pub(super) until: Duration,
    /// Whether nobody can tell what was denied to this token from what is denied to one that Vault does not know.
    unsure: AtomicBool,
}

/// What is sent besides the token.
pub(super) struct Question {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) body: Option<Zeroizing<String>>,
}

impl Question {
    pub(super) fn get(url: Url) -> Self {
        Self { method: Method::GET, url, body: None }
    }

    pub(super) fn post(url: Url, body: Zeroizing<String>) -> Self {
        Self { method: Method::POST, url, body: Some(body) }
    }

    fn changes(&self) -> bool {
        self.method != Method::GET
    }

    /// Whether the same may get another answer in a while: a server that is behind, that has no time or that is broken. What
    /// changes something is sent again only where it was not looked at.
    fn may_pass(&self, status: u16) -> bool {
        match status {
            412 | 429 | 503 => true,
            501 => false,
            _ => status >= 500 && !self.changes(),
        }
    }

    fn may_send(&self, error: &reqwest::Error) -> bool {
        !self.changes() || error.is_connect()
    }
}

/// Whether Vault itself denies something.
fn is_denied(answer: &Answer) -> bool {
    answer.status == 403 && refused::is_vaults(answer)
}

impl<'v> Operation<'v> {
    pub(super) fn begin(vault: &'v Vault, what: &'static str) -> Self {
        let until = vault.http.clock.now().saturating_add(vault.settings.timeout);
        Self { vault, what, until, unsure: AtomicBool::new(false) }
    }

    /// The address of something, such as `secret/data/db`.
    pub(super) fn url<'a>(&self, parts: impl IntoIterator<Item = &'a str>) -> Url {
        address::join(&self.vault.settings.address, parts.into_iter())
    }

    /// Asks with the token of the moment. A token that Vault does not know any more leads to one more login, where one can log in; what
    /// is denied to the new token too is denied, and for a while nobody logs in for that.
    pub(super) async fn ask(&self, question: Question) -> Result<Answer, Failure> {
        let logins = &self.vault.logins;
        let token = logins.token(self).await?;
        let answer = self.send(&question, Some(&token.secret)).await?;
        if !is_denied(&answer) || self.is_known(&token.secret).await? {
            return Ok(answer);
        }
        match logins.discard(&token, self).await {
            Next::None => return Err(refused::token(&answer)),
            Next::Later => {
                self.unsure.store(true, Ordering::Relaxed);
                return Ok(answer);
            }
            Next::Login => {}
        }
        let token = logins.token(self).await?;
        let answer = self.send(&question, Some(&token.secret)).await?;
        if is_denied(&answer) && !self.is_known(&token.secret).await? {
            logins.believe_denials(self).await;
            self.unsure.store(true, Ordering::Relaxed);
        }
        Ok(answer)
    }

    /// Whether a denial may be one of a token that Vault does not know.
    pub(super) fn is_unsure(&self) -> bool {
        self.unsure.load(Ordering::Relaxed)
    }

    /// Asks with the token of the moment, whatever comes of it.
    pub(super) async fn ask_once(&self, question: Question) -> Result<Answer, Failure> {
        let token = self.vault.logins.token(self).await?;
        self.send(&question, Some(&token.secret)).await
    }

    /// Whether Vault knows a token for sure: what is denied to one that it does not know looks the same. Every token may look at itself,
    /// unless it was made without the policy `default`; and at the mount, if it may do anything in it.
    async fn is_known(&self, token: &Secret) -> Result<bool, Failure> {
        let itself = self.url(["auth", "token", "lookup-self"]);
        if self.send(&Question::get(itself), Some(token)).await?.status != 403 {
            return Ok(true);
        }
        Ok(self.send(&Question::get(mount::url(self)), Some(token)).await?.status == 200)
    }

    /// Sends something, again and again where that may help, for as long as there is time.
    pub(super) async fn send(&self, question: &Question, token: Option<&Secret>) -> Result<Answer, Failure> {
        self.tries(question, token).await.map_err(|error| self.unanswered(&error))
    }

    async fn tries(&self, question: &Question, token: Option<&Secret>) -> Result<Answer, Error> {
        let http = &self.vault.http;
        let mut tried = 0;
        loop {
            let result = http.once(self.request(question, token)?).await;
            let (asked, again) = match &result {
                Ok(answer) => (http.asked(answer), question.may_pass(answer.status)),
                Err(error) => (None, error.may_pass(|source| question.may_send(source))),
            };
            if !again || tried == self.vault.settings.retries {
                return result;
            }
            let pause = self.pause(tried).max(asked.unwrap_or_default());
            if http.clock.now().saturating_add(pause) >= self.until {
                return match (asked, result) {
                    (Some(pause), Ok(answer)) => Err(Error::Busy { host: answer.host, pause }),
                    (_, result) => result,
                };
            }
            if tried == 0 {
                say_again(&result);
            }
            http.clock.sleep(pause).await;
            tried += 1;
        }
    }

    /// Half of what doubles each time, and some of the other half: others were turned away at the same moment.
    fn pause(&self, tried: u32) -> Duration {
        let settings = &self.vault.settings;
        let half = doubled(settings.shortest_pause, tried, settings.longest_pause) / 2;
        half + self.vault.http.jitter.below(half)
    }

    fn request(&self, question: &Question, token: Option<&Secret>) -> Result<Request, Error> {
        let wrong = |why| Error::Request { why };
        let mut request = Request::new(question.method.clone(), question.url.clone());
        let headers = request.headers_mut();
        headers.insert(REQUEST, HeaderValue::from_static("true"));
        if let Some(token) = token {
            let mut value = HeaderValue::from_str(token.expose())
                .map_err(|_| wrong("the token holds characters that no header can"))?;
            value.set_sensitive(true);
            headers.insert(TOKEN, value);
        }
        if let Some(namespace) = &self.vault.settings.namespace {
            let value = HeaderValue::from_str(namespace)
                .map_err(|_| wrong("the namespace holds characters that no header can"))?;
            headers.insert(NAMESPACE, value);
        }
        if let Some(body) = &question.body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            *request.body_mut() = Some(body.as_str().to_owned().into());
        }
        Ok(request)
    }

    /// A failure of this operation.
    pub(super) fn failed(
        &self,
        kind: FailureKind,
        cause: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Failure {
        Failure { what: self.what.to_owned(), cause: Some(cause.into()), remedy: remedy.into(), kind }
    }

    /// A failure of the login that it needs.
    pub(super) fn not_let_in(
        &self,
        kind: FailureKind,
        cause: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Failure {
        Failure { what: LOGIN.to_owned(), ..self.failed(kind, cause, remedy) }
    }

    fn unanswered(&self, error: &Error) -> Failure {
        let (cause, remedy) = refused::unanswered(error);
        self.failed(FailureKind::Unavailable, cause, remedy)
    }

    /// There was no answer in time.
    pub(super) fn late(&self) -> Failure {
        let settings = &self.vault.settings;
        let host = settings.address.host_str().unwrap_or_default();
        self.failed(
            FailureKind::Unavailable,
            format!("{host} did not answer within {:?}, all tries included", settings.timeout),
            "look at its load and at the network, or give it more time with BRUIN_VAULT_TIMEOUT",
        )
    }
}
