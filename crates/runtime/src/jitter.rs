//! Chance, so that many clients do not all come back at the same moment.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Where random pauses come from. Clones of it draw from the same sequence.
#[derive(Clone)]
pub(crate) struct Jitter(Arc<Mutex<fastrand::Rng>>);

impl Jitter {
    /// Another sequence in every process.
    pub(crate) fn new() -> Self {
        Self::seeded(fastrand::u64(..))
    }

    /// The same sequence for the same seed.
    pub(crate) fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(fastrand::Rng::with_seed(seed))))
    }

    /// A part of a whole: 0 or more, less than 1.
    pub(crate) fn part(&self) -> f64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).f64()
    }

    /// Some length, shorter than this one.
    pub(crate) fn below(&self, length: Duration) -> Duration {
        length.mul_f64(self.part())
    }
}

impl fmt::Debug for Jitter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Jitter(..)")
    }
}
