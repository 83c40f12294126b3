//! App connections and secret syncs: what is made in Infisical, and what must not be.

use keyloom_syntax::Text;

use crate::app_connection::AppConnectionConfig;
use crate::config::infisical::{Access, AppConnection, SecretSync};
use crate::document::{Item, SetAside};
use crate::finding::{Findings, List, Place};
use crate::infisical::InfisicalAccess;
use crate::policy::LoginMethod;
use crate::secret_sync::SecretSyncConfig;

mod connections;
mod credentials;
mod destinations;
mod plain;
mod syncs;

use connections::Connections;

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
    findings: &mut Findings,
) -> Made {
    let connections: Vec<_> = connections.into_iter().map(|item| item.value).collect();
    let syncs: Vec<_> = syncs.into_iter().map(|item| item.value).collect();
    let index = Connections::new(&connections, &syncs, set_aside);
    let made: Vec<_> = connections
        .iter()
        .enumerate()
        .filter_map(|(i, item)| {
            let made = connections::make(item, &Place::item(List::AppConnections, i), findings);
            made.filter(|_| index.is_made(i))
        })
        .collect();
    let syncs = syncs
        .iter()
        .enumerate()
        .filter_map(|(i, item)| {
            let made = syncs::make(item, &index, &Place::item(List::SecretSyncs, i), findings);
            made.filter(|_| item.enabled)
        })
        .collect();
    Made { access: self::access(&access), connections: made, syncs }
}

/// Where all this is: an address without what clients put behind it themselves.
fn access(written: &InfisicalAccess) -> Access {
    let host = present(written.host.as_ref()).map(|host| match host.known() {
        Some(known) => {
            let known = known.trim_end_matches('/');
            Text::from(known.strip_suffix("/api").unwrap_or(known)).with_origins(host.origins().clone())
        }
        None => host,
    });
    Access { host, auth: written.auth.unwrap_or(LoginMethod::Universal) }
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
