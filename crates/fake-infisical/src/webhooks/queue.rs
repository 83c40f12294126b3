//! Changes that are to be told: bursts in one folder become one delivery.

use std::collections::BTreeMap;

use crate::secrets::write::Folder;

/// Milliseconds between a change and its delivery.
pub(crate) const DELAY: i64 = 1000;

/// Changes by folder: since when, none before somebody looked at the clock, and by whom.
#[derive(Clone, Debug, Default)]
pub(crate) struct Queue(BTreeMap<Folder, (Option<i64>, String)>);

impl Queue {
    pub(crate) fn add(&mut self, place: Folder, by: &str) {
        self.0.entry(place).or_insert_with(|| (None, by.to_owned()));
    }

    /// Notes since when changes wait that are new.
    pub(crate) fn stamp(&mut self, now: i64) {
        for (since, _) in self.0.values_mut() {
            since.get_or_insert(now);
        }
    }

    /// Takes out what has waited long enough.
    pub(crate) fn take(&mut self, now: i64) -> Vec<(Folder, String)> {
        self.stamp(now);
        let due = |since: &Option<i64>| since.is_some_and(|since| now - since >= DELAY);
        let (ready, waiting) =
            std::mem::take(&mut self.0).into_iter().partition(|(_, (since, _))| due(since));
        self.0 = waiting;
        let ready: BTreeMap<Folder, (Option<i64>, String)> = ready;
        ready.into_iter().map(|(place, (_, by))| (place, by)).collect()
    }
}
