//! App connections and secret syncs: what is made in Infisical, and what must not be.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use keyloom_syntax::Text;

use crate::app_connection::AppConnectionConfig;
use crate::code;
use crate::config::infisical::{Access, AppConnection, SecretSync};
use crate::document::{Item, SetAside};
use crate::finding::{Findings, List, Place};
use crate::infisical::InfisicalAccess;
use crate::policy::LoginMethod;
use crate::secret_sync::SecretSyncConfig;
use crate::validate::world::World;

mod addresses;
mod conflicts;
mod connections;
mod credentials;
mod destinations;
mod held;
mod logins;
mod loops;
mod names;
mod options;
mod piped;
mod plain;
mod reach;
mod syncs;

use connections::Connections;
use reach::Enabled;

pub(super) use reach::account_of;

/// What is made.
pub(super) struct Made {
    pub(super) access: Access,
    pub(super) connections: Vec<AppConnection>,
    pub(super) syncs: Vec<SecretSync>,
}

/// Makes what is enabled, and says what is wrong, of what is not enabled too.
pub(super) fn make(
    access: InfisicalAccess,
    connections: Vec<Item<AppConnectionConfig>>,
    syncs: Vec<Item<SecretSyncConfig>>,
    set_aside: &[SetAside],
    world: &World<'_>,
    findings: &mut Findings,
) -> Made {
    let in_text: Vec<_> = connections.iter().map(|item| item.place.is_some()).collect();
    let connections: Vec<_> = connections.into_iter().map(|item| item.value).collect();
    let syncs: Vec<_> = syncs.into_iter().map(|item| item.value).collect();
    let index = Connections::new(&connections, &syncs, set_aside);
    let made = connections.iter().enumerate().map(|(i, item)| {
        let needed = index.is_made(i);
        let made = connections::make(item, needed, &Place::item(List::AppConnections, i), findings);
        made.filter(|_| needed)
    });
    let made: Vec<_> = made.collect();
    labels(List::AppConnections, connections.iter().map(|item| &item.name), findings);
    let written: Vec<_> = syncs
        .iter()
        .enumerate()
        .map(|(i, item)| syncs::make(item, &index, &Place::item(List::SecretSyncs, i), findings))
        .collect();
    labels(List::SecretSyncs, syncs.iter().map(|item| &item.name), findings);
    index.unused(&in_text, findings);
    let access_place = Place::item(List::Infisical, 0);
    addresses::host(access.host.as_ref(), &access_place.at("host"), findings);
    let access = self::access(&access);
    let enabled: Vec<_> = written.iter().enumerate().filter(|(i, _)| syncs[*i].enabled).collect();
    let known = enabled.iter().filter_map(|(number, made)| {
        let made = made.as_ref()?;
        Some(Enabled { number: *number, sync: &made.sync, names: made.names()? })
    });
    let known: Vec<_> = known.collect();
    // What a connection leads to is not known where it could not be made; its syncs are judged when it is mended.
    let good: Vec<_> =
        known.iter().copied().filter(|known| connections::is_there(known.sync, &made)).collect();
    conflicts::syncs(&good, &made, findings);
    conflicts::pushes(&good, &made, world, findings);
    piped::check(&good, &made, world, findings);
    loops::check(&known, &access, world, findings);
    let enabled = written.into_iter().zip(&syncs).filter(|(_, item)| item.enabled);
    let syncs = enabled.filter_map(|(made, _)| Some(made?.sync));
    let (connections, syncs) = connections::numbered(made, syncs);
    Made { access, connections, syncs }
}

/// Labels of Terraform stand once. Slugs keep theirs apart; names with placeholders may not.
fn labels<'a>(list: List, names: impl Iterator<Item = &'a Text>, findings: &mut Findings) {
    let mut seen: BTreeMap<String, (usize, &Text)> = BTreeMap::new();
    for (i, name) in names.enumerate() {
        if name.written().is_none() {
            continue;
        }
        match seen.entry(label(name)) {
            Entry::Vacant(free) => _ = free.insert((i, name)),
            Entry::Occupied(taken) => {
                let (first, other) = *taken.get();
                if other.written() == name.written() {
                    continue;
                }
                findings
                    .error(
                        code::LABEL_TAKEN,
                        Place::item(list, i).at("name"),
                        format!("`{}` and `{}` have one label in Terraform", name.shown(), other.shown()),
                    )
                    .fix("rename one")
                    .and(Place::item(list, first).at("name"), "the other");
            }
        }
    }
}

/// Where all this is: an address without what clients put behind it themselves.
fn access(written: &InfisicalAccess) -> Access {
    let host = present(written.host.as_ref()).map(|host| match host.known() {
        Some(known) => Text::from(origin(known)).with_origins(host.origins().clone()),
        None => host,
    });
    Access { host, auth: written.auth.unwrap_or(LoginMethod::Universal) }
}

/// An address without `/` or `/api` at its end: clients put that behind it themselves, or not.
fn origin(written: &str) -> &str {
    let whole = written.trim_end_matches('/');
    whole.strip_suffix("/api").unwrap_or(whole)
}

/// What is said; what is empty is not.
fn present(text: Option<&Text>) -> Option<Text> {
    text.filter(|text| !text.is_empty()).cloned()
}

/// The label of a resource in Terraform: the name with `_` for what a label cannot hold, and before a digit.
fn label(name: &Text) -> String {
    let written = name.written().unwrap_or_default();
    let legal = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let digit = written.starts_with(|c: char| c.is_ascii_digit());
    digit.then_some('_').into_iter().chain(written.chars().map(legal)).collect()
}
