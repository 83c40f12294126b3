//! The client: who is asked, what one logs in with, and the token of the moment.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::header::{AUTHORIZATION, HeaderValue, IF_NONE_MATCH};
use reqwest::{Method, Request, Url};
use tokio::sync::Mutex;

use crate::base_url::BaseUrl;
use crate::credentials::Credentials;
use crate::error::Error;
use crate::http::{self, Answer, Http, Limits};
use crate::login;
use crate::refusal::Refusal;
use crate::secret::Secret;
use crate::secrets::Etag;

/// A client of one Infisical, logged in as one identity. It logs in when it is first asked for something.
#[derive(Debug)]
pub struct Client {
    pub(crate) base: BaseUrl,
    http: Http,
    credentials: Credentials,
    /// Held while somebody logs in, so that all others wait for that login and none logs in twice.
    held: Mutex<Held>,
    /// Whether the server is older than v4 of the secrets' interface, once one knows.
    is_old: AtomicBool,
}

/// What logging in came to so far.
#[derive(Debug, Default)]
struct Held {
    token: Option<Arc<Token>>,
    /// Who refused the login, and how. It is not tried again: each wrong client secret brings the identity nearer to being
    /// locked out.
    refused: Option<(String, Box<Refusal>)>,
}

#[derive(Debug)]
struct Token {
    secret: Secret,
    /// Which login it is of, so that a token that is refused is thrown away once.
    generation: u64,
}

impl Client {
    /// A client with the usual limits.
    ///
    /// # Errors
    /// [`Error::Client`] when this machine cannot do TLS.
    pub fn new(base: BaseUrl, credentials: Credentials) -> Result<Self, Error> {
        Ok(Self::with_http(base, credentials, Http::new(Limits::default())?))
    }

    /// A client with limits of its own.
    pub fn with_http(base: BaseUrl, credentials: Credentials, http: Http) -> Self {
        Self { base, http, credentials, held: Mutex::default(), is_old: AtomicBool::new(false) }
    }

    /// Reads something, logging in before; a token that is refused leads to one more login.
    pub(crate) async fn get(&self, url: &Url, known: Option<&Etag>) -> Result<Answer, Error> {
        let token = self.token(None).await?;
        let refused = match self.get_with(url, known, &token).await {
            Err(Error::Refused { refusal, .. }) if refusal.is_of_token() && self.can_log_in() => {
                token.generation
            }
            other => return other,
        };
        let token = self.token(Some(refused)).await?;
        self.get_with(url, known, &token).await
    }

    /// An answer that nothing changed is one where somebody asked for that.
    async fn get_with(&self, url: &Url, known: Option<&Etag>, token: &Token) -> Result<Answer, Error> {
        let answer = self.http.read(|| authorized(url, known, &token.secret), http::is_passing).await?;
        match answer.status {
            200 => Ok(answer),
            304 if known.is_some() => Ok(answer),
            status => {
                let refusal = Box::new(Refusal::read(status, &answer.body, &token.secret));
                Err(Error::Refused { host: answer.host, refusal })
            }
        }
    }

    /// The token of the moment; where it is the one that was refused, or there is none, that of a new login.
    async fn token(&self, refused: Option<u64>) -> Result<Arc<Token>, Error> {
        let mut held = self.held.lock().await;
        if let Some(token) = held.token.as_ref().filter(|token| Some(token.generation) != refused) {
            return Ok(Arc::clone(token));
        }
        if let Some((host, refusal)) = held.refused.clone() {
            return Err(Error::Login { host, refusal });
        }
        let generation = held.token.as_ref().map_or(0, |token| token.generation + 1);
        let secret = match self.log_in().await {
            Err(Error::Login { host, refusal }) => {
                if refusal.is_final() {
                    held.refused = Some((host.clone(), refusal.clone()));
                }
                return Err(Error::Login { host, refusal });
            }
            other => other?,
        };
        Ok(Arc::clone(held.token.insert(Arc::new(Token { secret, generation }))))
    }

    async fn log_in(&self) -> Result<Secret, Error> {
        match &self.credentials {
            Credentials::Universal(auth) => login::universal(&self.http, &self.base, auth).await,
            Credentials::Kubernetes(auth) => login::kubernetes(&self.http, &self.base, auth).await,
            Credentials::Token(token) => Ok(token.clone()),
        }
    }

    fn can_log_in(&self) -> bool {
        match self.credentials {
            Credentials::Universal(_) | Credentials::Kubernetes(_) => true,
            Credentials::Token(_) => false,
        }
    }

    pub(crate) fn remember_old(&self) {
        self.is_old.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_old(&self) -> bool {
        self.is_old.load(Ordering::Relaxed)
    }
}

fn authorized(url: &Url, known: Option<&Etag>, token: &Secret) -> Result<Request, Error> {
    let mut header = HeaderValue::from_str(&format!("Bearer {}", token.expose()))
        .map_err(|_| Error::Request { why: "the access token holds characters that no header can" })?;
    header.set_sensitive(true);
    let mut request = Request::new(Method::GET, url.clone());
    request.headers_mut().insert(AUTHORIZATION, header);
    if let Some(Etag(known)) = known {
        request.headers_mut().insert(IF_NONE_MATCH, known.clone());
    }
    Ok(request)
}
