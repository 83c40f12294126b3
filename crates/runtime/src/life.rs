//! How long a token lives, and when to do what about it: by what the server says of each token, never by what somebody
//! configured, for servers cut lives short.

use std::time::Duration;

use serde_json::Value;

use keyloom_connections::Secret;

/// When it is renewed, as a part of its life.
const RENEWED_AFTER: f64 = 0.8;
/// How much later at most, so that replicas that started together do not renew together.
const SPREAD: f64 = 0.1;
/// The longest life that the server knows, ten years: what is longer is a mistake, and moments must not overflow.
const LONGEST: u64 = 315_360_000;

/// What a login or a renewal answers.
#[derive(Debug)]
pub(crate) struct Grant {
    pub(crate) token: Secret,
    /// Seconds that it lives (`expiresIn`); none where the server says nothing that is a number.
    pub(crate) expires_in: Option<u64>,
    /// Seconds that it can be renewed for, from the login on (`accessTokenMaxTTL`); none for ever.
    pub(crate) max_ttl: Option<u64>,
}

/// The life of a token. Moments are those of [`Clock::now`](crate::Clock::now).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Life {
    /// When the login was asked for that it comes from.
    born: Duration,
    /// When it was asked for itself, from which its end is counted: the server's moment was that or a later one.
    asked: Duration,
    /// When it was there, from which the time to renew it is counted: the server's moment was that or an earlier one.
    received: Duration,
    /// None of a token of which nobody knows: it is used until it is refused.
    length: Option<Duration>,
    max: Option<Duration>,
    /// Whether it was given less than half of what the one before it had: there is hardly anything left to renew.
    shrank: bool,
}

/// How one comes to the next token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    Renew,
    LogIn,
}

impl Life {
    /// The life of a token that a login gave. One that is said to live no time at all is tried all the same.
    pub(crate) fn of_login(grant: &Grant, asked: Duration, received: Duration) -> Self {
        let length = grant.expires_in.filter(|seconds| *seconds > 0).map(Duration::from_secs);
        let max = grant.max_ttl.map(Duration::from_secs);
        Self { born: asked, asked, received, length, max, shrank: false }
    }

    /// The life of the token that a renewal gave; none where there was nothing left to renew.
    pub(crate) fn renewed(&self, grant: &Grant, asked: Duration, received: Duration) -> Option<Self> {
        if grant.expires_in == Some(0) {
            return None;
        }
        let next = Self { born: self.born, ..Self::of_login(grant, asked, received) };
        let shrank = next.length.zip(self.length).is_some_and(|(new, old)| new < old / 2);
        Some(Self { shrank, ..next })
    }

    /// When to see to the next one, with a chance of 0 to 1: after 80 % of its life, never after its end.
    pub(crate) fn due(&self, chance: f64) -> Option<Duration> {
        let part = RENEWED_AFTER + SPREAD * chance.clamp(0.0, 1.0);
        Some((self.received + self.length?.mul_f64(part)).min(self.end()?))
    }

    /// When the server takes it no longer.
    pub(crate) fn end(&self) -> Option<Duration> {
        Some(self.asked + self.length?)
    }

    /// Whether its end has come.
    pub(crate) fn is_over(&self, now: Duration) -> bool {
        self.end().is_some_and(|end| now >= end)
    }

    /// A renewal, as long as it gives another whole life: near the greatest age servers give less and less, or refuse.
    pub(crate) fn step(&self, now: Duration) -> Step {
        let Some(length) = self.length.filter(|_| !self.shrank && !self.is_over(now)) else {
            return Step::LogIn;
        };
        match self.max.map(|max| (self.born + max).saturating_sub(now)) {
            Some(left) if left <= length.mul_f64(1.1) => Step::LogIn,
            Some(_) | None => Step::Renew,
        }
    }

    /// Since when it, or what it was renewed from, is there.
    pub(crate) fn born(&self) -> Duration {
        self.born
    }
}

