//! The helper `connection`: one entry with the whole JSON, and a key for each field of its type.

use keyloom_connections::{Field, Kind};
use keyloom_syntax::Text;

use super::{Expanded, ssl_mode};
use crate::code::{NO_KEYS, UNKNOWN_CONNECTION_FIELD, URL_NEEDS_FIELDS};
use crate::config::{ConnectionKeys, ConnectionUrl, DataEntry, Remote, StoreRef};
use crate::finding::{Findings, Place};
use crate::helper::connection::{part_of_url, scheme};
use crate::helper::{Connection, ConnectionHelperUrl};
use crate::validate::address::remote_key;
use crate::validate::connections::Meant;

/// Name of the fetched JSON, which templates see and the Secret does not hold.
const FETCHED: &str = "connection";

/// Expands the helper for a store.
pub(in crate::validate) fn expand(
    helper: &Connection,
    meant: &Meant<'_>,
    store: &StoreRef,
    place: &Place,
    findings: &mut Findings,
) -> Expanded {
    let place = &place.at("connection");
    known_fields(helper, meant.kind, place, findings);
    let key = match &meant.path_place {
        Some(at) => remote_key(meant.path, store, at, findings),
        None => remote_key(meant.path, store, place, &mut Findings::default()),
    };
    let fields = helper.keys(meant.kind);
    let url = helper.url.as_ref().and_then(|url| connection_url(url, meant.kind, place, findings));
    if fields.is_empty() && helper.url.is_none() {
        findings
            .error(NO_KEYS, place.clone(), format!("of the fields of `{}` none gets a key", meant.kind.word))
            .fix(format!("name one in `as`: {}", names(meant.kind.fields)));
    }
    let mut expanded = Expanded::default();
    let remote = Remote { key, ..Remote::default() };
    expanded.data.push(DataEntry { secret_key: FETCHED.into(), remote, store: None });
    expanded.made.connection = Some(Box::new(ConnectionKeys {
        name: helper.name.clone(),
        kind: meant.kind.word,
        words: words(meant.kind),
        fetched: FETCHED,
        fields,
        url,
    }));
    expanded
}

/// What the secret may say its type is.
fn words(kind: &'static Kind) -> Vec<&'static str> {
    let aliases = Kind::aliases().filter(|(_, meant)| meant.word == kind.word).map(|(alias, _)| alias);
    std::iter::once(kind.word).chain(aliases).collect()
}

fn known_fields(helper: &Connection, kind: &Kind, place: &Place, findings: &mut Findings) {
    for name in helper.names.keys().filter(|name| kind.field(name).is_none()) {
        let message = format!("a connection of type `{}` has no field `{name}`", kind.word);
        let at = place.at("as").at(name.clone());
        let finding = findings.error(UNKNOWN_CONNECTION_FIELD, at, message);
        match kind.suggest_field(name) {
            Some(near) => finding.label(format!("did you mean `{near}`?")),
            None => finding.label("no such field"),
        };
        finding.fix(format!("it has {}", names(kind.fields)));
    }
}

fn names(fields: &[Field]) -> String {
    fields.iter().map(|field| field.name).collect::<Vec<_>>().join(", ")
}

fn connection_url(
    url: &ConnectionHelperUrl,
    kind: &'static Kind,
    place: &Place,
    findings: &mut Findings,
) -> Option<ConnectionUrl> {
    let whole = place;
    let place = &place.at("url");
    let part = |name| part_of_url(kind, name);
    let (Some(username), Some(password), Some(host)) = (part("username"), part("password"), part("host"))
    else {
        findings
            .error(
                URL_NEEDS_FIELDS,
                place.clone(),
                format!(
                    "a connection string needs `host`, `username` and `password`, and `{}` has not all three",
                    kind.word
                ),
            )
            .fix("leave `url` out");
        return None;
    };
    let Some(scheme) = url.scheme.clone().or_else(|| scheme(kind).map(Text::from)) else {
        findings
            .error(
                URL_NEEDS_FIELDS,
                place.clone(),
                format!("connection strings of `{}` have no scheme that every client takes", kind.word),
            )
            .fix("write `scheme`, as your client wants it");
        return None;
    };
    let parameters = url.parameters.as_ref();
    ssl_mode::check(&scheme, parameters, whole, findings);
    let carries_mode = ssl_mode::is_read(&scheme) && !ssl_mode::is_said(parameters);
    Some(ConnectionUrl {
        key: url.key.clone(),
        scheme,
        username,
        password,
        host,
        port: part("port"),
        database: part("database"),
        ssl_mode: part("ssl_mode").filter(|_| carries_mode),
        parameters: url.parameters.clone(),
    })
}
