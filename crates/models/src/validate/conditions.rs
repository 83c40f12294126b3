//! Conditions of cluster-scoped stores: which namespaces they surely do not allow.

use keyloom_syntax::Text;

use super::regexp::RegexpSet;
use crate::config::Store;
use crate::selector::StoreCondition;

/// What many items ask of the conditions of all stores.
pub(super) struct Conditions<'a> {
    regexps: RegexpSet<'a>,
}

impl<'a> Conditions<'a> {
    pub(super) fn of(stores: &'a [Option<Store>]) -> Self {
        let conditions = stores.iter().flatten().flat_map(|store| &store.conditions);
        let regexps = conditions.flat_map(|condition| &condition.namespace_regexes).filter_map(Text::known);
        Self { regexps: RegexpSet::of(regexps) }
    }

    /// Whether none of a store's conditions matches the namespace. A store without any serves all.
    pub(super) fn refuse(&self, store: &Store, namespace: &str) -> bool {
        !store.conditions.is_empty() && store.conditions.iter().all(|one| self.misses(one, namespace))
    }

    /// Whether a condition surely does not match; a selector of labels may.
    fn misses(&self, condition: &StoreCondition, namespace: &str) -> bool {
        let matches = |regexp: &Text| self.regexps.matches(regexp.known()?, namespace);
        condition.namespace_selector.is_none()
            && !condition.namespaces.iter().any(|name| name.known().is_none_or(|name| name == namespace))
            && condition.namespace_regexes.iter().all(|regexp| matches(regexp) == Some(false))
    }
}
