//! Who is believed: the order in which a webhook is checked.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use ring::hmac;

use crate::clock::Clock;
use crate::webhook::event::{Event, LegacyEvents};
use crate::webhook::refused::Refused;
use crate::webhook::replays::Replays;
use crate::webhook::signature::Signature;
use keyloom_connections::Secret;

/// How far the clocks may differ, and how long a webhook may be on its way.
const WINDOW: Duration = Duration::from_secs(300);

/// Checks webhooks. Without keys all are refused, but where it is said that nobody needs to sign.
pub struct Verifier {
    clock: Clock,
    keys: ArcSwap<Vec<hmac::Key>>,
    replays: Mutex<Replays>,
    unsigned: bool,
    legacy: LegacyEvents,
}

impl Verifier {
    /// One that knows no key yet, and takes no events of the applications' own form.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            keys: ArcSwap::default(),
            replays: Mutex::default(),
            unsigned: false,
            legacy: LegacyEvents::Off,
        }
    }

    /// One that takes webhooks of everybody who reaches the port. Each costs no more than a question to the server, of which
    /// there are two in a second and folder at most.
    #[must_use]
    pub fn unsigned(self) -> Self {
        Self { unsigned: true, ..self }
    }

    /// One that lets events of the applications' own form in. Where nobody needs to sign, their values are not believed.
    #[must_use]
    pub fn legacy(self, legacy: LegacyEvents) -> Self {
        Self { legacy, ..self }
    }

    /// From now on these keys count: the new one and, while it is being replaced, the old one. Empty ones do not.
    pub fn set_keys(&self, keys: &[Secret]) {
        let keys = keys.iter().filter(|key| !key.is_blank());
        let key = |key: &Secret| hmac::Key::new(hmac::HMAC_SHA256, key.expose().as_bytes());
        self.keys.store(keys.map(key).collect::<Vec<_>>().into());
    }

    /// Whether a key is known by now.
    pub(crate) fn has_keys(&self) -> bool {
        !self.keys.load().is_empty()
    }

    /// Checks a webhook: the signature over the bytes, then what was signed, its time against the header's and the clock's,
    /// and whether it was taken before.
    ///
    /// # Errors
    /// The first that is wrong with it.
    pub fn check(&self, header: Option<&str>, body: &[u8]) -> Result<Event, Refused> {
        self.check_of(header, body, false)
    }

    /// As [`Verifier::check`], of one that may say that another replica handed it on.
    pub(crate) fn check_of(
        &self,
        header: Option<&str>,
        body: &[u8],
        handed_on: bool,
    ) -> Result<Event, Refused> {
        if self.unsigned {
            let legacy = match self.legacy {
                LegacyEvents::Off => LegacyEvents::Off,
                LegacyEvents::Hints | LegacyEvents::Values => LegacyEvents::Hints,
            };
            return Event::read(body, legacy).map(|(event, _)| event);
        }
        let keys = self.keys.load();
        if keys.is_empty() {
            return Err(Refused::NoKey);
        }
        let signature = Signature::parse(header.ok_or(Refused::Unsigned)?).ok_or(Refused::SignatureForm)?;
        if !signature.is_of(&keys, body) {
            return Err(Refused::Signature);
        }
        let (event, time) = Event::read(body, self.legacy)?;
        self.is_timely(&event, signature.time, time)?;
        let now = self.clock.unix();
        let mut replays = self.replays.lock().unwrap_or_else(PoisonError::into_inner);
        let mark = (signature.code, signature.time);
        replays.take(mark, handed_on, now, now + 2 * WINDOW).then_some(event).ok_or(Refused::Replayed)
    }

    /// The time of the header is not signed, so that what was signed says it too; only events of the applications' own form
    /// do not have to, for they never did.
    fn is_timely(&self, event: &Event, header: Duration, body: Option<Duration>) -> Result<(), Refused> {
        match (body, event) {
            (Some(time), _) if time != header => return Err(Refused::Time),
            (Some(_), _) | (None, Event::Own(_)) => {}
            (None, Event::Modified(_) | Event::RotationFailed(_) | Event::Test(_) | Event::Unknown) => {
                return Err(Refused::NoTime);
            }
        }
        let now = self.clock.unix();
        if header > now.saturating_add(WINDOW) {
            return Err(Refused::TooNew);
        }
        if now > header.saturating_add(WINDOW) {
            return Err(Refused::TooOld);
        }
        Ok(())
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verifier({} keys)", self.keys.load().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(1_767_225_600);

    fn verifier(keys: &[&str]) -> (Clock, Verifier) {
        let clock = Clock::simulated(NOW);
        let verifier = Verifier::new(clock.clone());
        verifier.set_keys(&keys.iter().map(|key| Secret::new((*key).to_owned())).collect::<Vec<_>>());
        (clock, verifier)
    }

    fn body(time: Duration) -> String {
        format!(
            r#"{{"event":"secrets.modified","project":{{"secretPath":"/"}},"timestamp":{}}}"#,
            time.as_millis()
        )
    }

    fn check(verifier: &Verifier, key: &str, header: Duration, body: &str) -> Result<(), Refused> {
        let signature = Signature::sign(key.as_bytes(), header, body.as_bytes());
        verifier.check(Some(&signature), body.as_bytes()).map(|_| ())
    }

    #[test]
    fn both_keys_count_while_one_replaces_the_other() {
        let (_, verifier) = verifier(&["new", "old"]);
        assert_eq!(check(&verifier, "new", NOW, &body(NOW)), Ok(()));
        let later = NOW + Duration::from_millis(1);
        assert_eq!(check(&verifier, "old", later, &body(later)), Ok(()));
        assert_eq!(check(&verifier, "other", NOW, &body(NOW)), Err(Refused::Signature));
        verifier.set_keys(&[Secret::new("new".to_owned())]);
        assert_eq!(check(&verifier, "old", NOW, &body(NOW)), Err(Refused::Signature));
        assert_eq!(format!("{verifier:?}"), "Verifier(1 keys)");
    }

    #[test]
    fn an_empty_key_is_none() {
        let (_, verifier) = verifier(&["", " "]);
        assert_eq!(check(&verifier, "", NOW, &body(NOW)), Err(Refused::NoKey));
        assert_eq!(verifier.check(None, body(NOW).as_bytes()).unwrap_err(), Refused::NoKey);
    }

    #[test]
    fn only_what_was_signed_counts() {
        let (_, verifier) = verifier(&["key"]);
        let body = body(NOW);
        let header = Signature::sign(b"key", NOW, body.as_bytes());
        let check = |header: Option<&str>, body: &str| verifier.check(header, body.as_bytes()).map(|_| ());
        assert_eq!(check(None, &body), Err(Refused::Unsigned));
        assert_eq!(check(Some("t=1;x"), &body), Err(Refused::SignatureForm));
        // The same to JSON, and not to the signature.
        assert_eq!(check(Some(&header), &body.replace(':', ": ")), Err(Refused::Signature));
        assert_eq!(check(Some(&header), &body.replace('/', "/x")), Err(Refused::Signature));
        assert_eq!(check(Some(&header), &body), Ok(()));
        assert_eq!(check(Some(&header), &body), Err(Refused::Replayed));
    }

    #[test]
    fn times_agree_and_are_near() {
        let (clock, verifier) = verifier(&["key"]);
        let near = |header: Duration, time: Duration| check(&verifier, "key", header, &body(time));
        let milli = Duration::from_millis(1);
        assert_eq!(near(NOW + milli, NOW), Err(Refused::Time));
        assert_eq!(near(NOW + WINDOW, NOW + WINDOW), Ok(()));
        assert_eq!(near(NOW + WINDOW + milli, NOW + WINDOW + milli), Err(Refused::TooNew));
        assert_eq!(near(NOW - WINDOW, NOW - WINDOW), Ok(()));
        assert_eq!(near(NOW - WINDOW - milli, NOW - WINDOW - milli), Err(Refused::TooOld));
        clock.advance(2 * WINDOW);
        // Still within the window, and still remembered.
        assert_eq!(near(NOW + WINDOW, NOW + WINDOW), Err(Refused::Replayed));
        let without = r#"{"event": "secrets.modified", "project": {}}"#;
        assert_eq!(check(&verifier, "key", clock.unix(), without), Err(Refused::NoTime));
    }

    #[test]
    fn events_of_the_applications_need_no_time_of_their_own() {
        let clock = Clock::simulated(NOW);
        let verifier = Verifier::new(clock).legacy(LegacyEvents::Values);
        verifier.set_keys(&[Secret::new("key".to_owned())]);
        let body = r#"{"event": "secret.deleted", "payload": {"secretKey": "A"}}"#;
        assert_eq!(check(&verifier, "key", NOW, body), Ok(()));
        assert_eq!(check(&verifier, "key", NOW, body), Err(Refused::Replayed));
        assert_eq!(check(&verifier, "key", NOW - 2 * WINDOW, body), Err(Refused::TooOld));
    }

    #[test]
    fn who_takes_unsigned_ones_still_reads_them_and_believes_no_value() {
        let verifier = Verifier::new(Clock::simulated(NOW)).unsigned().legacy(LegacyEvents::Values);
        assert_eq!(verifier.check(None, b"canary").unwrap_err(), Refused::Form);
        let own = br#"{"event": "secret.updated", "payload": {"secretKey": "A", "secretValue": "1"}}"#;
        assert!(matches!(verifier.check(None, own), Ok(Event::Own(own)) if own.value.is_none()));
    }
}
