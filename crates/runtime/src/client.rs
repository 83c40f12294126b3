//! The client: who is asked, and as whom.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, IF_NONE_MATCH};
use reqwest::{Method, Request, Url};

use crate::base_url::BaseUrl;
use crate::clock::Clock;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::etag::Etag;
use crate::http::{self, Answer, Http, Limits};
use crate::refusal::Refusal;
use crate::session::{Keeper, LoginStatus, Session, Token};
use keyloom_connections::Secret;

/// A client of one Infisical, logged in as one identity. It logs in when it is first asked for something, once for all that
/// ask at the same time. Clones of it share the login.
///
/// A token that 80 % of its life are over of is renewed beside the requests that use it, or exchanged in a new login where it
/// cannot be renewed much longer; [`Client::keep`] has that done in time even where nobody asks for anything. While that does
/// not work the token is used for as long as it lives. A login that is refused is tried again after a minute, then
/// after longer and longer, up to a quarter of an hour; until then everything that needs it fails at once.
///
/// It wants to be used in a runtime of tokio.
#[derive(Clone, Debug)]
pub struct Client {
    session: Arc<Session>,
    /// Whether the server is older than v4 of the secrets' interface, once one knows.
    is_old: Arc<AtomicBool>,
    /// Ids of projects that were called by their slugs.
    ids: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Client {
    /// A client with the usual limits.
    ///
    /// # Errors
    /// [`Error::Client`] when this machine cannot do TLS.
    pub fn new(base: BaseUrl, credentials: Credentials) -> Result<Self, Error> {
        Ok(Self::with_http(base, credentials, Http::new(Limits::default())?))
    }

    /// A client with limits, authorities or a clock of its own.
    pub fn with_http(base: BaseUrl, credentials: Credentials, http: Http) -> Self {
        let session = Arc::new(Session::new(base, credentials, http));
        Self { session, is_old: Arc::default(), ids: Arc::default() }
    }

    /// Keeps the token alive for as long as what is returned, and logs in if nobody did.
    pub fn keep(&self) -> Keeper {
        self.session.keep()
    }

    /// How the login stands.
    pub fn status(&self) -> LoginStatus {
        self.session.status()
    }

    /// The clock that it goes by.
    pub fn clock(&self) -> &Clock {
        &self.session.http.clock
    }

    pub(crate) fn base(&self) -> &BaseUrl {
        &self.session.base
    }

    /// Logs in, unless that was done and the token still lives.
    ///
    /// # Errors
    /// [`Error::Login`] when the server refuses; and whatever else keeps one from asking it.
    pub async fn log_in(&self) -> Result<(), Error> {
        self.session.token().await.map(drop)
    }

    /// Reads something, logging in before; a token that is refused leads to one more login.
    pub(crate) async fn get(&self, url: &Url, known: Option<&Etag>) -> Result<Answer, Error> {
        self.call(&Call { method: Method::GET, url, known, body: None }).await
    }

    /// Changes something, logging in before. It is sent again only where the server did not look at it.
    pub(crate) async fn send(&self, method: Method, url: &Url, body: &Secret) -> Result<Answer, Error> {
        self.call(&Call { method, url, known: None, body: Some(body) }).await
    }

    async fn call(&self, call: &Call<'_>) -> Result<Answer, Error> {
        let token = self.session.token().await?;
        match self.call_with(call, &token).await {
            Err(error) if is_of_token(&error) && self.session.can_log_in() => self.session.discard(&token),
            other => return other,
        }
        let token = self.session.token().await?;
        let again = self.call_with(call, &token).await;
        if let Err(error) = again.as_ref()
            && is_of_token(error)
        {
            self.session.doubt(&token, error);
        }
        again
    }

    /// An answer that nothing changed is one where somebody asked for that.
    async fn call_with(&self, call: &Call<'_>, token: &Token) -> Result<Answer, Error> {
        let make = || authorized(call, &token.secret);
        let http = &self.session.http;
        let answer = match call.body {
            None => http.read(make, http::is_passing).await?,
            Some(_) => http.take_once(make).await?,
        };
        if answer.status == 200 || (answer.status == 304 && call.known.is_some()) {
            self.session.took(token);
            return Ok(answer);
        }
        let refusal = Box::new(Refusal::read(answer.status, &answer.body, &token.secret));
        if !refusal.is_of_token() {
            self.session.took(token);
        }
        Err(Error::Refused { host: answer.host, refusal })
    }

    pub(crate) fn set_old(&self, is_old: bool) {
        self.is_old.store(is_old, Ordering::Relaxed);
    }

    pub(crate) fn is_old(&self) -> bool {
        self.is_old.load(Ordering::Relaxed)
    }

    pub(crate) fn known_id(&self, slug: &str) -> Option<String> {
        self.ids().get(slug).cloned()
    }

    pub(crate) fn remember_id(&self, slug: &str, id: &str) {
        self.ids().insert(slug.to_owned(), id.to_owned());
    }

    /// Held for one look or change; nothing in between can panic.
    fn ids(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.ids.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether it is the token that is refused, and not what was asked for.
fn is_of_token(error: &Error) -> bool {
    matches!(error, Error::Refused { refusal, .. } if refusal.is_of_token())
}

/// A request as it is sent with whatever token there is.
struct Call<'a> {
    method: Method,
    url: &'a Url,
    known: Option<&'a Etag>,
    /// In JSON; without one, nothing is changed.
    body: Option<&'a Secret>,
}

fn authorized(call: &Call<'_>, token: &Secret) -> Result<Request, Error> {
    let mut header = HeaderValue::from_str(&format!("Bearer {}", token.expose()))
        .map_err(|_| Error::Request { why: "the access token holds characters that no header can" })?;
    header.set_sensitive(true);
    let mut request = Request::new(call.method.clone(), call.url.clone());
    request.headers_mut().insert(AUTHORIZATION, header);
    if let Some(Etag(known)) = call.known {
        request.headers_mut().insert(IF_NONE_MATCH, known.clone());
    }
    if let Some(body) = call.body {
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        *request.body_mut() = Some(body.expose().to_owned().into());
    }
    Ok(request)
}
