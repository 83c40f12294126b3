//! What waits to be done, and when its turn is. Pure: it is told what time it is.

use std::collections::BTreeMap;
use std::time::Duration;

use keyloom_runtime::http::doubled;

use super::changed::Changed;
use super::world::Target;

/// Between the beginnings of two looks at the cluster. A look is a list of every ExternalSecret: where it takes long, the
/// pause behind it is as long as it took.
const BETWEEN_LOOKS: Duration = Duration::from_millis(250);
/// Between two syncs of one object; the last change in between is not lost.
const BETWEEN_SYNCS: Duration = Duration::from_secs(1);
/// The pause after the first failure; it doubles with each.
const PAUSE: Duration = Duration::from_millis(250);
/// No pause is longer.
pub(crate) const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// How often a sync is tried; with the pauses in between that takes some two minutes.
const TRIES: u32 = 10;
/// More folders that wait than these become one change of everything.
const MOST_CHANGES: usize = 1_000;

/// Changes that nobody looked up yet, and objects whose turn to be synced comes.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    changes: BTreeMap<Changed, Mark>,
    /// How many marks there were.
    marks: u64,
    /// When the cluster was looked at.
    look_began: Duration,
    /// When it may be looked at again.
    look_from: Duration,
    /// Looks that failed, since one did not.
    failed_looks: u32,
    turns: BTreeMap<Target, Turn>,
}

/// What an annotation is set to: of two the later counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    number: u64,
    pub(crate) value: String,
}

/// An object that is to be synced, or was a moment ago.
#[derive(Debug)]
struct Turn {
    /// What it waits to be marked with.
    waiting: Option<Mark>,
    /// Not before.
    from: Duration,
    /// Tries of what waits that failed.
    failed: u32,
}

/// What becomes of a sync that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failed {
    /// It is tried again.
    Again,
    /// It was tried often enough.
    GivenUp,
}

impl Queue {
    /// Something changed; `value` is what its objects are marked with.
    pub(crate) fn change(&mut self, changed: Changed, value: String) {
        self.marks += 1;
        let mark = Mark { number: self.marks, value };
        if self.changes.len() >= MOST_CHANGES && !self.changes.contains_key(&changed) {
            self.changes = BTreeMap::from([(Changed::default(), mark)]);
        } else {
            self.changes.insert(changed, mark);
        }
    }

    /// The changes to look up, if it is time for that.
    pub(crate) fn look(&mut self, now: Duration) -> Option<BTreeMap<Changed, Mark>> {
        if self.changes.is_empty() || now < self.look_from {
            return None;
        }
        self.look_began = now;
        self.look_from = now + BETWEEN_LOOKS;
        Some(std::mem::take(&mut self.changes))
    }

    /// The cluster was looked at.
    pub(crate) fn looked(&mut self, now: Duration) {
        self.failed_looks = 0;
        self.look_from = self.look_from.max(now + now.saturating_sub(self.look_began));
    }

    /// The cluster could not be looked at: these changes go on waiting, but for those that came again.
    pub(crate) fn look_failed(&mut self, changes: BTreeMap<Changed, Mark>, now: Duration) {
        let newer = std::mem::replace(&mut self.changes, changes);
        self.changes.extend(newer);
        self.look_from = now + doubled(PAUSE, self.failed_looks, LONGEST_PAUSE);
        self.failed_looks = self.failed_looks.saturating_add(1);
    }

    /// An object is to be synced.
    pub(crate) fn sync(&mut self, target: Target, mark: Mark) {
        let turn =
            self.turns.entry(target).or_insert(Turn { waiting: None, from: Duration::ZERO, failed: 0 });
        if turn.waiting.as_ref().is_none_or(|waiting| *waiting < mark) {
            turn.waiting = Some(mark);
        }
    }

    /// The objects whose turn it is. Until one is [`Queue::synced`] or [`Queue::sync_failed`], it has no other.
    pub(crate) fn due(&mut self, now: Duration) -> Vec<(Target, Mark)> {
        self.turns.retain(|_, turn| turn.waiting.is_some() || now < turn.from);
        let due = self.turns.iter_mut().filter(|(_, turn)| turn.from <= now);
        let taken = due.filter_map(|(target, turn)| {
            turn.from = now + BETWEEN_SYNCS;
            Some((target.clone(), turn.waiting.take()?))
        });
        taken.collect()
    }

    /// An object was marked.
    pub(crate) fn synced(&mut self, target: &Target) {
        if let Some(turn) = self.turns.get_mut(target) {
            turn.failed = 0;
        }
    }

    /// An object was not marked. `asked` is how long the server asks to be left alone.
    pub(crate) fn sync_failed(
        &mut self,
        target: Target,
        mark: Mark,
        asked: Duration,
        now: Duration,
    ) -> Failed {
        let turn = self.turns.entry(target).or_insert(Turn { waiting: None, from: now, failed: 0 });
        turn.failed += 1;
        if turn.failed >= TRIES {
            turn.failed = 0;
            return Failed::GivenUp;
        }
        turn.from = now + doubled(PAUSE, turn.failed - 1, LONGEST_PAUSE).max(asked.min(LONGEST_PAUSE));
        turn.waiting.get_or_insert(mark);
        Failed::Again
    }

    /// When there is something to do next; none if nothing waits.
    pub(crate) fn next(&self) -> Option<Duration> {
        let look = (!self.changes.is_empty()).then_some(self.look_from);
        let turns = self.turns.values().filter(|turn| turn.waiting.is_some()).map(|turn| turn.from);
        turns.chain(look).min()
    }
}

#[cfg(test)]
mod tests;
