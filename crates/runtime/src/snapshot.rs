//! All secrets at one moment, and what changed between two.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::secrets::{Loaded, Value};
use keyloom_connections::Secret;

/// The secrets of all folders as they were at one moment. It never changes; a newer one takes its place.
///
/// Where a name stands in several folders, the folder that is named last counts, as with `envFrom`.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// One a folder, in the order of the folders.
    parts: Vec<Arc<Part>>,
    /// Which folder a name comes from; shared for as long as no name comes or goes.
    index: Arc<BTreeMap<String, usize>>,
    version: u64,
}

#[derive(Debug, Default)]
struct Part {
    values: BTreeMap<String, Value>,
    hidden: BTreeSet<String>,
}

/// A secret that is not what it was.
#[derive(Clone, Debug)]
pub struct Change {
    /// Its name.
    pub key: String,
    /// What happened to it.
    pub kind: ChangeKind,
    /// What it was; none of one that was created.
    pub old: Option<Secret>,
    /// What it is; none of one that was deleted.
    pub new: Option<Secret>,
}

/// What happened to a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was not there before, or could not be read.
    Created,
    /// Somebody changed its value.
    Updated,
    /// A rotation of Infisical changed its value.
    Rotated,
    /// It is not there any more, or cannot be read any more.
    Deleted,
}

impl Snapshot {
    /// Nothing yet, of so many folders.
    pub fn empty(folders: usize) -> Self {
        Self { parts: vec![Arc::default(); folders], ..Self::default() }
    }

    /// The value of a secret.
    pub fn get(&self, key: &str) -> Option<&Secret> {
        self.value(key).map(|value| &value.secret)
    }

    /// All names with their values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.index.keys().filter_map(|key| Some((key.as_str(), self.get(key)?)))
    }

    /// How many secrets there are.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// Names of secrets that are there and whose values this identity may not read.
    pub fn hidden(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().flat_map(|part| part.hidden.iter().map(String::as_str))
    }

    /// Grows with every change, from 0, which is before the first load.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The snapshot in which one folder (by its number, from 0) is what was loaded, and what changed by it. A number that is
    /// too large changes nothing.
    pub fn with(&self, folder: usize, loaded: Loaded) -> (Self, Vec<Change>) {
        self.with_all(vec![(folder, loaded)])
    }

    /// As [`Snapshot::with`], of several folders in one step.
    pub fn with_all(&self, all: Vec<(usize, Loaded)>) -> (Self, Vec<Change>) {
        let (mut parts, mut same_names, mut is_first) = (self.parts.clone(), true, false);
        for (folder, Loaded { values, hidden, etag: _ }) in all {
            let Some(part) = parts.get_mut(folder) else { continue };
            same_names &= part.values.keys().eq(values.keys());
            is_first = self.version == 0;
            *part = Arc::new(Part { values, hidden });
        }
        let index = if same_names { Arc::clone(&self.index) } else { Arc::new(index(&parts)) };
        let mut next = Self { parts, index, version: self.version };
        let changes = next.since(self);
        if !changes.is_empty() || is_first {
            next.version += 1;
        }
        (next, changes)
    }

    /// The snapshot in which one secret is something else, or none, in the folder that it comes from; in the last one, if it is
    /// new.
    pub(crate) fn with_value(&self, key: &str, value: Option<Value>) -> Self {
        let last = self.parts.len().saturating_sub(1);
        let number = self.index.get(key).copied().unwrap_or(last);
        let Some(part) = self.parts.get(number) else { return self.clone() };
        let mut loaded = Loaded { values: part.values.clone(), hidden: part.hidden.clone(), etag: None };
        match value {
            Some(value) => loaded.values.insert(key.to_owned(), value),
            None => loaded.values.remove(key),
        };
        self.with(number, loaded).0
    }

    /// What changed since an earlier snapshot of the same folders, by name.
    pub fn since(&self, before: &Self) -> Vec<Change> {
        let folders = 0..self.parts.len().max(before.parts.len());
        let pairs = folders.map(|number| [before.parts.get(number), self.parts.get(number)]);
        // A name that is in none of the folders that are not what they were is what it was.
        let others = pairs.filter(|[then, now]| then.map(Arc::as_ptr) != now.map(Arc::as_ptr));
        let keys: BTreeSet<&String> =
            others.flatten().flatten().flat_map(|part| part.values.keys()).collect();
        keys.into_iter().filter_map(|key| change(before.value(key), self.value(key), key)).collect()
    }

    fn value(&self, key: &str) -> Option<&Value> {
        self.parts[*self.index.get(key)?].values.get(key)
    }
}

/// The last folder that has a name is where it comes from.
fn index(parts: &[Arc<Part>]) -> BTreeMap<String, usize> {
    let each = parts.iter().enumerate();
    each.flat_map(|(number, part)| part.values.keys().map(move |key| (key.clone(), number))).collect()
}

