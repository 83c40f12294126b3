//! The time: the machine's, or one that a test moves.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Bound;
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
    /// Who waits looks at it.
    face: watch::Sender<Face>,
}

#[derive(Default)]
struct Face {
    /// Since it began.
    now: Duration,
    /// How many sleep until when.
    sleepers: BTreeMap<Duration, usize>,
}

/// One that sleeps; counted until it is dropped, be it that it woke or that nobody waits for it any more.
struct Sleeper<'a> {
    clock: &'a Simulated,
    until: Duration,
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Kind::System(Instant::now()))
    }

    /// A clock that stands until it is moved, and says that it is so long after the beginning of 1970.
    pub fn simulated(unix: Duration) -> Self {
        Self(Kind::Simulated(Arc::new(Simulated { start: unix, face: watch::Sender::default() })))
    }

    /// How long it goes; never goes back.
    pub fn now(&self) -> Duration {
        match &self.0 {
            Kind::System(start) => start.elapsed(),
            Kind::Simulated(clock) => clock.face.borrow().now,
        }
    }

    /// The time of day, since the beginning of 1970, to compare with what others write.
    pub fn unix(&self) -> Duration {
        match &self.0 {
            Kind::System(_) => SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(),
            Kind::Simulated(clock) => clock.start + clock.face.borrow().now,
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
                let _sleeper = Sleeper::new(clock, moment);
                // Fails when the clock is gone, which this holds.
                let _ = clock.face.subscribe().wait_for(|face| face.now >= moment).await;
            }
        }
    }

    /// Moves a simulated clock, and wakes who has waited for long enough. The machine's clock cannot be moved.
    pub fn advance(&self, by: Duration) {
        match &self.0 {
            Kind::System(_) => {}
            Kind::Simulated(clock) => clock.face.send_modify(|face| face.now += by),
        }
    }

    /// When the next one wakes who sleeps on a simulated clock; none where nobody does, or on the machine's.
    pub fn next_wake(&self) -> Option<Duration> {
        match &self.0 {
            Kind::System(_) => None,
            Kind::Simulated(clock) => clock.face.borrow().asleep().map(|(until, _)| *until).next(),
        }
    }

    /// Waits until at least so many sleep on a simulated clock: then they have done all that they had to do by now. On the
    /// machine's clock nobody is counted, and this waits for ever.
    pub async fn asleep(&self, many: usize) {
        match &self.0 {
            Kind::System(_) => std::future::pending().await,
            Kind::Simulated(clock) => {
                let enough = |face: &Face| face.asleep().map(|(_, count)| count).sum::<usize>() >= many;
                // Fails when the clock is gone, which this holds.
                let _ = clock.face.subscribe().wait_for(enough).await;
            }
        }
    }
}

impl Face {
    /// Those that the time has not come for.
    fn asleep(&self) -> impl Iterator<Item = (&Duration, &usize)> {
        self.sleepers.range((Bound::Excluded(self.now), Bound::Unbounded))
    }
}

impl<'a> Sleeper<'a> {
    fn new(clock: &'a Simulated, until: Duration) -> Self {
        clock.face.send_modify(|face| *face.sleepers.entry(until).or_default() += 1);
        Self { clock, until }
    }
}

impl Drop for Sleeper<'_> {
    fn drop(&mut self) {
        self.clock.face.send_if_modified(|face| {
            let left = face.sleepers.remove(&self.until).unwrap_or_default().saturating_sub(1);
            if left > 0 {
                face.sleepers.insert(self.until, left);
            }
            // Nobody waits for fewer sleepers.
            false
        });
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
    async fn a_test_knows_who_sleeps_and_until_when() {
        let clock = Clock::simulated(Duration::ZERO);
        assert_eq!(clock.next_wake(), None);
        let sleeper = |seconds| {
            let clock = clock.clone();
            tokio::spawn(async move { clock.sleep(Duration::from_secs(seconds)).await })
        };
        let sleepers = [sleeper(10), sleeper(5), sleeper(10)];
        clock.asleep(3).await;
        assert_eq!(clock.next_wake(), Some(Duration::from_secs(5)));
        clock.advance(Duration::from_secs(5));
        assert_eq!(clock.next_wake(), Some(Duration::from_secs(10)));
        sleepers[0].abort();
        for sleeper in sleepers {
            clock.advance(Duration::from_secs(5));
            let _ = sleeper.await;
        }
        assert_eq!(clock.next_wake(), None);
        let Kind::Simulated(simulated) = &clock.0 else { panic!("a clock of the machine") };
        assert!(simulated.face.borrow().sleepers.is_empty());
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
