//! The time: the machine's, or one that a test moves.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

/// What tells the time and waits. Clones of it are the same clock.
///
/// ```
/// use std::time::Duration;
/// use keyloom_runtime::Clock;
/// let clock = Clock::simulated(Duration::from_secs(1_767_225_600));
/// clock.advance(Duration::from_secs(90));
/// assert_eq!(clock.now(), Duration::from_secs(90));
/// assert_eq!(clock.unix(), Duration::from_secs(1_767_225_690));
/// ```
#[derive(Clone)]
pub struct Clock(Kind);

#[derive(Clone)]
enum Kind {
    /// The machine's, since it was first asked.
    System(Instant),
    Simulated(Arc<Simulated>),
}

struct Simulated {
    /// Since 1970, when it began.
    start: Duration,
    /// Since it began; who waits looks at it.
    now: watch::Sender<Duration>,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Kind::System(Instant::now()))
    }

    /// A clock that stands until it is moved, and says that it is so long after the beginning of 1970.
    pub fn simulated(unix: Duration) -> Self {
        Self(Kind::Simulated(Arc::new(Simulated { start: unix, now: watch::Sender::new(Duration::ZERO) })))
    }

    /// How long it goes; never goes back.
    pub fn now(&self) -> Duration {
        match &self.0 {
            Kind::System(start) => start.elapsed(),
            Kind::Simulated(clock) => *clock.now.borrow(),
        }
    }

    /// The time of day, since the beginning of 1970, to compare with what others write.
    pub fn unix(&self) -> Duration {
        match &self.0 {
            Kind::System(_) => SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(),
            Kind::Simulated(clock) => clock.start + *clock.now.borrow(),
        }
    }

    /// Waits for so long.
    pub async fn sleep(&self, length: Duration) {
        self.sleep_until(self.now().saturating_add(length)).await;
    }

    /// Waits until [`Clock::now`] says this, or more.
    pub async fn sleep_until(&self, moment: Duration) {
        match &self.0 {
            Kind::System(_) => tokio::time::sleep(moment.saturating_sub(self.now())).await,
            Kind::Simulated(clock) => {
                // Fails when the clock is gone, which this holds.
                let _ = clock.now.subscribe().wait_for(|now| *now >= moment).await;
            }
        }
    }

    /// Moves a simulated clock, and wakes who has waited for long enough. The machine's clock cannot be moved.
    pub fn advance(&self, by: Duration) {
        match &self.0 {
            Kind::System(_) => {}
            Kind::Simulated(clock) => clock.now.send_modify(|now| *now += by),
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({:?})", self.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sleepers_wake_when_the_clock_is_moved() {
        let clock = Clock::simulated(Duration::ZERO);
        let sleeper = tokio::spawn({
            let clock = clock.clone();
            async move { clock.sleep(Duration::from_secs(10)).await }
        });
        tokio::task::yield_now().await;
        clock.advance(Duration::from_secs(9));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
        clock.advance(Duration::from_secs(1));
        sleeper.await.unwrap();
    }

    #[tokio::test]
    async fn the_machines_clock_goes_on() {
        let clock = Clock::system();
        let before = clock.now();
        clock.sleep(Duration::from_millis(2)).await;
        clock.advance(Duration::from_secs(3600));
        let after = clock.now();
        assert!(after > before && after < before + Duration::from_secs(3600));
        assert!(clock.unix() > Duration::from_secs(1_767_225_600));
    }
}
