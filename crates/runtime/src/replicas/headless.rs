//! Replicas behind a headless Service: each has an address, and all are told one by one.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, Url};
use tokio::net::lookup_host;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::clock::Clock;
use crate::error::Error;
use crate::http::{Http, Limits};
use crate::replicas::{Later, Replicas, Told};
use crate::webhook::{Accepted, HOP_HEADER, PATH, SIGNATURE_HEADER};

/// How often one is told that cannot be reached, or has no key yet.
const TRIES: u32 = 3;
/// Before the second time; doubles each time.
const PAUSE: Duration = Duration::from_millis(250);
/// How many are told at the same time.
const AT_ONCE: usize = 8;
/// Who does not answer in this time is asked again.
const ANSWER: Duration = Duration::from_secs(2);
/// A name that leads to more addresses is none of a headless Service.
const MOST: usize = 1024;

/// Replicas behind a headless Service. A webhook is handed on as it came, signature included, with a header that says that it
/// was: then it is not handed on again.
#[derive(Debug)]
pub struct Headless {
    place: Place,
    own: Option<IpAddr>,
    http: Http,
    clock: Clock,
}

#[derive(Debug)]
enum Place {
    Name(String, u16),
    Addresses(Vec<SocketAddr>),
}

impl Headless {
    /// All pods behind a name, such as `my-service-peers.my-namespace.svc`, on a port, but for this one.
    ///
    /// # Errors
    /// [`Error::Client`] when this machine cannot do TLS.
    pub fn named(host: &str, port: u16, own: Option<IpAddr>) -> Result<Self, Error> {
        Self::new(Place::Name(host.to_owned(), port), own)
    }

    /// Those at these addresses.
    ///
    /// # Errors
    /// [`Error::Client`] when this machine cannot do TLS.
    pub fn at(addresses: Vec<SocketAddr>) -> Result<Self, Error> {
        Self::new(Place::Addresses(addresses), None)
    }

    fn new(place: Place, own: Option<IpAddr>) -> Result<Self, Error> {
        let limits = Limits { connect: ANSWER, answer: ANSWER, body: 4096, ..Limits::default() };
        Ok(Self { place, own, http: Http::new(limits)?, clock: Clock::system() })
    }

    /// The same; between tries it waits on another clock.
    #[must_use]
    pub fn on(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// The others, as DNS knows them now: pods come and go. None where it cannot be asked, several times.
    async fn others(&self) -> Option<BTreeSet<SocketAddr>> {
        let found: BTreeSet<SocketAddr> = match &self.place {
            Place::Addresses(addresses) => addresses.iter().copied().collect(),
            Place::Name(host, port) => self.found(host, *port).await?,
        };
        Some(found.into_iter().filter(|address| Some(address.ip().to_canonical()) != self.own).collect())
    }

    async fn found(&self, host: &str, port: u16) -> Option<BTreeSet<SocketAddr>> {
        let mut pause = PAUSE;
        for tried in 1..=TRIES {
            match timeout(ANSWER, lookup_host((host, port))).await {
                Ok(Ok(found)) => return Some(found.take(MOST).collect()),
                Ok(Err(error)) => log::warn!("the other replicas are not found: {error}"),
                Err(_) => log::warn!("the other replicas are not found: DNS does not answer in time"),
            }
            if tried < TRIES {
                self.clock.sleep(pause).await;
                pause *= 2;
            }
        }
        None
    }

    async fn tell_all(&self, news: &Accepted) -> Told {
        // How many they are is not known.
        let Some(others) = self.others().await else { return Told { reached: 0, missed: 1 } };
        let free = Arc::new(Semaphore::new(AT_ONCE));
        let mut calls = JoinSet::new();
        for other in others {
            let (free, http, clock, news) =
                (Arc::clone(&free), self.http.clone(), self.clock.clone(), news.clone());
            calls.spawn(async move {
                let _permit = free.acquire_owned().await;
                is_told(&http, &clock, other, &news).await
            });
        }
        let mut told = Told::default();
        while let Some(call) = calls.join_next().await {
            match call {
                Ok(true) => told.reached += 1,
                Ok(false) | Err(_) => told.missed += 1,
            }
        }
        told
    }
}

impl Replicas for Headless {
    fn tell<'a>(&'a self, news: &'a Accepted) -> Later<'a, Told> {
        Box::pin(self.tell_all(news))
    }
}

async fn is_told(http: &Http, clock: &Clock, to: SocketAddr, news: &Accepted) -> bool {
    let mut pause = PAUSE;
    for tried in 1..=TRIES {
        let Some(request) = request(to, news) else { return false };
        match http.once(request).await.map(|answer| answer.status) {
            // It had it already.
            Ok(200..300 | 409) => return true,
            // Another replica decides as this one does, but for keys that it does not know yet.
            Ok(400..500) => return false,
            Ok(_) | Err(_) if tried == TRIES => return false,
            Ok(_) | Err(_) => {
                clock.sleep(pause).await;
                pause *= 2;
            }
        }
    }
    false
}

/// None if it cannot be made, which an address always lets it.
fn request(to: SocketAddr, news: &Accepted) -> Option<Request> {
    let mut request = Request::new(Method::POST, Url::parse(&format!("http://{to}{PATH}")).ok()?);
    let headers = request.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(HOP_HEADER, HeaderValue::from_static("1"));
    if let Some(signature) = &news.signature {
        headers.insert(SIGNATURE_HEADER, HeaderValue::from_str(signature).ok()?);
    }
    *request.body_mut() = Some(news.body.clone().into());
    Some(request)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhook::{Event, Hint};

    #[tokio::test]
    async fn one_does_not_tell_oneself() {
        let addresses: Vec<SocketAddr> =
            vec!["10.0.0.1:8080".parse().unwrap(), "10.0.0.2:8080".parse().unwrap()];
        let mut headless = Headless::at(addresses.clone()).unwrap();
        headless.own = Some("10.0.0.1".parse().unwrap());
        assert_eq!(headless.others().await.unwrap().into_iter().collect::<Vec<_>>(), addresses[1..]);
        let named = Headless::named("localhost", 8080, Some("127.0.0.1".parse().unwrap())).unwrap();
        assert!(named.others().await.unwrap().iter().all(|it| it.ip() != IpAddr::from([127, 0, 0, 1])));
    }

    #[tokio::test]
    async fn a_name_that_is_not_found_is_looked_up_again_and_the_others_are_missed() {
        let clock = Clock::simulated(Duration::ZERO);
        let gone = Headless::named("gone.invalid", 8080, None).unwrap().on(clock.clone());
        let event = Event::Modified(Hint::default());
        let news = Accepted { event, body: "{}".into(), signature: None, handed_on: false };
        let told = tokio::spawn(async move { gone.tell_all(&news).await });
        for tried in 1..TRIES {
            clock.asleep(1).await;
            clock.advance(PAUSE * 2_u32.pow(tried - 1));
        }
        assert_eq!(told.await.unwrap(), Told { reached: 0, missed: 1 });
        assert_eq!(clock.now(), 3 * PAUSE);
    }
}
