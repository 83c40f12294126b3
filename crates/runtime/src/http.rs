//! HTTP as every client here wants it: bounded in time and size, never led to another host, patient where it is asked to be.

use std::net::IpAddr;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Certificate, ClientBuilder, Response};
/// What a request is made of.
pub use reqwest::{Method, Request, Url, header};
use zeroize::Zeroizing;

use crate::clock::Clock;
use crate::error::Error;
use crate::jitter::Jitter;

mod fault;
mod pause;
mod proxy;

pub(crate) use fault::{Fault, Flaw};
pub use pause::doubled;
pub(crate) use proxy::Proxies;
pub use proxy::Proxy;

/// How patient and how greedy a client is.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// To be connected.
    pub connect: Duration,
    /// For one answer, from the first byte sent to the last one read.
    pub answer: Duration,
    /// How often a request is sent at most.
    pub tries: u32,
    /// The pause before the second time; it doubles each time.
    pub pause: Duration,
    /// The longest pause, whatever the server asks for.
    pub longest_pause: Duration,
    /// Bytes of an answer.
    pub body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(30),
            tries: 5,
            pause: Duration::from_millis(500),
            longest_pause: Duration::from_secs(60),
            body: 16 * 1024 * 1024,
        }
    }
}

/// A client of any server. What is encrypted goes through the proxy that `HTTPS_PROXY` or `ALL_PROXY` names, as `NO_PROXY` lets it;
/// plain HTTP goes straight to the server, whatever the environment says: in a cluster it never leaves it, and a proxy could
/// read it.
#[derive(Clone, Debug)]
pub struct Http {
    client: reqwest::Client,
    /// For plain HTTP, which no proxy gets to see.
    plain: reqwest::Client,
    proxies: Proxies,
    limits: Limits,
    pub(crate) clock: Clock,
    pub(crate) jitter: Jitter,
}

/// An answer. Its body is overwritten when it is dropped.
pub struct Answer {
    /// Who answered.
    pub host: String,
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body, within the limit.
    pub body: Zeroizing<Vec<u8>>,
}

impl Http {
    /// A client with these limits. It trusts the authorities that this machine trusts, or, but on macOS and Windows, those in the file
    /// that `SSL_CERT_FILE` names instead.
    ///
    /// # Errors
    /// [`Error::Client`] when this machine cannot do TLS.
    pub fn new(limits: Limits) -> Result<Self, Error> {
        Self::build(limits, builder(limits), builder(limits))
    }

    /// The same; a redirect is the answer, and is not followed.
    ///
    /// # Errors
    /// [`Error::Client`] when this machine cannot do TLS.
    pub fn undirected(limits: Limits) -> Result<Self, Error> {
        let stays = || builder(limits).redirect(Policy::none());
        Self::build(limits, stays(), stays())
    }

    /// The same; it trusts these authorities too, certificates in PEM.
    ///
    /// # Errors
    /// [`Error::Environment`] when there are none, [`Error::Client`] when they are broken or this machine cannot do TLS.
    pub fn trusting(limits: Limits, authorities: &[u8]) -> Result<Self, Error> {
        let authorities = Certificate::from_pem_bundle(authorities).map_err(Error::client)?;
        if authorities.is_empty() {
            let why = "what is to be trusted holds no certificate in PEM";
            return Err(Error::Environment(why.to_owned()));
        }
        Self::build(limits, builder(limits).tls_certs_merge(authorities), builder(limits))
    }

    fn build(limits: Limits, client: ClientBuilder, plain: ClientBuilder) -> Result<Self, Error> {
        // Somebody may have chosen before; both are fine, and which one came first does not matter.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = client.build().map_err(Error::client)?;
        // Nobody leads from HTTP to HTTPS here, so that it trusts nobody and reads no authorities.
        let plain = plain.no_proxy().tls_certs_only([]).build().map_err(Error::client)?;
        let proxies = Proxies::from_env();
        proxies.warn();
        Ok(Self { client, plain, proxies, limits, clock: Clock::system(), jitter: Jitter::new() })
    }

    /// The proxy that what is asked of this address goes through.
    pub(crate) fn proxy(&self, url: &Url) -> Option<Proxy> {
        self.proxies.of(url)
    }

