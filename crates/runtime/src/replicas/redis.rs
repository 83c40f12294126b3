//! Replicas that tell each other through a channel of Redis.

use std::fmt;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use redis::aio::MultiplexedConnection;
use redis::{AsyncCommands, AsyncConnectionConfig, Client, RedisError, RedisResult};
use ring::hmac;
use serde_json::json;
use tokio::sync::Mutex;
use tokio::time::timeout;
use tokio_stream::StreamExt;

use crate::clock::Clock;
use crate::error::Error;
use crate::jitter::Jitter;
use crate::replicas::{Heard, Later, Replicas, Told};
use crate::webhook::{Accepted, Hint, Signature, Verifier};
use keyloom_connections::Secret;

/// To be connected, and for an answer.
const ANSWER: Duration = Duration::from_secs(2);
/// Between two questions whether the other end is still there.
const PING: Duration = Duration::from_secs(15);
/// Before one connects again; doubles each time.
const PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// A connection that held for so long was a good one.
const LASTING: Duration = Duration::from_secs(30);
/// What the key of a webhook is made into for this: a message of one kind is none of the other.
const PURPOSE: &[u8] = b"keyloom: replicas through Redis, 1";
/// The longest message that is looked at.
const LONGEST: usize = 8 * 1024;

/// Replicas that tell each other through a channel of Redis, at an address without TLS. A message names a folder, when it was
/// sent, and is signed with a key that follows from that of the webhooks; while that is not known, nothing is told and nothing is
/// believed.
pub struct Redis {
    client: Client,
    channel: String,
    clock: Clock,
    jitter: Jitter,
    verifier: Verifier,
    /// Signs: follows from the newest key.
    key: ArcSwapOption<Secret>,
    connection: Mutex<Option<MultiplexedConnection>>,
}

impl Redis {
    /// All who hear a channel, such as one for an application, of a Redis at `redis://[[USER]:PASSWORD@]HOST[:PORT][/NUMBER]`.
    ///
    /// # Errors
    /// [`Error::Environment`] when the address is none.
    pub fn new(url: &Secret, channel: &str) -> Result<Self, Error> {
        // What Redis' client says may quote the address.
        let client = Client::open(url.expose()).map_err(|_| {
            Error::Environment(
                "the address of Redis is not `redis://HOST:PORT`; TLS is not spoken to it".to_owned(),
            )
        })?;
        let (clock, channel) = (Clock::system(), channel.to_owned());
        let verifier = Verifier::new(clock.clone());
        let (jitter, key, connection) = (Jitter::new(), ArcSwapOption::empty(), Mutex::default());
        Ok(Self { client, channel, clock, jitter, verifier, key, connection })
    }

    /// The same, on another clock.
    #[must_use]
    pub fn on(self, clock: Clock) -> Self {
        Self { verifier: Verifier::new(clock.clone()), clock, ..self }
    }

    /// What is sent: the signature, a line break, and what is signed, in the form of Infisical's own events.
    fn message(&self, hint: &Hint) -> Option<String> {
        let key = self.key.load_full()?;
        let now = Duration::from_millis(u64::try_from(self.clock.unix().as_millis()).ok()?);
        let Hint { project, environment, path } = hint;
        let project = json!({"projectId": project, "environment": environment, "secretPath": path});
        let time = u64::try_from(now.as_millis()).ok()?;
        let body = json!({"event": "secrets.modified", "project": project, "timestamp": time}).to_string();
        let signature = Signature::sign(key.expose().as_bytes(), now, body.as_bytes());
        Some(format!("{signature}\n{body}"))
    }

    /// What a message says that somebody with the key sent, not long ago, and that was not read before.
    fn read(&self, message: &str) -> Option<Hint> {
        let (signature, body) = message.split_once('\n').filter(|_| message.len() <= LONGEST)?;
        self.verifier.check(Some(signature), body.as_bytes()).ok()?.hint()
    }

    async fn publish(&self, message: &str) -> RedisResult<u64> {
        let mut held = self.connection.lock().await;
        let connection = match &mut *held {
            Some(connection) => connection,
            None => {
                let config = AsyncConnectionConfig::new()
                    .set_connection_timeout(Some(ANSWER))
                    .set_response_timeout(Some(ANSWER));
                held.insert(self.client.get_multiplexed_async_connection_with_config(&config).await?)
            }
        };
        let heard: RedisResult<u64> = connection.publish(&self.channel, message).await;
        if heard.is_err() {
            *held = None;
        }
        heard
    }

    async fn tell_all(&self, news: &Accepted) -> Told {
        let missed = Told { reached: 0, missed: 1 };
        let Some(message) = news.event.hint().and_then(|hint| self.message(&hint)) else { return missed };
        // From now on it is one that was read before, when it comes back.
        let _ = self.read(&message);
        let mut published = self.publish(&message).await;
        if published.is_err() {
            // The connection may have been broken for long.
            published = self.publish(&message).await;
        }
        match published {
            Ok(heard) => Told { reached: heard.saturating_sub(1), missed: 0 },
            Err(error) => {
                log::warn!("Redis takes no message: {}", error.category());
                missed
            }
        }
    }

    async fn hear_all(&self, heard: &(dyn Fn(Heard) + Send + Sync)) {
        let mut pause = PAUSE;
        loop {
            let mut connected = None;
            let ended = self.hear_on_one_connection(heard, &mut connected).await;
            log::warn!("Redis is not heard: {}", ended.err().map_or("it went away", reason));
            pause = pause_after(pause, connected.map(|since| self.clock.now().saturating_sub(since)));
            self.clock.sleep(pause / 2 + self.jitter.below(pause / 2)).await;
        }
    }

