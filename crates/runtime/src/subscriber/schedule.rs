//! When a folder is asked for.

use std::time::Duration;

use crate::http::doubled;
use crate::jitter::Jitter;
use crate::subscriber::pending::Urgency;

/// Between two questions for a folder that was named.
const NAMED: Duration = Duration::from_millis(500);
/// Between two questions for a folder of whose project something else was named.
const NEAR: Duration = Duration::from_secs(5);
/// After a question that failed; doubles each time.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// When a folder is asked for next: at once if it was not just asked for, and not before the server can be expected back.
#[derive(Debug)]
pub(crate) struct Schedule {
    /// How often it is asked for anyway.
    interval: Option<Duration>,
    jitter: Jitter,
    /// When it was asked for.
    asked: Option<Duration>,
    /// When it is asked for anyway.
    due: Duration,
    /// Not before then.
    blocked: Duration,
    failures: u32,
}

impl Schedule {
    /// Of a folder that was asked for just now.
    pub(crate) fn new(interval: Option<Duration>, jitter: Jitter, now: Duration) -> Self {
        let mut schedule =
            Self { interval, jitter, asked: None, due: now, blocked: Duration::ZERO, failures: 0 };
        schedule.succeeded(now);
        schedule
    }

    /// The moment in which it is asked for, as things are.
    pub(crate) fn next(&self, urgency: Urgency) -> Duration {
        let after = |pause: Duration| self.asked.map_or(Duration::ZERO, |asked| asked.saturating_add(pause));
        let wanted = match urgency {
            Urgency::None => self.due,
            Urgency::Near => self.due.min(after(NEAR)),
            Urgency::Named => self.due.min(after(NAMED)),
        };
        wanted.max(self.blocked)
    }

    pub(crate) fn asked(&mut self, now: Duration) {
        self.asked = Some(now);
    }

    pub(crate) fn succeeded(&mut self, now: Duration) {
        self.failures = 0;
        self.blocked = Duration::ZERO;
        self.due = match self.interval {
            // A tenth less or more, so that replicas that started at once do not ask at once.
            Some(interval) => now.saturating_add(interval.mul_f64(0.9 + 0.2 * self.jitter.part())),
            None => Duration::MAX,
        };
    }

    /// It is asked for again by itself: after a second, then after twice as long each time, less up to a half; not before
    /// the server wants to be asked.
    pub(crate) fn failed(&mut self, now: Duration, asked_for: Option<Duration>) {
        let longest = doubled(PAUSE, self.failures, LONGEST_PAUSE);
        let pause = longest.mul_f64(0.5 + 0.5 * self.jitter.part()).max(asked_for.unwrap_or_default());
        self.failures = self.failures.saturating_add(1);
        self.blocked = now.saturating_add(pause);
        self.due = self.blocked;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: fn(u64) -> Duration = Duration::from_millis;

    fn schedule() -> Schedule {
        Schedule::new(Some(MS(300_000)), Jitter::seeded(1), MS(0))
    }

    #[test]
    fn what_was_named_is_asked_for_at_once_then_twice_in_a_second() {
        let mut schedule = schedule();
        assert_eq!(schedule.next(Urgency::Named), MS(0));
        assert_eq!(schedule.next(Urgency::Near), MS(0));
        schedule.asked(MS(10_000));
        schedule.succeeded(MS(10_300));
        assert_eq!(schedule.next(Urgency::Named), MS(10_500));
        assert_eq!(schedule.next(Urgency::Near), MS(15_000));
        let due = schedule.next(Urgency::None);
        assert!((MS(280_300)..MS(340_300)).contains(&due), "{due:?}");
    }

    #[test]
    fn a_server_that_is_away_is_asked_ever_more_seldom() {
        let mut schedule = schedule();
        let mut pauses = Vec::new();
        for _ in 0..8 {
            schedule.asked(MS(1000));
            schedule.failed(MS(1000), None);
            assert_eq!(schedule.next(Urgency::Named), schedule.next(Urgency::None));
            pauses.push(schedule.next(Urgency::Named) - MS(1000));
        }
        for (pause, longest) in pauses.iter().zip([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
            assert!((MS(longest / 2)..=MS(longest)).contains(pause), "{pauses:?}");
        }
        schedule.failed(MS(1000), Some(MS(900_000)));
        assert_eq!(schedule.next(Urgency::Named), MS(901_000));
        schedule.succeeded(MS(902_000));
        assert_eq!(schedule.next(Urgency::Named), MS(1500));
    }

    #[test]
    fn who_never_wants_to_ask_is_not_made_to() {
        let mut schedule = Schedule::new(None, Jitter::seeded(1), MS(0));
        assert_eq!(schedule.next(Urgency::None), Duration::MAX);
        schedule.asked(MS(0));
        assert_eq!(schedule.next(Urgency::Named), MS(500));
    }
}
