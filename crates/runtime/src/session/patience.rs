//! How long to wait after a login or a renewal that did not work.

use std::time::Duration;

use crate::error::Error;
use crate::http::doubled;
use crate::jitter::Jitter;

/// The longest pause after the first failure; it doubles each time.
const FIRST: Duration = Duration::from_secs(1);
/// The longest of those.
const LONGEST: Duration = Duration::from_secs(60);
/// How long those that have no token are put off at most, where nobody asked for longer: the server may be back.
const LONGEST_CLOSED: Duration = Duration::from_secs(5);
/// The pause after a login was refused; it doubles each time. Three within half a minute lock an identity out, for five
/// minutes, and those that come while it is locked count.
const REFUSED: Duration = Duration::from_secs(60);
/// The longest of those.
const LONGEST_REFUSED: Duration = Duration::from_secs(960);

/// What has gone wrong of late.
#[derive(Debug, Default)]
pub(super) struct Patience {
    failures: u32,
    refusals: u32,
}

/// Why not to try now.
#[derive(Clone, Debug)]
pub(super) struct Trouble {
    /// Until when nobody tries who has time.
    pub(super) until: Duration,
    /// Until when nobody tries at all; not later.
    pub(super) closed: Duration,
    /// What happened, which is told to those that ask while nobody tries.
    pub(super) error: Error,
    /// Whether the login was refused.
    pub(super) is_refusal: bool,
}

impl Patience {
    /// What follows from an error.
    pub(super) fn after(&mut self, error: Error, now: Duration, jitter: &Jitter) -> Trouble {
        if is_refusal(&error) {
            let pause = doubled(REFUSED, self.refusals, LONGEST_REFUSED);
            self.refusals = self.refusals.saturating_add(1);
            let until = now.saturating_add(pause).saturating_add(jitter.below(pause / 4));
            return Trouble { until, closed: until, error, is_refusal: true };
        }
        let pause = jitter.below(doubled(FIRST, self.failures, LONGEST));
        self.failures = self.failures.saturating_add(1);
        let (pause, closed) = match &error {
            Error::Busy { pause: asked, .. } => (pause.max(*asked), *asked),
            // Looking again costs nobody anything.
            Error::TokenFile { .. } => (pause, Duration::ZERO),
            // Whoever waits for an answer may have one more try; from then on all wait.
            _ if self.failures == 1 => (pause, Duration::ZERO),
            _ => (pause, pause.min(LONGEST_CLOSED)),
        };
        // What somebody asks for may be any number.
        let (until, closed) = (now.saturating_add(pause), now.saturating_add(closed));
        Trouble { until, closed, error, is_refusal: false }
    }

    /// A login was granted.
    pub(super) fn let_in(&mut self) {
        self.refusals = 0;
    }

    /// A token was taken.
    pub(super) fn trusted(&mut self) {
        *self = Self::default();
    }
}

/// Whether the same login would be refused again.
fn is_refusal(error: &Error) -> bool {
    matches!(error, Error::Login { refusal, .. } if refusal.is_final())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::Refusal;

    const NOW: Duration = Duration::from_secs(1000);

    /// Seconds that those wait who have time, and those that have not.
    fn pauses(error: &Error) -> Vec<(f64, f64)> {
        let (mut patience, jitter) = (Patience::default(), Jitter::seeded(7));
        let mut pause = || {
            let Trouble { until, closed, .. } = patience.after(error.clone(), NOW, &jitter);
            ((until - NOW).as_secs_f64(), (closed - NOW).as_secs_f64())
        };
        (0..9).map(|_| pause()).collect()
    }

    fn refused(status: u16) -> Error {
        let refusal = Refusal { status, ..Refusal::default() };
        Error::Login { host: String::new(), refusal: Box::new(refusal) }
    }

    #[test]
    fn a_refused_login_waits_for_a_minute_and_longer_and_longer() {
        let expected = [60.0, 120.0, 240.0, 480.0, 960.0, 960.0, 960.0, 960.0, 960.0];
        for ((pause, closed), expected) in pauses(&refused(401)).into_iter().zip(expected) {
            assert!(pause >= expected && pause <= expected * 1.25, "{pause}");
            assert!((pause - closed).abs() < 1e-6);
        }
    }

    #[test]
    fn what_passes_is_tried_again_after_a_second_to_a_minute() {
        let all = pauses(&refused(502));
        for (tried, (pause, _)) in all.iter().enumerate() {
            assert!(*pause < 2_f64.powi(tried.try_into().unwrap()).min(60.0), "{tried}: {pause}");
        }
        assert!(all[0].1 == 0.0 && all[1].1 > 0.0);
        assert!(all.iter().all(|(pause, closed)| *closed <= 5.0 && closed <= pause), "{all:?}");
        assert!(all.iter().any(|(pause, _)| *pause > 20.0), "{all:?}");
        let file = Error::TokenFile { path: "/x".into(), why: "" };
        assert!(pauses(&file).iter().all(|(_, closed)| *closed == 0.0));
    }

    #[test]
    fn a_pause_that_is_asked_for_is_kept() {
        let busy = Error::Busy { host: String::new(), pause: Duration::from_secs(90) };
        assert!(pauses(&busy).iter().all(|(pause, closed)| *closed == 90.0 && *pause >= 90.0));
        let endless = Error::Busy { host: String::new(), pause: Duration::MAX };
        let trouble = Patience::default().after(endless, NOW, &Jitter::seeded(7));
        assert_eq!((trouble.until, trouble.closed), (Duration::MAX, Duration::MAX));
    }

    #[test]
    fn what_worked_is_a_new_beginning() {
        let (mut patience, jitter) = (Patience::default(), Jitter::seeded(7));
        for _ in 0..5 {
            patience.after(refused(401), NOW, &jitter);
            patience.after(refused(502), NOW, &jitter);
        }
        patience.let_in();
        assert!(patience.after(refused(401), NOW, &jitter).until < NOW + Duration::from_secs(76));
        patience.trusted();
        assert_eq!(patience.after(refused(502), NOW, &jitter).closed, NOW);
    }
}
