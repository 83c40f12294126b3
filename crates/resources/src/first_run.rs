//! What the first run of a secret sync does: pure, from names at both of its ends. No value is needed, and none is known.
//!
//! It follows Infisical's server: what a destination makes of a name, which names a sync takes for its own, and what then
//! becomes of them. After the first run a sync overwrites, whatever its initial behavior is.

use std::collections::{BTreeMap, BTreeSet};

use keyloom_models::policy::InitialSyncBehavior;

mod finding;
mod of_config;
mod sync;
mod words;

pub use finding::findings;
pub use of_config::NotKnown;
pub use sync::{Source, Sync, Target};

/// The names at both ends of a sync.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// In the folder of Infisical, those that its imports bring included.
    pub source: BTreeSet<String>,
    /// At the destination. Where one secret holds all, the keys in it.
    pub destination: BTreeSet<String>,
}

/// What the first run of a sync does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstRun {
    /// One row for each name: what is written, what is imported, what is deleted, what stays; each sorted.
    pub rows: Vec<Row>,
    /// Secrets of the source that become one name at the destination, with that name.
    pub collisions: Vec<(String, Vec<String>)>,
}

/// What becomes of a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The name at the destination.
    pub name: String,
    /// What happens.
    pub action: Action,
    /// Why.
    pub why: Why,
    /// Whether no secret of the source has that name at the destination: somebody else wrote it, or the sync did once.
    pub foreign: bool,
}

/// What happens to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It is written, and was not there.
    Add,
    /// It is overwritten.
    Change,
    /// It is imported into Infisical.
    Import,
    /// It is deleted.
    Delete,
    /// It stays as it is.
    Keep,
}

/// Why something happens to a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The destination does not have it.
    Missing,
    /// Both have it.
    AtBothEnds,
    /// Both have it, and the destination's value goes before.
    DestinationFirst,
    /// The source does not have it, and what only the destination has is imported.
    NotInSource,
    /// The source does not have it, and the sync takes it for its own.
    Claimed,
    /// As [`Why::Claimed`], and the declaration allows it.
    Allowed,
    /// The sync does not take it for its own.
    NotClaimed,
    /// The sync deletes nothing.
    DeletionDisabled,
}

impl FirstRun {
    /// Rows of that action.
    pub fn of(&self, action: Action) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.action == action)
    }

    /// Whether anything happens at all. Values cannot be compared, so that what both ends have counts.
    pub fn changes(&self) -> bool {
        self.rows.iter().any(|row| row.action != Action::Keep)
    }

    /// Deletions that nobody allowed.
    pub fn refused(&self) -> impl Iterator<Item = &Row> {
        self.of(Action::Delete).filter(|row| row.why != Why::Allowed)
    }
}

/// Simulates the first run.
pub fn simulate(sync: &Sync, names: &Names) -> FirstRun {
    let mut wanted: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for secret in &names.source {
        wanted.entry(sync.identity(&sync.written(secret))).or_default().push(secret);
    }
    let there: BTreeMap<String, &str> =
        names.destination.iter().map(|name| (sync.identity(name), name.as_str())).collect();
    let allowed: BTreeSet<String> = sync.allow_deletions.iter().map(|name| sync.identity(name)).collect();
    let mut rows = Vec::with_capacity(wanted.len() + there.len());
    let mut collisions = Vec::new();
    for (identity, secrets) in &wanted {
        let Some(first) = secrets.first() else { continue };
        let name = sync.written(first);
        if secrets.len() > 1 {
            collisions.push((name.clone(), secrets.iter().map(|secret| (*secret).to_owned()).collect()));
        }
        let (action, why) = at_source(sync, there.contains_key(identity));
        rows.push(Row { name, action, why, foreign: false });
    }
    for (identity, name) in there.iter().filter(|(identity, _)| !wanted.contains_key(*identity)) {
        let (action, why) = foreign(sync, name, allowed.contains(identity));
        rows.push(Row { name: (*name).to_owned(), action, why, foreign: true });
    }
    // Names are in order within each of the two already.
    rows.sort_by_key(|row| row.action);
    FirstRun { rows, collisions }
}

/// What becomes of a name that the source has.
fn at_source(sync: &Sync, is_there: bool) -> (Action, Why) {
    match (is_there, sync.behavior) {
        (false, _) => (Action::Add, Why::Missing),
        (true, InitialSyncBehavior::ImportPrioritizeDestination) => (Action::Import, Why::DestinationFirst),
        (true, InitialSyncBehavior::OverwriteDestination | InitialSyncBehavior::ImportPrioritizeSource) => {
            (Action::Change, Why::AtBothEnds)
        }
    }
}

/// What becomes of a name that the destination alone has.
fn foreign(sync: &Sync, name: &str, allowed: bool) -> (Action, Why) {
    if !sync.claims(name) {
        return (Action::Keep, Why::NotClaimed);
    }
    match sync.behavior {
        InitialSyncBehavior::ImportPrioritizeSource | InitialSyncBehavior::ImportPrioritizeDestination => {
            (Action::Import, Why::NotInSource)
        }
        InitialSyncBehavior::OverwriteDestination if sync.keeps() => (Action::Keep, Why::DeletionDisabled),
        InitialSyncBehavior::OverwriteDestination if allowed => (Action::Delete, Why::Allowed),
        InitialSyncBehavior::OverwriteDestination => (Action::Delete, Why::Claimed),
    }
}

#[cfg(test)]
mod tests;
