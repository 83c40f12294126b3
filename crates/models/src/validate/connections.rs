//! Typed connections: their own rules, and which of them a helper means.

use indexmap::IndexMap;
use keyloom_connections::Kind;
use keyloom_syntax::Text;
use keyloom_syntax::suggest::suggest;

use super::address::remote_key;
use super::resolve::{Index, Resolved};
use super::{same, shown};
use crate::code::{CONNECTION_ALIAS, CONNECTION_DIFFERS, UNKNOWN_CONNECTION};
use crate::connection::{ConnectionConfig, ConnectionType};
use crate::document::{Item, SetAside};
use crate::finding::{Findings, List, Place};
use crate::helper::Connection;
use crate::reference::SecretStoreRef;

/// The declared connections by name.
pub(crate) struct Connections<'a> {
    by_name: IndexMap<&'a str, Declared<'a>>,
    /// Names of connections that are reported already.
    aside: Vec<&'a Text>,
    /// Whether one of them has no name, so that it may be the one that is meant.
    nameless: bool,
}

#[derive(Clone)]
struct Declared<'a> {
    item: &'a ConnectionConfig,
    place: Place,
    store: Store,
}

/// What is known of a connection's store before anybody asks for the connection.
#[derive(Clone, Copy, PartialEq)]
enum Store {
    /// Nothing is said: it is that of whoever asks.
    Unsaid,
    /// It is there, and the path was held against it.
    Found,
    /// It is not, which is reported.
    Reported,
}

/// The connection that a helper means.
pub(super) struct Meant<'a> {
    pub(super) kind: &'static Kind,
    pub(super) path: &'a Text,
    /// Where the path stands, unless it was judged there already.
    pub(super) path_place: Option<Place>,
    pub(super) store: MeantStore<'a>,
}

/// The store that a connection lies in.
pub(super) enum MeantStore<'a> {
    /// That of this reference, which stands at that place; none for the only one in scope.
    Named(Option<&'a SecretStoreRef>, Place),
    /// There is none of that name, which is reported.
    Reported(&'a Text),
}

impl<'a> Connections<'a> {
    /// Checks every connection.
    pub(super) fn check(
        items: &'a [Item<ConnectionConfig>],
        set_aside: &'a [SetAside],
        stores: &Index<'_>,
        findings: &mut Findings,
    ) -> Self {
        let mut by_name = IndexMap::new();
        for (i, Item { value: item, .. }) in items.iter().enumerate() {
            let place = Place::item(List::Connections, i);
            aliased(item.kind, &place, findings);
            let store = store_of(item, stores, &place, findings);
            if let Some(name) = item.name.written() {
                by_name.entry(name).or_insert(Declared { item, place, store });
            }
        }
        let aside = set_aside.iter().filter(|item| item.list == List::Connections);
        Self {
            by_name,
            aside: aside.clone().filter_map(|item| item.name.as_ref()).collect(),
            nameless: aside.clone().any(|item| item.name.is_none()),
        }
    }

    /// What a helper of an external secret at `place` means, whose own store is `own`; none where that is not known, which is
    /// reported.
    pub(super) fn resolve<'h>(
        &'h self,
        helper: &'h Connection,
        own: Option<&'h SecretStoreRef>,
        place: &Place,
        findings: &mut Findings,
    ) -> Option<Meant<'h>> {
        let at = place.at("connection");
        if let Some(kind) = helper.kind {
            aliased(kind, &at, findings);
        }
        let declared = helper.name.written().and_then(|name| self.by_name.get(name));
        if let Some(declared) = declared {
            differs(declared, helper, own, place, findings);
            return Some(declared.meant(own, place));
        }
        let reported = self.aside.iter().any(|aside| same(Some(aside), Some(&helper.name)) == Some(true));
        let Some(kind) = helper.kind else {
            if !reported && !self.nameless {
                self.unknown(&helper.name, &at, findings);
            }
            return None;
        };
        let (path, field) = helper.path.as_ref().map_or((&helper.name, "name"), |path| (path, "path"));
        Some(Meant {
            kind: kind.kind(),
            path,
            path_place: Some(at.at(field)),
            store: MeantStore::Named(own, place.clone()),
        })
    }

    fn unknown(&self, name: &Text, at: &Place, findings: &mut Findings) {
        let near = name.known().and_then(|name| {
            suggest(name, self.by_name.keys().copied().chain(self.aside.iter().filter_map(|it| it.known())))
        });
        let message = format!("connection `{}` is not declared", shown(name));
        let finding = findings.error(UNKNOWN_CONNECTION, at.at("name"), message);
        match near {
            Some(near) => finding.label(format!("did you mean `{near}`?")),
            None => finding.label("no such connection"),
        };
        finding.fix(format!(
            "declare it: `connections: [{{name: {}, type: ..., secretStoreRef: ...}}]`, or write its `type` here",
            shown(name)
        ));
    }
}

