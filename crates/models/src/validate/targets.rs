//! Secrets and their keys: one owner each, each key once.

use indexmap::IndexMap;
use keyloom_syntax::Text;

use super::shown;
use crate::config::ExternalSecret;
use crate::finding::{Findings, List, Place};
use crate::policy::CreationPolicy;

/// Two external secrets may not own one Secret.
pub(super) fn check(made: &[Option<ExternalSecret>], findings: &mut Findings) {
    let mut seen: IndexMap<(Option<&str>, &str), usize> = IndexMap::new();
    for (index, item) in made.iter().enumerate() {
        let Some(item) = item else { continue };
        let Some(target) = item.target.name.written() else { continue };
        if !item.target.writes_a_secret() {
            continue;
        }
        let first = *seen.entry((item.namespace.as_ref().and_then(Text::written), target)).or_insert(index);
        if first == index {
            continue;
        }
        let Some(other) = made[first].as_ref() else { continue };
        report(target, index, item, first, other, findings);
    }
}

fn report(
    target: &str,
    index: usize,
    item: &ExternalSecret,
    first: usize,
    other: &ExternalSecret,
    findings: &mut Findings,
) {
    let merges = |policy| matches!(policy, CreationPolicy::Merge | CreationPolicy::CreateOrMerge);
    let (mine, theirs) = (item.target.creation_policy, other.target.creation_policy);
    // One owner and others that merge their keys into its Secret live together.
    if merges(mine) || merges(theirs) {
        return;
    }
    findings
        .error("two-owners", Place::item(List::ExternalSecrets, index).at("targetSecretName"), format!("Secret `{target}` is written by two external secrets"))
        .label("also written here")
        .why("the second one fails at every sync, or the two overwrite each other")
        .fix("give one another `targetSecretName`, put both into one external secret, or let one say `creationPolicy: Merge`")
        .and(Place::item(List::ExternalSecrets, first).at("targetSecretName"), format!("written here by `{}`", shown(&other.name)));
}
