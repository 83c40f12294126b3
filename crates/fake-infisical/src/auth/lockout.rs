//! Wrong client secrets are counted, and lock a login method for a while.

use crate::seed::Lockout;

/// Wrong client secrets of one client id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Failures {
    count: u32,
    /// When they are forgotten; until then a locked method stays locked.
    until: i64,
}

impl Failures {
    /// Whether the method is locked.
    pub(crate) fn lock(&self, lockout: &Lockout, now: i64) -> bool {
        lockout.enabled && now < self.until && self.count >= lockout.threshold
    }

    /// Counts one more. Attempts while the method is locked are not counted: they do not come here.
    pub(crate) fn add(&mut self, lockout: &Lockout, now: i64) {
        if now >= self.until {
            self.count = 0;
        }
        self.count += 1;
        let locked = self.count >= lockout.threshold;
        let seconds = if locked { lockout.duration_seconds } else { lockout.counter_reset_seconds };
        self.until = now + i64::try_from(seconds).unwrap_or(i64::MAX / 2000) * 1000;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_within_their_time_lock() {
        let (lockout, mut failures) = (Lockout::default(), Failures::default());
        for now in [0, 29_000, 60_000, 61_000] {
            failures.add(&lockout, now);
            assert!(!failures.lock(&lockout, now), "{now}");
        }
        failures.add(&lockout, 62_000);
        assert!(failures.lock(&lockout, 62_000 + 299_999));
        assert!(!failures.lock(&lockout, 62_000 + 300_000));
    }
}
