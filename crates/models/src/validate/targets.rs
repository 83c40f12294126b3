//! Secrets and their keys: one owner each, each key once.

use indexmap::IndexMap;
use keyloom_syntax::Text;

use super::shown;
use crate::config::{DataEntry, ExternalSecret};
use crate::finding::{Findings, List, Place};
use crate::policy::CreationPolicy;

/// Two external secrets may not own one Secret, and those that merge their keys into it may not write a key that
/// another one writes. `complete` is false when some external secret is not among those made.
pub(super) fn check(made: &[Option<ExternalSecret>], complete: bool, findings: &mut Findings) {
    let mut writers: IndexMap<(Option<&str>, &str), Vec<Writer<'_>>> = IndexMap::new();
    for (index, item) in made.iter().enumerate() {
        let Some(item) = item else { continue };
        let Some(target) = item.target.name.written() else { continue };
        if !item.target.writes_a_secret() {
            continue;
        }
        let secret = (item.namespace.as_ref().and_then(Text::written), target);
        writers.entry(secret).or_default().push((index, item));
    }
    // Where a later tool fills in a name, it may be that of any Secret.
    let complete = complete && made.iter().flatten().all(|item| item.target.name.known().is_some());
    // A namespace that is left out is filled in later, and may be any.
    let elsewhere = |namespace: Option<&str>, target: &str| {
        let mut others = writers.keys().filter(|(other, name)| *name == target && *other != namespace);
        others.any(|(other, _)| other.is_none() || namespace.is_none())
    };
    for ((namespace, target), own) in &writers {
        let Some((first, rest)) = own.split_first() else { continue };
        rest.iter().for_each(|writer| owners(target, *writer, *first, findings));
        let merging = |writer: &Writer<'_>| merges(writer.1.target.creation_policy);
        if !rest.is_empty() && own.iter().any(merging) {
            keys(own, findings);
        }
        let needs = |writer: &Writer<'_>| writer.1.target.creation_policy == CreationPolicy::Merge;
        if complete && own.iter().all(needs) && !elsewhere(*namespace, target) {
            without_owner(target, *first, findings);
        }
    }
}

/// An external secret and its number.
type Writer<'a> = (usize, &'a ExternalSecret);

fn merges(policy: CreationPolicy) -> bool {
    matches!(policy, CreationPolicy::Merge | CreationPolicy::CreateOrMerge)
}

/// Keys that several writers of one Secret surely write, at least one of them by merging.
fn keys(writers: &[Writer<'_>], findings: &mut Findings) {
    let mut seen: IndexMap<String, Writer<'_>> = IndexMap::new();
    for writer in writers {
        for key in writer.1.keys().known.iter().filter_map(Text::known) {
            let Some(first) = seen.get(key) else {
                seen.insert(key.to_owned(), *writer);
                continue;
            };
            let merged = merges(writer.1.target.creation_policy) || merges(first.1.target.creation_policy);
            // Twice in one external secret is told there.
            if first.0 == writer.0 || !merged {
                continue;
            }
            let name = shown(&writer.1.target.name);
            findings
                .error(
                    "duplicate-secret-key",
                    key_place(*writer, key),
                    format!("key `{key}` of Secret `{name}` is written by two external secrets"),
                )
                .label("also written here")
                .why("each sync of one overwrites the other's value")
                .fix("rename or remove one")
                .and(key_place(*first, key), format!("written here by `{}`", shown(&first.1.name)));
        }
    }
}

/// Where an external secret says the key, as nearly as it is known.
fn key_place((index, item): Writer<'_>, key: &str) -> Place {
    let place = Place::item(List::ExternalSecrets, index);
    if item.made.constants.contains_key(key) {
        return place.at("constants").at(key.to_owned());
    }
    // A reference with `keys` is several entries of one path: the numbers after it are no longer those written.
    let of_one = |pair: &[DataEntry]| pair[0].remote.key == pair[1].remote.key;
    let spread = item.data.windows(2).any(of_one);
    let at = item.data.iter().position(|entry| entry.secret_key == key).filter(|_| !spread);
    at.map_or(place.clone(), |at| place.at("data").at(at).at("key"))
}

/// The Secret must be there before keys can be merged into it.
fn without_owner(target: &str, (index, item): Writer<'_>, findings: &mut Findings) {
    let place = item.namespace.as_ref().map_or(String::new(), |it| format!(" in namespace `{}`", shown(it)));
    findings
        .note(
            "merge-without-owner",
            Place::item(List::ExternalSecrets, index).at("creationPolicy"),
            format!("no external secret makes Secret `{target}`{place}"),
        )
        .why("`Merge` adds keys to a Secret that is there; until it is, the operator writes nothing and still says Ready")
        .fix("leave `creationPolicy` out, unless somebody else makes the Secret");
}

/// One owner and others that merge their keys into its Secret live together; two owners do not.
fn owners(target: &str, (index, item): Writer<'_>, (first, other): Writer<'_>, findings: &mut Findings) {
    if merges(item.target.creation_policy) || merges(other.target.creation_policy) {
        return;
    }
    findings
        .error("two-owners", Place::item(List::ExternalSecrets, index).at("targetSecretName"), format!("Secret `{target}` is written by two external secrets"))
        .label("also written here")
        .why("the second one fails at every sync, or the two overwrite each other")
        .fix("give one another `targetSecretName`, put both into one external secret, or let one say `creationPolicy: Merge`")
        .and(Place::item(List::ExternalSecrets, first).at("targetSecretName"), format!("written here by `{}`", shown(&other.name)));
}
