//! When a command is told of changes: once things are quiet, and not much later where they never are.

use std::time::Duration;

/// A command is told after so many times the quiet that is asked for, however restless it is.
const PATIENCE: u32 = 5;

/// Changes that a command has not been told of yet.
#[derive(Debug)]
pub(crate) struct Debounce {
    quiet: Duration,
    /// The first and the last change.
    waiting: Option<(Duration, Duration)>,
}

impl Debounce {
    pub(crate) fn new(quiet: Duration) -> Self {
        Self { quiet, waiting: None }
    }

    /// Something changed.
    pub(crate) fn note(&mut self, now: Duration) {
        let (first, _) = self.waiting.unwrap_or((now, now));
        self.waiting = Some((first, now));
    }

    /// When the command is told, if there is anything to tell.
    pub(crate) fn due(&self) -> Option<Duration> {
        let (first, last) = self.waiting?;
        Some((last + self.quiet).min(first + self.quiet * PATIENCE))
    }

    /// It has been told.
    pub(crate) fn told(&mut self) {
        self.waiting = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_change_of_many_counts_up_to_a_limit() {
        let at = Duration::from_secs;
        let mut debounce = Debounce::new(at(2));
        assert_eq!(debounce.due(), None);
        let due: Vec<_> = (10..20)
            .map(|now| {
                debounce.note(at(now));
                debounce.due().unwrap().as_secs()
            })
            .collect();
        assert_eq!(due, [12, 13, 14, 15, 16, 17, 18, 19, 20, 20]);
        debounce.told();
        assert_eq!(debounce.due(), None);
    }
}
