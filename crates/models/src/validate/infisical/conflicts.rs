//! Destinations with two owners: two syncs, or a sync and a push secret of the operator.

use std::collections::BTreeMap;

use keyloom_syntax::Text;

use super::reach::{Enabled, Same, account, account_of, same};
use crate::code;
use crate::config::infisical::{AppConnection, Destination};
use crate::finding::{Findings, List, Place};
use crate::policy::AwsService;
use crate::store::aws::AwsConfig;
use crate::validate::world::{Push, World, full_name};

/// Two syncs that claim one name in one place.
pub(super) fn syncs(all: &[Enabled<'_>], connections: &[Option<AppConnection>], findings: &mut Findings) {
    let mut by_container: BTreeMap<Vec<String>, Vec<&Enabled<'_>>> = BTreeMap::new();
    for sync in all {
        if let Some(container) = sync.container() {
            by_container.entry(container).or_default().push(sync);
        }
    }
    for together in by_container.values() {
        for (i, sync) in together.iter().enumerate() {
            let first = together[..i].iter().map(|other| (*other, both(sync, other, connections)));
            if let Some((other, reach)) =
                first.filter(|(_, reach)| *reach != Same::No).max_by_key(|(_, reach)| *reach)
            {
                two_syncs(sync, other, reach, findings);
            }
        }
    }
}

fn both(a: &Enabled<'_>, b: &Enabled<'_>, connections: &[Option<AppConnection>]) -> Same {
    match (a.claim(), b.claim()) {
        (Some(own), Some(others)) if own.meets(&others) => a.account(b, connections),
        _ => Same::No,
    }
}

fn two_syncs(sync: &Enabled<'_>, other: &Enabled<'_>, reach: Same, findings: &mut Findings) {
    let place = Place::item(List::SecretSyncs, sync.number).at("destinationConfig");
    let message = |verb: &str| {
        format!(
            "syncs `{}` and `{}` {verb} the same names of {}",
            sync.sync.name.shown(),
            other.sync.name.shown(),
            sync.sync.kind().title()
        )
    };
    let finding = match reach {
        Same::Yes => findings.error(code::DUPLICATE_DESTINATION, place, message("write")),
        Same::Unknown | Same::No => {
            findings.warning(code::DUPLICATE_DESTINATION, place, message("may write"))
        }
    };
    finding
        .why("each overwrites what the other wrote, and deletes what it did not")
        .fix("give one another destination, or each a `keySchema` of its own that cannot meet the other's")
        .and(Place::item(List::SecretSyncs, other.number).at("destinationConfig"), "the other");
}

/// A sync and a push secret that write one secret of AWS.
pub(super) fn pushes(
    all: &[Enabled<'_>],
    connections: &[Option<AppConnection>],
    world: &World<'_>,
    findings: &mut Findings,
) {
    let in_aws: Vec<_> = all.iter().filter(|sync| sync.sync.kind().is_aws()).collect();
    if in_aws.is_empty() {
        return;
    }
    for push in world.pushes() {
        for (name, place) in push.remote_keys() {
            for store in
                push.item.stores.iter().filter_map(|store| world.aws(store, push.item.namespace.as_ref()))
            {
                let Some(name) = full_name(store, name) else { continue };
                let met =
                    in_aws.iter().find_map(|sync| Some((*sync, meets(sync, store, &name, connections)?)));
                if let Some((sync, reach)) = met {
                    two_writers(sync, &push, &name, reach, &place, findings);
                }
            }
        }
    }
}

/// Whether a sync writes a secret of that store; none if surely not.
fn meets(
    sync: &Enabled<'_>,
    store: &AwsConfig,
    name: &str,
    connections: &[Option<AppConnection>],
) -> Option<Same> {
    let (service, region) = match &sync.sync.destination {
        Destination::AwsSecretsManager { region, .. } => (AwsService::SecretsManager, region),
        Destination::AwsParameterStore { region, .. } => (AwsService::ParameterStore, region),
        _ => return None,
    };
    let here = store.service == service && region.known()? == store.region.known()?;
    if !here || !sync.writes(name) {
        return None;
    }
    let own = store.role.as_ref().and_then(Text::known).and_then(account_of);
    match same(account(&sync.sync.connection, connections).as_deref(), own) {
        Same::No => None,
        reach => Some(reach),
    }
}

fn two_writers(
    sync: &Enabled<'_>,
    push: &Push<'_>,
    name: &str,
    reach: Same,
    place: &Place,
    findings: &mut Findings,
) {
    let title = sync.sync.kind().title();
    let (own, pushed) = (sync.sync.name.shown(), push.item.name.shown());
    let message = |verb: &str| format!("push secret `{pushed}` and sync `{own}` {verb} `{name}` of {title}");
    let finding = match reach {
        Same::Yes => findings.error(code::TWO_WRITERS, place.clone(), message("both write")),
        Same::Unknown | Same::No => {
            findings.warning(code::TWO_WRITERS, place.clone(), message("may both write"))
        }
    };
    finding
        .why("each undoes what the other wrote")
        .fix("let one of the two own it")
        .and(Place::item(List::SecretSyncs, sync.number).at("destinationConfig"), "the sync writes here");
}