    async fn hear_on_one_connection(
        &self,
        heard: &(dyn Fn(Heard) + Send + Sync),
        connected: &mut Option<Duration>,
    ) -> Result<(), Lost> {
        let mut channel = timeout(ANSWER, self.client.get_async_pubsub()).await??;
        timeout(ANSWER, channel.subscribe(&self.channel)).await??;
        *connected = Some(self.clock.now());
        heard(Heard::Again);
        let (mut asking, mut messages) = channel.split();
        loop {
            match timeout(PING, messages.next()).await {
                Ok(Some(message)) => {
                    let hint = message.get_payload::<String>().ok().and_then(|text| self.read(&text));
                    hint.into_iter().for_each(|hint| heard(Heard::Hint(hint)));
                }
                Ok(None) => return Ok(()),
                Err(_) => timeout(ANSWER, asking.ping::<()>()).await??,
            }
        }
    }
}

/// Each connection makes everybody ask once more, so that of those that do not last there are few.
fn pause_after(pause: Duration, lasted: Option<Duration>) -> Duration {
    if lasted.is_some_and(|lasted| lasted >= LASTING) {
        PAUSE
    } else {
        pause.saturating_mul(2).min(LONGEST_PAUSE)
    }
}

/// Why one does not hear any more; without the words, which may hold an address.
enum Lost {
    Time,
    Redis(RedisError),
}

fn reason(lost: Lost) -> &'static str {
    match lost {
        Lost::Time => "it does not answer in time",
        Lost::Redis(error) if error.is_io_error() => "it cannot be reached",
        Lost::Redis(_) => "it refuses",
    }
}

impl From<tokio::time::error::Elapsed> for Lost {
    fn from(_: tokio::time::error::Elapsed) -> Self {
        Self::Time
    }
}

impl From<RedisError> for Lost {
    fn from(error: RedisError) -> Self {
        Self::Redis(error)
    }
}

impl Replicas for Redis {
    fn tell<'a>(&'a self, news: &'a Accepted) -> Later<'a, Told> {
        Box::pin(self.tell_all(news))
    }

    fn hear<'a>(&'a self, heard: &'a (dyn Fn(Heard) + Send + Sync)) -> Later<'a, ()> {
        Box::pin(self.hear_all(heard))
    }

    fn set_keys(&self, keys: &[Secret]) {
        let keys: Vec<_> = keys.iter().filter(|key| !key.is_blank()).map(derived).collect();
        self.verifier.set_keys(&keys);
        self.key.store(keys.into_iter().next().map(Into::into));
    }
}

/// A key that tells nothing of the one it follows from.
fn derived(key: &Secret) -> Secret {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.expose().as_bytes());
    let code = hmac::sign(&key, PURPOSE);
    Secret::new(code.as_ref().iter().map(|byte| format!("{byte:02x}")).collect())
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Redis({})", self.channel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redis(clock: &Clock, keys: &[&str]) -> Redis {
        let url = Secret::new("redis://:canary@127.0.0.1:1/".to_owned());
        let redis = Redis::new(&url, "shop").unwrap().on(clock.clone());
        redis.set_keys(&keys.iter().map(|key| Secret::new((*key).to_owned())).collect::<Vec<_>>());
        redis
    }

    #[tokio::test]
    async fn messages_are_signed_read_once_and_hold_no_more_than_a_place() {
        let clock = Clock::simulated(Duration::from_secs(1_767_225_600));
        let (one, other) = (redis(&clock, &["new", "canary-old"]), redis(&clock, &["newer", "new"]));
        let hint = Hint { path: Some("/api".to_owned()), ..Hint::default() };
        let message = one.message(&hint).unwrap();
        assert_eq!(other.read(&message), Some(hint.clone()));
        assert_eq!(other.read(&message), None);
        assert_eq!(redis(&clock, &["guess"]).read(&message), None);
        assert_eq!(redis(&clock, &["new"]).read(&message.replace("/api", "/abc")), None);
        // A webhook is none of these messages, though it is signed with the same key.
        let body = message.split_once('\n').unwrap().1;
        let webhook = format!("{}\n{body}", Signature::sign(b"new", clock.unix(), body.as_bytes()));
        assert_eq!(redis(&clock, &["new"]).read(&webhook), None);
        assert_eq!(redis(&clock, &[]).message(&hint), None);
        assert!(!format!("{one:?}").contains("canary"));
        clock.advance(Duration::from_secs(301));
        assert_eq!(redis(&clock, &["new"]).read(&message), None);
    }

    #[test]
    fn only_a_connection_that_lasted_makes_one_hasty_again() {
        let next = |lasted: Option<u64>| pause_after(PAUSE * 4, lasted.map(Duration::from_secs));
        assert_eq!([None, Some(0), Some(29), Some(30)].map(next), [PAUSE * 8, PAUSE * 8, PAUSE * 8, PAUSE]);
        assert_eq!(pause_after(LONGEST_PAUSE, Some(Duration::ZERO)), LONGEST_PAUSE);
    }

    #[test]
    fn an_address_that_is_none_is_not_quoted() {
        let error = Redis::new(&Secret::new("canary".to_owned()), "shop").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
}