fn change(old: Option<&Value>, new: Option<&Value>, key: &str) -> Option<Change> {
    let kind = match (old, new) {
        (None, None) => return None,
        (Some(old), Some(new)) if old.secret.is_same(&new.secret) => return None,
        (None, Some(_)) => ChangeKind::Created,
        (Some(_), None) => ChangeKind::Deleted,
        (Some(_), Some(new)) if new.rotated => ChangeKind::Rotated,
        (Some(_), Some(_)) => ChangeKind::Updated,
    };
    let secret = |value: Option<&Value>| value.map(|value| value.secret.clone());
    Some(Change { key: key.to_owned(), kind, old: secret(old), new: secret(new) })
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;

    use super::*;

    fn loaded(values: &[(&str, &str)]) -> Loaded {
        let value =
            |text: &str| Value { secret: Secret::new(text.to_owned()), rotated: text.starts_with("r") };
        let values = values.iter().map(|(key, text)| ((*key).to_owned(), value(text))).collect();
        Loaded { values, hidden: BTreeSet::new(), etag: None }
    }

    fn said(changes: &[Change]) -> Vec<(&str, ChangeKind, Option<&str>, Option<&str>)> {
        changes
            .iter()
            .map(|it| {
                (
                    it.key.as_str(),
                    it.kind,
                    it.old.as_ref().map(Secret::expose),
                    it.new.as_ref().map(Secret::expose),
                )
            })
            .collect()
    }

    #[test]
    fn what_changed_is_told_with_old_and_new() {
        let (first, changes) = Snapshot::empty(1).with(0, loaded(&[("A", "1"), ("B", "1"), ("C", "1")]));
        assert_eq!(changes.len(), 3);
        let (second, changes) = first.with(0, loaded(&[("A", "1"), ("B", "r2"), ("D", "1")]));
        assert_eq!(
            said(&changes),
            [
                ("B", ChangeKind::Rotated, Some("1"), Some("r2")),
                ("C", ChangeKind::Deleted, Some("1"), None),
                ("D", ChangeKind::Created, None, Some("1")),
            ]
        );
        assert_eq!((first.get("B").unwrap().expose(), second.get("B").unwrap().expose()), ("1", "r2"));
        assert_eq!((first.version(), second.version(), second.len()), (1, 2, 3));
        let (third, changes) = second.with(0, loaded(&[("A", "1"), ("B", "r2"), ("D", "1")]));
        assert!(changes.is_empty() && third.version() == 2);
        assert_eq!(said(&third.since(&first)), said(&second.since(&first)));
        assert_eq!(said(&second.since(&Snapshot::empty(1))).len(), 3);
        assert!(third.since(&second).is_empty());
        assert!(!format!("{changes:?}{third:?}").contains("r2"));
    }

    #[test]
    fn the_folder_that_is_named_last_counts() {
        let (one, _) = Snapshot::empty(2).with(1, loaded(&[("A", "last")]));
        let (both, changes) = one.with(0, loaded(&[("A", "first"), ("B", "1")]));
        assert_eq!(said(&changes), [("B", ChangeKind::Created, None, Some("1"))]);
        let (gone, changes) = both.with(1, loaded(&[]));
        assert_eq!(said(&changes), [("A", ChangeKind::Updated, Some("last"), Some("first"))]);
        assert_eq!(gone.iter().map(|(key, _)| key).collect::<Vec<_>>(), ["A", "B"]);
        // Of all folders in one step, what changes is what is seen in the end.
        let all = vec![(1, loaded(&[("A", "last")])), (0, loaded(&[("A", "first"), ("B", "1")]))];
        let (step, changes) = Snapshot::empty(2).with_all(all);
        assert_eq!(said(&changes), said(&both.since(&Snapshot::empty(2))));
        assert_eq!((step.version(), both.version()), (1, 2));
        assert!(step.since(&both).is_empty());
        let (same, changes) = Snapshot::empty(2).with(2, loaded(&[("A", "1")]));
        assert!(changes.is_empty() && same.version() == 0);
    }

    proptest! {
        #[test]
        fn a_look_at_the_folders_that_changed_finds_what_a_look_at_all_names_does(
            loads in vec((0..3_usize, btree_map("[A-C]", "[r1]", 0..3)), 0..8),
            seen in 0..8_usize,
        ) {
            let mut snapshots = vec![Snapshot::empty(3)];
            for (folder, values) in &loads {
                let values: Vec<_> = values.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
                snapshots.extend(snapshots.last().map(|last| last.with(*folder, loaded(&values)).0));
            }
            let (before, now) = (&snapshots[seen.min(loads.len())], &snapshots[loads.len()]);
            let all = ["A", "B", "C"].iter().filter_map(|key| change(before.value(key), now.value(key), key));
            let (all, found): (Vec<_>, _) = (all.collect(), now.since(before));
            prop_assert_eq!(said(&found), said(&all));
        }
    }
}
