//! [`OriginTable`]: which resources the numbers of [`Origins`] stand for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use keyloom_syntax::{Origins, Text};
use keyloom_wire::property::Urn;
use tokio::sync::watch;

/// The resources that the texts of one Construct call, or of one program, derive from.
///
/// A resource that is about to be registered has its number before it has a URN, so that a program can hand its outputs on
/// at once; whoever registers something that derives from it waits. Clones share one table.
#[derive(Clone, Debug)]
pub struct OriginTable(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    construct: u64,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    known: BTreeMap<Urn, u32>,
    slots: Vec<watch::Sender<Slot>>,
}

#[derive(Clone, Debug)]
enum Slot {
    Pending,
    Registered(Urn),
    Failed,
}

/// A resource that something derives from was not registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a resource that it derives from was not registered")]
pub struct NotRegistered;

impl OriginTable {
    /// An empty table with a number of its own, so that its origins are never taken for those of another.
    pub fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let construct = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(Arc::new(Shared { construct, inner: Mutex::default() }))
    }

    /// The number of a resource whose URN is known.
    pub fn known(&self, urn: &Urn) -> u32 {
        let mut inner = self.inner();
        if let Some(id) = inner.known.get(urn) {
            return *id;
        }
        let id = inner.add(Slot::Registered(Urn::clone(urn)));
        inner.known.insert(Urn::clone(urn), id);
        id
    }

    /// A number for a resource that is about to be registered.
    pub fn reserve(&self) -> u32 {
        self.inner().add(Slot::Pending)
    }

    /// The resource of a reserved number is registered.
    pub fn registered(&self, id: u32, urn: Urn) {
        self.settle(id, Slot::Registered(urn));
    }

    /// The resource of a reserved number will never be registered. Without effect on one that is.
    pub fn failed(&self, id: u32) {
        self.settle(id, Slot::Failed);
    }

    /// Those numbers as origins of texts.
    pub fn origins(&self, ids: impl IntoIterator<Item = u32>) -> Origins {
        Origins::of(self.0.construct, ids.into_iter().collect())
    }

    /// The numbers that a text derives from; none for those of another table.
    pub fn ids<'t>(&self, text: &'t Text) -> &'t [u32] {
        text.origins().ids(self.0.construct)
    }

    /// The URNs of those numbers, when all are registered.
    ///
    /// # Errors
    /// One of them failed.
    pub async fn urns(&self, ids: impl IntoIterator<Item = u32>) -> Result<BTreeSet<Urn>, NotRegistered> {
        let slots: Vec<_> = {
            let inner = self.inner();
            ids.into_iter()
                .filter_map(|id| inner.slots.get(id as usize))
                .map(watch::Sender::subscribe)
                .collect()
        };
        let mut urns = BTreeSet::new();
        for mut slot in slots {
            let settled = slot.wait_for(|slot| !matches!(slot, Slot::Pending)).await;
            match settled.as_deref() {
                Ok(Slot::Registered(urn)) => urns.insert(Urn::clone(urn)),
                Ok(Slot::Pending | Slot::Failed) | Err(_) => return Err(NotRegistered),
            };
        }
        Ok(urns)
    }

    fn settle(&self, id: u32, to: Slot) {
        if let Some(slot) = self.inner().slots.get(id as usize) {
            slot.send_if_modified(|slot| {
                let pending = matches!(slot, Slot::Pending);
                if pending {
                    *slot = to;
                }
                pending
            });
        }
    }

    /// Nothing in here can panic half way, so a poisoned lock holds no broken table.
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// More resources than numbers cannot be: a program would need petabytes for their names.
    fn add(&mut self, slot: Slot) -> u32 {
        self.slots.push(watch::Sender::new(slot));
        u32::try_from(self.slots.len() - 1).unwrap_or(u32::MAX)
    }
}

/// Numbers of resources that are being registered: whoever waits for one that never is learns it, however that ends.
pub(crate) struct Reserved {
    origins: OriginTable,
    ids: Vec<u32>,
}

impl Reserved {
    /// Those numbers.
    pub(crate) fn of(origins: &OriginTable, ids: impl IntoIterator<Item = u32>) -> Self {
        Self { origins: origins.clone(), ids: ids.into_iter().collect() }
    }

    /// A number for one more resource.
    pub(crate) fn one(origins: &OriginTable) -> (Self, u32) {
        let id = origins.reserve();
        (Self::of(origins, [id]), id)
    }

    /// That one is there.
    pub(crate) fn registered(&self, id: u32, urn: &Urn) {
        self.origins.registered(id, Urn::clone(urn));
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        self.ids.iter().for_each(|id| self.origins.failed(*id));
    }
}

impl Default for OriginTable {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_number_comes_before_its_urn() {
        let table = OriginTable::new();
        let bucket = table.known(&Urn::from("urn:bucket"));
        assert_eq!(table.known(&Urn::from("urn:bucket")), bucket);
        let store = table.reserve();
        let text = Text::from("a").with_origins(table.origins([store, bucket]));
        assert_eq!(table.ids(&text), [bucket, store]);
        assert!(OriginTable::new().ids(&text).is_empty());
        let (urns, ()) = tokio::join!(table.urns([bucket, store]), async {
            tokio::task::yield_now().await;
            table.registered(store, Urn::from("urn:store"));
        });
        table.failed(store);
        let names = ["urn:bucket", "urn:store"].map(Urn::from);
        assert_eq!(urns, Ok(BTreeSet::from(names.clone())));
        assert_eq!(table.urns([bucket, store]).await, Ok(BTreeSet::from(names)));
        let lost = table.reserve();
        table.failed(lost);
        assert_eq!(table.urns([store, lost]).await, Err(NotRegistered));
    }
}