impl Declared<'_> {
    fn meant<'h>(&'h self, own: Option<&'h SecretStoreRef>, place: &Place) -> Meant<'h> {
        let field = if self.item.path.is_some() { "path" } else { "name" };
        Meant {
            kind: self.item.kind.kind(),
            path: self.item.address(),
            path_place: (self.store == Store::Unsaid).then(|| self.place.at(field)),
            store: match (self.store, &self.item.secret_store_ref) {
                (Store::Reported, Some(reference)) => MeantStore::Reported(&reference.name),
                (Store::Found | Store::Unsaid, Some(reference)) => {
                    MeantStore::Named(Some(reference), self.place.clone())
                }
                (Store::Found | Store::Unsaid | Store::Reported, None) => {
                    MeantStore::Named(own, place.clone())
                }
            },
        }
    }
}

fn store_of(item: &ConnectionConfig, stores: &Index<'_>, place: &Place, findings: &mut Findings) -> Store {
    let Some(reference) = &item.secret_store_ref else { return Store::Unsaid };
    match stores.anywhere(reference, &place.at("secretStoreRef"), findings) {
        Resolved::Store(store) => {
            let field = if item.path.is_some() { "path" } else { "name" };
            remote_key(item.address(), &store, &place.at(field), findings);
            Store::Found
        }
        Resolved::Reported => Store::Reported,
    }
}

fn aliased(kind: ConnectionType, place: &Place, findings: &mut Findings) {
    if let Some(alias) = kind.alias() {
        let word = kind.kind().word;
        findings
            .warning(
                CONNECTION_ALIAS,
                place.at("type"),
                format!("the type is called `{word}`, not `{alias}`"),
            )
            .why("other tools that read the same secret may know the type by that word alone")
            .fix(format!("write `type: {word}`, here and in the secret"));
    }
}

/// What an external secret says of a connection besides its declaration must be the same.
fn differs(
    declared: &Declared<'_>,
    helper: &Connection,
    own: Option<&SecretStoreRef>,
    place: &Place,
    findings: &mut Findings,
) {
    let Declared { item, place: there, .. } = declared;
    let at = place.at("connection");
    let name = shown(&item.name);
    let mut report = |at: Place, field: &'static str, message: String| {
        findings
            .error(CONNECTION_DIFFERS, at, message)
            .fix(format!("leave `{field}` out: the connection is declared"))
            .and(there.at(field), "declared here");
    };
    if helper.kind.is_some_and(|kind| kind != item.kind) {
        let message = format!("connection `{name}` is of type `{}`", item.kind.kind().word);
        report(at.at("type"), "type", message);
    }
    if helper.path.as_ref().is_some_and(|path| same(Some(path), Some(item.address())) == Some(false)) {
        let message = format!("connection `{name}` lies at `{}`", shown(item.address()));
        report(at.at("path"), "path", message);
    }
    if let (Some(own), Some(store)) = (own, &item.secret_store_ref) {
        let other_kind = own.kind.is_some() && store.kind.is_some() && own.kind != store.kind;
        if other_kind || same(Some(&own.name), Some(&store.name)) == Some(false) {
            let message = format!("connection `{name}` lies in store `{}`", shown(&store.name));
            report(place.at("secretStoreRef"), "secretStoreRef", message);
        }
    }
}