    /// The same, on a clock of its own: pauses between tries, and all that a [`Client`](crate::Client) made with it waits for.
    /// What one answer may take is a matter of the machine's clock.
    #[must_use]
    pub fn on(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// The same, with pauses that are random as always, but the same for the same seed.
    #[must_use]
    pub fn seeded(self, seed: u64) -> Self {
        Self { jitter: Jitter::seeded(seed), ..self }
    }

    /// Sends a request once, whatever comes of it.
    ///
    /// # Errors
    /// [`Error::Unreachable`], [`Error::TooLarge`]. An answer of any status is an answer.
    pub async fn once(&self, request: Request) -> Result<Answer, Error> {
        let (host, proxy) = (host(request.url()), self.proxy(request.url()));
        let mut response = self.send(request).await?;
        let unreachable = |source| unreachable(&host, proxy.as_ref(), source);
        let (status, headers) = (response.status().as_u16(), std::mem::take(response.headers_mut()));
        let mut body = Zeroizing::new(Vec::new());
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > self.limits.body {
                return Err(Error::TooLarge { host, limit: self.limits.body });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { host, status, headers, body })
    }

    /// Sends a request once, and reads no more of the answer than its status.
    ///
    /// # Errors
    /// [`Error::Unreachable`]. An answer of any status is an answer.
    pub async fn status(&self, request: Request) -> Result<u16, Error> {
        self.send(request).await.map(|response| response.status().as_u16())
    }

    async fn send(&self, request: Request) -> Result<Response, Error> {
        let (host, proxy) = (host(request.url()), self.proxy(request.url()));
        let client = if request.url().scheme() == "http" { &self.plain } else { &self.client };
        client.execute(request).await.map_err(|source| unreachable(&host, proxy.as_ref(), source))
    }

    /// Sends a request that changes nothing, again and again where the server is not there and may be in a while, or where `passing`
    /// says that the same request may get another answer in a while (see [`is_passing`]). `make` makes it anew, for a signature may hold
    /// the time. The first time a line in the log says so.
    ///
    /// # Errors
    /// As [`Http::once`], and [`Error::Busy`] when the server asks for a pause that is longer than the longest.
    pub async fn read(
        &self,
        make: impl Fn() -> Result<Request, Error>,
        passing: impl Fn(&Answer) -> bool,
    ) -> Result<Answer, Error> {
        self.again(make, passing, |_| true).await
    }

    /// Sends a request that may not be taken twice, such as a login: again only where nobody was reached, or where the server
    /// says that it did not look at it (429, 503).
    ///
    /// # Errors
    /// As [`Http::read`].
    pub async fn take_once(&self, make: impl Fn() -> Result<Request, Error>) -> Result<Answer, Error> {
        self.again(make, |answer| matches!(answer.status, 429 | 503), reqwest::Error::is_connect).await
    }

    /// How long the server asks to wait before the next request.
    pub(crate) fn asked(&self, answer: &Answer) -> Option<Duration> {
        pause::asked(&answer.headers, self.clock.unix())
    }

    async fn again(
        &self,
        make: impl Fn() -> Result<Request, Error>,
        passing: impl Fn(&Answer) -> bool,
        may_send: impl Fn(&reqwest::Error) -> bool,
    ) -> Result<Answer, Error> {
        let mut tried = 1;
        loop {
            let (result, asked) = match self.once(make()?).await {
                Ok(answer) if passing(&answer) => {
                    let asked = self.asked(&answer);
                    (Ok(answer), asked)
                }
                Err(error) if error.may_pass(&may_send) => (Err(error), None),
                other => return other,
            };
            if tried >= self.limits.tries {
                return result;
            }
            let pause = self.limits.pause_after(tried, asked);
            if pause > self.limits.longest_pause {
                let host = result.map_or(String::new(), |answer| answer.host);
                return Err(Error::Busy { host, pause });
            }
            if tried == 1 {
                say_again(&result);
            }
            // Others were turned away at the same moment.
            self.clock.sleep(pause.saturating_add(self.jitter.below(pause / 4))).await;
            tried += 1;
        }
    }
}

fn builder(limits: Limits) -> ClientBuilder {
    reqwest::Client::builder()
        .user_agent(concat!("keyloom/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(limits.connect)
        .timeout(limits.answer)
        .redirect(Policy::custom(same_host))
}

fn unreachable(host: &str, proxy: Option<&Proxy>, source: reqwest::Error) -> Error {
    Error::Unreachable { host: host.to_owned(), proxy: proxy.cloned(), source: source.without_url().into() }
}

/// Says why somebody has to wait, for all tries may take half a minute.
pub(crate) fn say_again(result: &Result<Answer, Error>) {
    match result {
        Ok(answer) => log::warn!("{} answers {}; trying again", answer.host, answer.status),
        Err(error) => log::warn!("{error}; trying again"),
    }
}

/// Another host, port or scheme would be handed the token.
fn same_host(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let same = attempt.previous().last().is_some_and(|before| before.origin() == attempt.url().origin());
    if same && attempt.previous().len() <= 5 { attempt.follow() } else { attempt.error("not followed") }
}

/// Whether the same request may get another answer in a while, as far as the status tells.
pub fn is_passing(answer: &Answer) -> bool {
    matches!(answer.status, 429 | 500 | 502 | 503 | 504)
}

/// Whether nobody on the way can read what is sent: over TLS, or without leaving this machine.
pub fn is_confidential(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url.host_str().unwrap_or_default()))
}

fn is_loopback(host: &str) -> bool {
    match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

/// Host and port of an address, for messages.
fn host(url: &Url) -> String {
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn authorities_that_are_none_are_refused() {
        for broken in ["", "canary", "-----BEGIN CERTIFICATE-----\ncanary\n-----END CERTIFICATE-----\n"] {
            let error = Http::trusting(Limits::default(), broken.as_bytes()).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        }
    }
}
