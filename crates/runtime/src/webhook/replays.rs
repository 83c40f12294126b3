//! What was taken already, so that nobody has it taken twice.

use std::collections::VecDeque;
use std::collections::btree_map::{BTreeMap, Entry};
use std::time::Duration;

/// A thousand times what Infisical sends of one folder in the window. Who fills it has a key, and gains a question to the
/// server by it, of which there are two in a second at most.
const MOST: usize = 16_384;

/// What identifies a webhook: the signature, and what the header said of the time.
pub(crate) type Mark = ([u8; 32], Duration);

/// Marks of the webhooks that were taken, bounded in number: the oldest are forgotten first.
#[derive(Default)]
pub(crate) struct Replays {
    /// Each, with whether all that brought it so far said that another replica handed it on.
    seen: BTreeMap<Mark, bool>,
    /// The same, by when they can be forgotten.
    order: VecDeque<(Duration, Mark)>,
}

impl Replays {
    /// Whether it is new; it is not from now on, until a moment in which it would be too old anyway.
    ///
    /// Nobody signs that a webhook was handed on: whoever reads one on its way can be here before it and say so. The first
    /// that comes without that word is therefore taken once more, so that the others are told of it.
    pub(crate) fn take(&mut self, mark: Mark, handed_on: bool, now: Duration, until: Duration) -> bool {
        while self.order.front().is_some_and(|(until, _)| *until < now) || self.order.len() >= MOST {
            let Some((_, old)) = self.order.pop_front() else { break };
            self.seen.remove(&old);
        }
        match self.seen.entry(mark) {
            Entry::Vacant(entry) => {
                entry.insert(handed_on);
                self.order.push_back((until, mark));
                true
            }
            Entry::Occupied(mut entry) => !handed_on && entry.insert(false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(number: usize) -> Mark {
        let mut code = [0; 32];
        code[..8].copy_from_slice(&number.to_be_bytes());
        (code, Duration::ZERO)
    }

    #[test]
    fn each_is_taken_once_and_forgotten_when_it_may_be() {
        let seconds = Duration::from_secs;
        let mut replays = Replays::default();
        assert!(replays.take(mark(1), false, seconds(0), seconds(10)));
        assert!(!replays.take(mark(1), false, seconds(10), seconds(20)));
        assert!(replays.take(mark(1), false, seconds(11), seconds(21)));
        assert_eq!((replays.seen.len(), replays.order.len()), (1, 1));
    }

    #[test]
    fn what_was_only_handed_on_is_taken_once_more_when_it_comes_by_itself() {
        let mut replays = Replays::default();
        let mut take = |handed_on| replays.take(mark(1), handed_on, Duration::ZERO, Duration::ZERO);
        assert_eq!([true, true, false, false, true].map(&mut take), [true, false, true, false, false]);
        assert_eq!((replays.seen.len(), replays.order.len()), (1, 1));
    }

    #[test]
    fn their_number_is_bounded() {
        let mut replays = Replays::default();
        let later = Duration::from_secs(600);
        for number in 0..MOST + 10 {
            assert!(replays.take(mark(number), false, Duration::ZERO, later));
        }
        assert_eq!((replays.seen.len(), replays.order.len()), (MOST, MOST));
        assert!(!replays.take(mark(MOST + 9), false, Duration::ZERO, later));
        assert!(replays.take(mark(0), false, Duration::ZERO, later));
    }
}
