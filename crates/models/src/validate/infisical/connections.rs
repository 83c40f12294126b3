//! App connections: each by itself, and what syncs find of them.

use std::collections::BTreeMap;

use keyloom_syntax::Text;
use keyloom_syntax::suggest::suggest;

use super::{addresses, credentials, held, label, logins, plain, present};
use crate::app_connection::{App, AppConnectionConfig, AppCredentials, Connection, DeclaredConnection};
use crate::code;
use crate::config::infisical::{
    AppConnection, ConnectionOrigin, ConnectionRef, DeclaredAppConnection, SecretSync,
};
use crate::document::SetAside;
use crate::finding::{Findings, List, Place};
use crate::secret_sync::{AppConnectionRef, SecretSyncConfig};

/// The connections by name, for those who refer to them.
pub(super) struct Connections<'a> {
    all: &'a [AppConnectionConfig],
    by_name: BTreeMap<&'a str, usize>,
    /// Names whose connections are reported already.
    aside: Vec<&'a str>,
    /// Whether one is set aside that has no name.
    nameless: bool,
    /// Whether a sync is set aside, which may use any.
    hidden_syncs: bool,
    /// Whether each is made.
    made: Vec<bool>,
    /// Whether some sync refers to it, enabled or not.
    used: Vec<bool>,
}

/// What a reference leads to.
pub(super) struct Resolved {
    pub(super) app: App,
    /// With the number in the document's list: which of them are made is known when all are checked.
    pub(super) reference: ConnectionRef,
    /// Number of the connection in the document's list; none of one that is not declared.
    pub(super) declared: Option<usize>,
}

impl<'a> Connections<'a> {
    pub(super) fn new(
        all: &'a [AppConnectionConfig],
        syncs: &[SecretSyncConfig],
        set_aside: &'a [SetAside],
    ) -> Self {
        let mut by_name = BTreeMap::new();
        for (i, item) in all.iter().enumerate() {
            if let Some(name) = item.name.written() {
                by_name.entry(name).or_insert(i);
            }
        }
        let aside = || set_aside.iter().filter(|item| item.list == List::AppConnections);
        let named = aside().filter_map(|item| item.name.as_ref()?.written()).collect();
        let mut index = Self {
            all,
            by_name,
            aside: named,
            hidden_syncs: set_aside.iter().any(|item| item.list == List::SecretSyncs),
            nameless: aside().any(|item| item.name.is_none()),
            made: Vec::new(),
            used: vec![false; all.len()],
        };
        index.made = index.needed(syncs);
        index
    }

    /// A connection is made when it is enabled, and not there for syncs alone that are not.
    fn needed(&mut self, syncs: &[SecretSyncConfig]) -> Vec<bool> {
        let mut needed = vec![false; self.all.len()];
        for sync in syncs {
            if let AppConnectionRef::Declared(name) = &sync.app_connection
                && let Some(at) = self.find(name)
            {
                self.used[at] = true;
                needed[at] |= sync.enabled;
            }
        }
        let made = self.all.iter().zip(self.used.iter().zip(&needed));
        made.map(|(item, (used, needed))| item.enabled && (*needed || !used)).collect()
    }

    fn find(&self, name: &Text) -> Option<usize> {
        self.by_name.get(name.written()?).copied()
    }

    pub(super) fn is_made(&self, number: usize) -> bool {
        self.made.get(number).copied().unwrap_or(false)
    }

    /// What a sync refers to; none if that is reported.
    pub(super) fn resolve(
        &self,
        sync: &SecretSyncConfig,
        place: &Place,
        findings: &mut Findings,
    ) -> Option<Resolved> {
        let name = match &sync.app_connection {
            AppConnectionRef::Declared(name) => name,
            AppConnectionRef::Elsewhere(it) => {
                let reference = ConnectionRef::Elsewhere(it.id.clone());
                return Some(Resolved { app: it.app, reference, declared: None });
            }
        };
        let Some(at) = self.find(name) else {
            self.unknown(name, &sync.name, place, findings);
            return None;
        };
        let item = &self.all[at];
        if sync.enabled && !item.enabled {
            self.not_enabled(at, name, &sync.name, place, findings);
        }
        let reference = match &item.connection {
            Connection::Elsewhere { id, .. } => ConnectionRef::Elsewhere(id.clone()),
            Connection::Declared(_) => ConnectionRef::Declared(at),
        };
        Some(Resolved { app: item.app(), reference, declared: Some(at) })
    }

    /// Name and place of a connection that is declared.
    pub(super) fn place(&self, resolved: &Resolved) -> Option<(&str, Place)> {
        let at = resolved.declared?;
        Some((self.all[at].name.shown(), Place::item(List::AppConnections, at)))
    }

