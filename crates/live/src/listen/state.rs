//! What whoever asks is told: the secrets of now, and which names changed since when.

use std::collections::VecDeque;
use std::fmt::Write;
use std::io;
use std::sync::Arc;

use keyloom_runtime::{ChangeKind, Snapshot};
use tokio::sync::watch;

/// So many changes are remembered; whoever has slept for longer reads everything anew.
const MOST: usize = 4096;

/// The newest secrets, and what led to them.
#[derive(Debug)]
pub(crate) struct State {
    /// Tells versions of this run from those of another.
    run: String,
    now: watch::Sender<Now>,
}

/// One moment of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Now {
    pub(crate) snapshot: Arc<Snapshot>,
    events: Arc<VecDeque<Event>>,
    /// Changes up to this version are not remembered any more.
    forgotten: u64,
}

/// A name that changed. Never a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    /// The version that it led to.
    pub(crate) version: u64,
    pub(crate) key: String,
    pub(crate) kind: ChangeKind,
}

/// What happened since a version.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Since {
    /// These names changed, oldest first.
    Changed(Vec<Event>),
    /// Nobody knows: it is a version of another run, or too old.
    Unknown,
}

impl State {
    /// Nothing yet.
    ///
    /// # Errors
    /// A system without random numbers.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self { run: random_hex::<4>()?, now: watch::Sender::default() })
    }

    /// What is now; its receiver learns of what comes.
    pub(crate) fn watch(&self) -> watch::Receiver<Now> {
        self.now.subscribe()
    }

    /// Takes newer secrets, and answers with the names that changed.
    pub(crate) fn publish(&self, snapshot: Arc<Snapshot>) -> Vec<Event> {
        let mut new = Vec::new();
        self.now.send_modify(|now| {
            let version = snapshot.version();
            let changes = snapshot.since(&now.snapshot).into_iter();
            new.extend(changes.map(|it| Event { version, key: it.key, kind: it.kind }));
            // What is there from the beginning is no change.
            match now.snapshot.version() {
                0 => now.forgotten = version,
                _ => now.remember(new.iter().cloned()),
            }
            now.snapshot = snapshot;
        });
        new
    }

    /// How a version is written.
    pub(crate) fn spell(&self, version: u64) -> String {
        format!("{}.{version}", self.run)
    }

    /// The version that a text means, if it is one of this run.
    pub(crate) fn read(&self, text: &str) -> Option<u64> {
        let (run, version) = text.split_once('.')?;
        (run == self.run).then(|| version.parse().ok())?
    }
}

impl Now {
    /// What happened since a version.
    pub(crate) fn since(&self, version: u64) -> Since {
        if version < self.forgotten || version > self.snapshot.version() {
            return Since::Unknown;
        }
        Since::Changed(self.events.iter().filter(|event| event.version > version).cloned().collect())
    }

    fn remember(&mut self, events: impl IntoIterator<Item = Event>) {
        let all = Arc::make_mut(&mut self.events);
        all.extend(events);
        while all.len() > MOST {
            self.forgotten = all.pop_front().map_or(self.forgotten, |event| event.version);
        }
    }
}

/// So many random bytes, in hexadecimal digits.
///
/// # Errors
/// A system that has none.
pub(crate) fn random_hex<const BYTES: usize>() -> io::Result<String> {
    let mut bytes = [0; BYTES];
    let mut have = 0;
    while have < BYTES {
        have += rustix::rand::getrandom(&mut bytes[have..], rustix::rand::GetRandomFlags::empty())?;
    }
    Ok(bytes.iter().fold(String::with_capacity(2 * BYTES), |mut text, byte| {
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    }))
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::BTreeSet;

    use keyloom_runtime::{Loaded, Secret, Value};

    use super::*;

    /// The snapshot that follows, with these secrets.
    pub(crate) fn next(before: &Snapshot, values: &[(&str, &str)]) -> Arc<Snapshot> {
        let value = |text: &str| Value { secret: Secret::new(text.to_owned()), rotated: false };
        let values = values.iter().map(|(key, text)| ((*key).to_owned(), value(text))).collect();
        Arc::new(before.with(0, Loaded { values, hidden: BTreeSet::new(), etag: None }).0)
    }

    fn names(since: &Since) -> Option<Vec<(u64, &str)>> {
        match since {
            Since::Unknown => None,
            Since::Changed(events) => Some(events.iter().map(|it| (it.version, it.key.as_str())).collect()),
        }
    }

    #[test]
    fn changes_are_told_from_a_version_on() {
        let state = State::new().unwrap();
        let first = next(&Snapshot::empty(1), &[("A", "1"), ("B", "1")]);
        assert_eq!(state.publish(first.clone()).len(), 2);
        let second = next(&first, &[("A", "2"), ("B", "1")]);
        state.publish(second.clone());
        state.publish(next(&second, &[("A", "3"), ("C", "1")]));
        let now = state.watch().borrow().clone();
        assert_eq!(names(&now.since(1)), Some(vec![(2, "A"), (3, "A"), (3, "B"), (3, "C")]));
        assert_eq!(names(&now.since(2)), Some(vec![(3, "A"), (3, "B"), (3, "C")]));
        assert_eq!(names(&now.since(3)), Some(vec![]));
        assert_eq!((names(&now.since(0)), names(&now.since(4))), (None, None));
        assert_eq!(state.read(&state.spell(3)), Some(3));
        for text in ["", "3", "0.3", &format!("{}.", state.run), &format!("{}.x", state.run)] {
            assert_eq!(state.read(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_forgotten_is_not_taken_for_nothing() {
        let state = State::new().unwrap();
        let mut snapshot = next(&Snapshot::empty(1), &[("A", "0")]);
        state.publish(snapshot.clone());
        for number in 1..=MOST + 1 {
            snapshot = next(&snapshot, &[("A", &number.to_string())]);
            state.publish(snapshot.clone());
        }
        let now = state.watch().borrow().clone();
        assert_eq!((names(&now.since(1)), names(&now.since(2)).map(|it| it.len())), (None, Some(MOST)));
    }

    #[test]
    fn random_digits_differ() {
        let [one, two] = [(); 2].map(|()| random_hex::<32>().unwrap());
        assert!(one != two && one.len() == 64);
    }
}
