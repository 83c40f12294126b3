//! What the first run of a secret sync does: pure, from names at both of its ends. No value is needed, and none is known.
//!
//! It follows Infisical's server: what a destination makes of a name, which names a sync takes for its own, and what then
//! becomes of them. After the first run a sync overwrites, whatever its initial behavior is.

use std::borrow::Cow;
use std::collections::BTreeSet;

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
    let mut wanted: Vec<Wanted<'_>> = names.source.iter().map(|secret| wanted(sync, secret)).collect();
    // Names are nearly in order already, and are so for whoever compares two lists.
    wanted.sort_by(|a, b| a.identity().cmp(b.identity()));
    let mut there: Vec<(Cow<'_, str>, &str)> =
        names.destination.iter().map(|name| (sync.names().identity(name), name.as_str())).collect();
    // Where names are what makes them one, they come in order.
    if there.iter().any(|(identity, _)| matches!(identity, Cow::Owned(_))) {
        there.sort_by(|a, b| a.0.cmp(&b.0));
    }
    let allowed: BTreeSet<Cow<'_, str>> =
        sync.allow_deletions.iter().map(|name| sync.names().identity(name)).collect();
    let mut rows = Rows::default();
    let mut collisions = Vec::new();
    let mut rest = there.as_slice();
    for same in wanted.chunk_by_mut(|a, b| a.identity() == b.identity()) {
        let [first, more @ ..] = same else { continue };
        // Step by step, not by halves: all steps together pass each name once.
        let is_before = |one: &&(Cow<'_, str>, &str)| *one.0 < *first.identity();
        let (before, others) = rest.split_at(rest.iter().take_while(is_before).count());
        rows.extend(before.iter().map(|(identity, name)| foreign(sync, name, allowed.contains(identity))));
        let is_both = |one: &&(Cow<'_, str>, &str)| *one.0 == *first.identity();
        let (both, others) = others.split_at(others.iter().take_while(is_both).count());
        rest = others;
        let (action, why) = at_source(sync, !both.is_empty());
        let name = std::mem::take(&mut first.name);
        if !more.is_empty() {
            let secrets = std::iter::once(first.secret).chain(more.iter().map(|one| one.secret));
            collisions.push((name.clone(), secrets.map(str::to_owned).collect()));
        }
        rows.extend([Row { name, action, why, foreign: false }]);
    }
    rows.extend(rest.iter().map(|(identity, name)| foreign(sync, name, allowed.contains(identity))));
    FirstRun { rows: rows.0.into_iter().flatten().collect(), collisions }
}

/// Rows of each action, in order.
#[derive(Default)]
struct Rows([Vec<Row>; 5]);

impl Rows {
    fn extend(&mut self, rows: impl IntoIterator<Item = Row>) {
        for row in rows {
            let of_action = match row.action {
                Action::Add => 0,
                Action::Change => 1,
                Action::Import => 2,
                Action::Delete => 3,
                Action::Keep => 4,
            };
            self.0[of_action].push(row);
        }
    }
}

/// A secret of the source, and the name that it has at the destination.
struct Wanted<'n> {
    secret: &'n str,
    name: String,
    /// What makes two names one; none where that is the name.
    identity: Option<String>,
}

impl Wanted<'_> {
    fn identity(&self) -> &str {
        self.identity.as_deref().unwrap_or(&self.name)
    }
}

fn wanted<'n>(sync: &Sync, secret: &'n str) -> Wanted<'n> {
    let names = sync.names();
    let name = names.written(secret);
    let identity = match names.identity(&name) {
        Cow::Owned(identity) if identity != name => Some(identity),
        Cow::Owned(_) | Cow::Borrowed(_) => None,
    };
    Wanted { secret, name, identity }
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
fn foreign(sync: &Sync, name: &str, allowed: bool) -> Row {
    let (action, why) = match sync.behavior {
        _ if !sync.names().claims(name) => (Action::Keep, Why::NotClaimed),
        InitialSyncBehavior::ImportPrioritizeSource | InitialSyncBehavior::ImportPrioritizeDestination => {
            (Action::Import, Why::NotInSource)
        }
        InitialSyncBehavior::OverwriteDestination
            if sync.target.manner().keeps(sync.disable_secret_deletion) =>
        {
            (Action::Keep, Why::DeletionDisabled)
        }
        InitialSyncBehavior::OverwriteDestination if allowed => (Action::Delete, Why::Allowed),
        InitialSyncBehavior::OverwriteDestination => (Action::Delete, Why::Claimed),
    };
    Row { name: name.to_owned(), action, why, foreign: true }
}

#[cfg(test)]
mod tests;