    fn not_enabled(&self, at: usize, name: &Text, sync: &Text, place: &Place, findings: &mut Findings) {
        findings
            .error(
                code::CONNECTION_NOT_ENABLED,
                place.clone(),
                format!(
                    "sync `{}` is made, and its connection `{}` is not enabled",
                    sync.shown(),
                    name.shown()
                ),
            )
            .fix("enable both, or neither")
            .and(Place::item(List::AppConnections, at).at("enabled"), "not enabled here");
    }

    /// Notes the connections that are made for nothing. A program may declare its syncs elsewhere.
    pub(super) fn unused(&self, in_text: &[bool], findings: &mut Findings) {
        for (i, item) in self.all.iter().enumerate() {
            if item.enabled && in_text[i] && !self.used[i] && !self.hidden_syncs {
                findings
                    .note(
                        code::UNUSED_CONNECTION,
                        Place::item(List::AppConnections, i).at("name"),
                        format!("no sync writes through `{}`", item.name.shown()),
                    )
                    .fix("leave it out if nothing else uses it");
            }
        }
    }

    fn unknown(&self, name: &Text, sync: &Text, place: &Place, findings: &mut Findings) {
        let Some(known) = name.known() else { return };
        if self.nameless || self.aside.contains(&known) {
            return;
        }
        let near = suggest(known, self.by_name.keys().copied().chain(self.aside.iter().copied()));
        let finding = findings.error(
            code::UNKNOWN_APP_CONNECTION,
            place.clone(),
            format!("sync `{}` writes through `{known}`, and no app connection has that name", sync.shown()),
        );
        match near {
            Some(near) => {
                finding.label(format!("did you mean `{near}`?")).fix(format!("write `{near}`"));
                if let Some(at) = self.by_name.get(near) {
                    finding.and(Place::item(List::AppConnections, *at), "this one is declared");
                }
            }
            None => {
                finding.fix("declare it in `appConnections`, with its `id` if it is made elsewhere");
            }
        }
    }
}

/// Those that are made, and the syncs with the numbers that connections have among them: until here both have the numbers of the
/// document's list, in which there is none for what is not made. A sync whose connection is not made goes with it; why is reported.
pub(super) fn numbered(
    made: Vec<Option<AppConnection>>,
    syncs: impl Iterator<Item = SecretSync>,
) -> (Vec<AppConnection>, Vec<SecretSync>) {
    let mut next = 0..;
    let numbers: Vec<Option<usize>> =
        made.iter().map(|made| made.as_ref().and_then(|_| next.next())).collect();
    let syncs = syncs.filter_map(|mut sync| {
        if let ConnectionRef::Declared(number) = &mut sync.connection {
            *number = numbers.get(*number).copied().flatten()?;
        }
        Some(sync)
    });
    let syncs = syncs.collect();
    (made.into_iter().flatten().collect(), syncs)
}

/// Whether the connection of a sync is made, here or elsewhere.
pub(super) fn is_there(sync: &SecretSync, made: &[Option<AppConnection>]) -> bool {
    match &sync.connection {
        ConnectionRef::Declared(number) => made.get(*number).is_some_and(Option::is_some),
        ConnectionRef::Elsewhere(_) => true,
    }
}

/// Makes one, and says what is wrong with it.
pub(super) fn make(
    item: &AppConnectionConfig,
    needed: bool,
    place: &Place,
    findings: &mut Findings,
) -> Option<AppConnection> {
    let origin = match &item.connection {
        Connection::Elsewhere { id, .. } => {
            addresses::id(id, &place.at("id"), findings);
            ConnectionOrigin::Elsewhere { id: id.clone() }
        }
        Connection::Declared(declared) => {
            let made = self::declared(declared, needed, place, findings)?;
            ConnectionOrigin::Declared(Box::new(made))
        }
    };
    Some(AppConnection { name: item.name.clone(), label: label(&item.name), app: item.app(), origin })
}

fn declared(
    item: &DeclaredConnection,
    needed: bool,
    place: &Place,
    findings: &mut Findings,
) -> Option<DeclaredAppConnection> {
    let fields = item.credentials.fields();
    if let AppCredentials::Carried(_, block) = &item.credentials {
        held::check(block, &place.at("credentials"), findings);
    }
    // What is not made may lack what it needs.
    if !needed && fields.0.is_empty() {
        return None;
    }
    plain::refuse(item.credentials.app(), &fields, &place.at("credentials"), findings);
    let method = credentials::check(item, &fields, place, findings)?;
    logins::check(item, &fields, place, findings);
    if needed {
        logins::long_lived(item, method.name, place, findings);
    }
    Some(DeclaredAppConnection {
        method: method.name,
        credentials: fields.0,
        description: present(item.description.as_ref()),
        project_id: present(item.project_id.as_ref()),
        gateway_id: present(item.gateway_id.as_ref()),
    })
}
