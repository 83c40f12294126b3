//! Which fields an unknown one stands for: by its spelling, or because it is called so elsewhere.

use super::words;
use crate::schema::ObjectRules;
use crate::suggest::suggest;
use crate::view::View;

/// Whose words `x-aliases` are.
const UPSTREAM: &str = "ESO";

/// The fields that were meant; they are not reported as missing again.
#[derive(Default)]
pub(super) struct Meant<'s> {
    pub(super) fields: Vec<&'s str>,
    /// What upstream calls them.
    aliases: Vec<&'s str>,
}

impl<'s> Meant<'s> {
    /// What is meant by the unknown field `key`.
    pub(super) fn by<V: View>(rules: &'s ObjectRules, key: &str, value: V) -> Self {
        let mut meant = Self::default();
        let named = rules.aliases.iter().filter(|alias| first_step(&alias.name).0 == key);
        // Of `remoteRef.key` and `remoteRef.property` those that are there, or the first of all.
        let there = |step: Option<&str>| step.is_none_or(|step| value.get(step).is_some());
        let mut found: Vec<_> = named.clone().filter(|alias| there(first_step(&alias.name).1)).collect();
        if found.is_empty() {
            found.extend(named.take(1));
        }
        for alias in found {
            meant.fields.push(&rules.slots[alias.slot as usize].name);
            meant.aliases.push(&alias.name);
        }
        if meant.fields.is_empty() {
            meant.fields.extend(suggest(key, rules.known()));
        }
        meant
    }

    /// The words beside the caret, when something was meant.
    pub(super) fn words(&self) -> Option<String> {
        let all =
            |names: &[&str]| words::both(&names.iter().map(|name| words::quoted(name)).collect::<Vec<_>>());
        match (self.fields.is_empty(), self.aliases.is_empty()) {
            (true, _) => None,
            (false, true) => Some(format!("did you mean {}?", all(&self.fields))),
            (false, false) => {
                Some(format!("did you mean {}? ({UPSTREAM}'s {})", all(&self.fields), all(&self.aliases)))
            }
        }
    }
}

fn first_step(name: &str) -> (&str, Option<&str>) {
    name.split_once('.').map_or((name, None), |(first, rest)| (first, Some(rest)))
}
