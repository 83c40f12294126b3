//! What several environments would share without saying so: secrets in AWS, roles, states, workflows of pipelines.

use std::collections::{BTreeMap, BTreeSet};

use keyloom_syntax::{Diagnostic, Label};

use crate::code::SHARED_BY_ENVIRONMENTS;
use crate::validate::pipelines::Name;

/// What one environment has to itself.
pub(super) struct Claims {
    /// Its name; none for the base.
    pub(super) environment: Option<String>,
    pub(super) claims: Vec<Claimed>,
}

/// One thing, and where it is written.
pub(super) struct Claimed {
    /// Name of the pipeline.
    pub(super) pipeline: String,
    pub(super) names: Vec<Name>,
    pub(super) is_file: bool,
    pub(super) label: Label,
}

/// What is shared: its name here, the claim, and that of the earlier environment.
type Both<'c> = (&'c str, &'c Claimed, &'c Claimed);

/// A pipeline of an environment and the earlier environment that it shares something with.
type Pair<'c> = (Option<&'c str>, &'c str);

/// Compares each environment with those before it.
pub(super) fn shared(all: &[Claims]) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<&[String], (&Claims, &Claimed)> = BTreeMap::new();
    let mut found = Vec::new();
    for own in all {
        let mut pairs: BTreeMap<Pair<'_>, Vec<Both<'_>>> = BTreeMap::new();
        for claim in &own.claims {
            let mut known =
                claim.names.iter().filter_map(|name| Some((name, *seen.get(name.key.as_slice())?)));
            let Some((name, (other, first))) = known.next() else { continue };
            let pair = (other.environment.as_deref(), claim.pipeline.as_str());
            pairs.entry(pair).or_default().push((&name.what, claim, first));
        }
        found.extend(
            pairs.into_iter().map(|((other, _), both)| tell(own.environment.as_deref(), other, &both)),
        );
        for claim in &own.claims {
            for name in &claim.names {
                seen.entry(&name.key).or_insert((own, claim));
            }
        }
    }
    found
}

fn tell(own: Option<&str>, other: Option<&str>, both: &[Both<'_>]) -> Diagnostic {
    let live: Vec<_> = both.iter().filter(|(_, claim, _)| !claim.is_file).collect();
    let shown = if live.is_empty() { both.iter().collect() } else { live.clone() };
    let (own, other) = (named(own), named(other));
    let whose: BTreeSet<_> = shown.iter().map(|(_, claim, _)| claim.pipeline.as_str()).collect();
    let whose: Vec<_> = whose.into_iter().map(|name| format!("`{name}`")).collect();
    let what = match shown.as_slice() {
        [] => String::new(),
        [(one, ..)] => format!("the {one}"),
        [(one, ..), (two, ..)] => format!("the {one} and the {two}"),
        [(one, ..), rest @ ..] => format!("the {one} and {} things more", rest.len()),
    };
    let message = format!("in pipeline {}, {other} and {own} share {what}", whose.join(", "));
    let mut diagnostic = if live.is_empty() {
        Diagnostic::warning(SHARED_BY_ENVIRONMENTS, message)
            .why("rendering one overwrites what the other needs")
            .fix("write another `github: {branch: ...}` in one, or declare a pipeline for each")
    } else {
        Diagnostic::error(SHARED_BY_ENVIRONMENTS, message)
            .why("what one writes or deletes, the other loses")
            .fix("write what differs under `environments`, such as `aws: {prefix: ..., writerRoleName: ...}` and the place of the state; or `aws: {sharedByEnvironments: true}` if that is meant")
    };
    if let Some((_, claim, first)) = shown.first() {
        diagnostic.primary = claim.label.clone();
        if first.label.span != claim.label.span {
            diagnostic.secondary.push(Label { text: format!("that of {other}"), ..first.label.clone() });
        }
    }
    diagnostic
}

fn named(environment: Option<&str>) -> String {
    environment.map_or_else(|| "the base".to_owned(), |name| format!("environment `{name}`"))
}