/// Seconds as a server writes them. Less than nothing is nothing; none where it is no number.
pub(crate) fn seconds(value: &Value) -> Option<u64> {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?;
    // Too large, too small or no number at all: the conversion goes to the nearest there is.
    (!number.is_nan()).then_some((number as u64).min(LONGEST))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn grant(expires_in: u64, max_ttl: u64) -> Grant {
        let max_ttl = Some(max_ttl).filter(|max| *max > 0);
        Grant { token: Secret::new("canary".to_owned()), expires_in: Some(expires_in), max_ttl }
    }

    fn life(expires_in: u64, max_ttl: u64) -> Life {
        Life::of_login(&grant(expires_in, max_ttl), at(0), at(0))
    }

    #[test]
    fn a_token_is_renewed_as_long_as_a_whole_life_is_left() {
        let day = 86_400;
        for (name, expires_in, max, now, step) in [
            ("7 days of 180", 7 * day, 180 * day, 6 * day, Step::Renew),
            ("7 days, the last week but a bit", 7 * day, 180 * day, 172 * day, Step::Renew),
            ("7 days, the last week", 7 * day, 180 * day, 173 * day, Step::LogIn),
            ("30 days of 30, which cannot be renewed once", 30 * day, 30 * day, 24 * day, Step::LogIn),
            ("periodic", 3600, 0, 3000, Step::Renew),
            ("2 hours of 30 days", 7200, 30 * day, 6000, Step::Renew),
            ("a minute of an hour", 60, 3600, 3533, Step::Renew),
            ("a minute of an hour, at its end", 60, 3600, 3535, Step::LogIn),
        ] {
            let first = life(expires_in, max);
            let latest = first.renewed(&grant(expires_in, max), at(now), at(now)).unwrap();
            assert_eq!(latest.step(at(now)), step, "{name}");
        }
        assert_eq!(life(60, 0).step(at(60)), Step::LogIn, "what is over is not renewed");
    }

    #[test]
    fn lives_that_shrink_end_in_a_login() {
        let first = life(100, 0);
        assert_eq!(first.renewed(&grant(50, 0), at(80), at(80)).unwrap().step(at(80)), Step::Renew);
        assert_eq!(first.renewed(&grant(49, 0), at(80), at(80)).unwrap().step(at(80)), Step::LogIn);
        assert!(first.renewed(&grant(0, 0), at(80), at(80)).is_none());
    }

    #[test]
    fn a_token_of_which_nothing_is_known_is_used_until_it_is_refused() {
        let unknown = Grant { expires_in: None, ..grant(0, 0) };
        for life in [Life::of_login(&unknown, at(0), at(0)), life(0, 10)] {
            assert_eq!((life.due(0.5), life.end(), life.is_over(at(u64::MAX))), (None, None, false));
            assert_eq!(life.step(at(1)), Step::LogIn);
        }
    }

    #[test]
    fn seconds_may_be_anything() {
        for (value, expected) in [
            (json!(7200), Some(7200)),
            (json!(7200.9), Some(7200)),
            (json!("7200"), Some(7200)),
            (json!(0), Some(0)),
            (json!(-5), Some(0)),
            (json!(u64::MAX), Some(LONGEST)),
            (json!(1e300), Some(LONGEST)),
            (json!("NaN"), None),
            (json!("soon"), None),
            (json!(null), None),
            (json!([1]), None),
        ] {
            assert_eq!(seconds(&value), expected, "{value}");
        }
    }

    proptest! {
        #[test]
        fn it_is_due_from_80_percent_on_and_never_after_the_end(
            seconds in 1..=LONGEST, asked in 0u64..1 << 40, latency in 0u64..100, chance in 0.0f64..1.0,
        ) {
            let life = Life::of_login(&grant(seconds, 0), at(asked), at(asked + latency));
            let (due, end) = (life.due(chance).unwrap(), life.end().unwrap());
            prop_assert!(due <= end);
            prop_assert!(due == end || due >= at(asked + latency) + at(seconds).mul_f64(0.8));
        }

        #[test]
        fn no_answer_makes_it_panic(first in any::<Option<u64>>(), second in any::<Option<u64>>(), max in any::<Option<u64>>(), now in 0u64..1 << 40) {
            let grant = |seconds: Option<u64>| Grant {
                token: Secret::new(String::new()),
                expires_in: seconds.map(|it| it.min(LONGEST)),
                max_ttl: max.map(|it| it.min(LONGEST)),
            };
            let life = Life::of_login(&grant(first), at(now), at(now));
            life.step(at(now));
            if let Some(next) = life.renewed(&grant(second), at(now), at(now)) {
                next.step(at(now));
                next.due(1.0);
            }
        }
    }
}
