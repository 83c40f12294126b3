//! References that no namespace is known of: those of connections, which are read from wherever somebody asks for them.

use super::{Index, Resolved};
use crate::finding::{Findings, Place};
use crate::reference::SecretStoreRef;

impl Index<'_> {
    /// The store that a reference leads to when it is used where that store is. What is wrong with it for everybody is reported.
    pub(crate) fn anywhere(
        &self,
        reference: &SecretStoreRef,
        place: &Place,
        findings: &mut Findings,
    ) -> Resolved {
        let declared = reference.name.written().and_then(|name| self.by_name.get(name));
        let mut declared = declared.into_iter().flatten().filter_map(|i| self.stores[*i]);
        let home = declared.find(|store| reference.kind.is_none_or(|kind| kind == store.kind));
        let home = home.and_then(|store| store.namespace.as_ref());
        self.named(reference, home, place, findings)
    }
}
