//! What several environments would share without saying so: secrets in AWS, roles, states, workflows of pipelines.

use std::collections::{BTreeMap, BTreeSet};

use keyloom_syntax::{Diagnostic, Label};

use super::locate::Places;
use super::plan::Plan;
use crate::code::SHARED_BY_ENVIRONMENTS;
use crate::config::Config;
use crate::validate::pipelines::{Claim, claims};

/// What one environment has to itself.
pub(super) struct Claims<'t> {
    /// Its name; none for the base.
    environment: Option<String>,
    claims: Vec<Claim>,
    places: Places<'t>,
}

impl<'t> Claims<'t> {
    /// Of one that is valid and read in full; of others nothing is known.
    pub(super) fn new(plan: &Plan, config: Option<&Config>, places: Places<'t>) -> Self {
        let whole = config.filter(|_| !plan.partial);
        let claims = whole.map(claims).unwrap_or_default();
        Self { environment: plan.environment.clone(), claims, places }
    }
}

/// A claim, and whose it is.
type Claimed<'c> = (&'c Claims<'c>, &'c Claim);

/// What is shared: its name here, the claim, and that of the earlier environment.
type Both<'c> = (&'c str, Claimed<'c>, Claimed<'c>);

/// A pipeline of an environment and the earlier environment that it shares something with.
type Pair<'c> = (Option<&'c str>, &'c str);

/// Compares each environment with those before it.
pub(super) fn shared(all: &[Claims<'_>]) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<&[String], Claimed<'_>> = BTreeMap::new();
    let mut found = Vec::new();
    for own in all {
        let mut pairs: BTreeMap<Pair<'_>, Vec<Both<'_>>> = BTreeMap::new();
        for claim in &own.claims {
            let mut known =
                claim.names.iter().filter_map(|name| Some((name, *seen.get(name.key.as_slice())?)));
            let Some((name, first)) = known.next() else { continue };
            let pair = (first.0.environment.as_deref(), claim.pipeline.as_str());
            pairs.entry(pair).or_default().push((&name.what, (own, claim), first));
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
    let live: Vec<_> = both.iter().filter(|(_, (_, claim), _)| !claim.is_file).collect();
    let shown = if live.is_empty() { both.iter().collect() } else { live.clone() };
    let (own, other) = (named(own), named(other));
    let whose: BTreeSet<_> = shown.iter().map(|(_, (_, claim), _)| claim.pipeline.as_str()).collect();
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
    if let Some((_, claimed, first)) = shown.first() {
        diagnostic.primary = label(claimed);
        let first = label(first);
        if first.span != diagnostic.primary.span {
            diagnostic.secondary.push(Label { text: format!("that of {other}"), ..first });
        }
    }
    diagnostic
}

/// Where a claim is written: looked up for the few that are told.
fn label((own, claim): &Claimed<'_>) -> Label {
    own.places.label(&claim.place)
}

fn named(environment: Option<&str>) -> String {
    environment.map_or_else(|| "the base".to_owned(), |name| format!("environment `{name}`"))
}
