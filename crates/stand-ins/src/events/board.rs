//! Which events are on their way, and how long each was until its value was visible.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Events are numbered from 1, and event N changes folder N modulo the number of folders.
#[derive(Debug)]
pub(super) struct Board {
    /// By folder, in the order of their numbers as far as it is known.
    pending: Vec<VecDeque<(u64, Instant)>>,
    /// The first event that counts.
    from: u64,
    taken: Vec<Duration>,
    /// When a value was seen last.
    last: Option<Instant>,
}

impl Board {
    /// Events before that number are for warming up.
    pub(super) fn new(folders: usize, from: u64) -> Self {
        Self { pending: vec![VecDeque::new(); folders.max(1)], from, taken: Vec::new(), last: None }
    }

    /// An event is about to be sent; it counts from when it is due, so that a sender that is held up hides nothing.
    pub(super) fn sent(&mut self, number: u64, due: Instant) {
        let folder = self.folder(number);
        self.pending[folder].push_back((number, due));
    }

    /// The receiver has the value of this event, and with it what earlier ones of the folder would have brought.
    pub(super) fn seen(&mut self, number: u64, at: Instant) {
        let folder = self.folder(number);
        let (from, taken) = (self.from, &mut self.taken);
        self.pending[folder].retain(|(other, due)| {
            if *other <= number && *other >= from {
                taken.push(at.saturating_duration_since(*due));
            }
            *other > number
        });
        self.last = Some(at);
    }

    /// How many were sent and are not seen.
    pub(super) fn pending(&self) -> usize {
        self.pending.iter().map(VecDeque::len).sum()
    }

    pub(super) fn last(&self) -> Option<Instant> {
        self.last
    }

    /// How long each took, the shortest first.
    pub(super) fn taken(&self) -> Vec<Duration> {
        let mut taken = self.taken.clone();
        taken.sort_unstable();
        taken
    }

    fn folder(&self, number: u64) -> usize {
        super::folder(number, self.pending.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_makes_those_before_it_visible_and_no_others() {
        let (mut board, start) = (Board::new(10, 1), Instant::now());
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        // Two senders are not in the order of their numbers.
        for (number, due) in [(3, 0), (13, 10), (33, 30), (23, 20), (4, 1)] {
            board.sent(number, at(due));
        }
        board.seen(23, at(25));
        assert_eq!(board.pending(), 2);
        board.seen(33, at(36));
        // A value that is told twice is seen once.
        board.seen(33, at(99));
        assert_eq!((board.pending(), board.last()), (1, Some(at(99))));
        let taken: Vec<_> = board.taken().iter().map(Duration::as_millis).collect();
        assert_eq!(taken, [5, 6, 15, 25]);
    }

    #[test]
    fn warming_up_does_not_count() {
        let (mut board, start) = (Board::new(1, 2), Instant::now());
        board.sent(1, start);
        board.sent(2, start);
        board.seen(2, start + Duration::from_millis(7));
        assert_eq!((board.pending(), board.taken()), (0, vec![Duration::from_millis(7)]));
    }
}
