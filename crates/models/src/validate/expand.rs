//! Helpers and selections, expanded into entries whose addresses the store's provider reads.

use keyloom_syntax::Text;

use super::address::{in_folder, remote_key, version};
use crate::address::{PathClass, WholeEntry};
use crate::config::{DataEntry, FromEntry, FromSource, Made, Registry, Remote, StoreRef, Url};
use crate::finding::{Findings, Place};
use crate::helper::{ApiKey, ConnectionUrl, DockerConfig, Helper, Layout, NamedField};

mod connection;
mod ssl_mode;

pub(super) use connection::expand as connection;

/// What a helper amounts to.
#[derive(Default)]
pub(super) struct Expanded {
    pub(super) data: Vec<DataEntry>,
    pub(super) data_from: Vec<FromEntry>,
    pub(super) made: Made,
}

/// Expands a helper for a store; that of a connection has a way of its own, [`connection`].
pub(super) fn helper(helper: &Helper, store: &StoreRef, place: &Place, findings: &mut Findings) -> Expanded {
    let place = &place.at(helper.name());
    let mut expanded = Expanded::default();
    match helper {
        Helper::ApiKey(api_key) => expanded.data.extend(single_key(api_key, store, place, findings)),
        Helper::DockerConfig(docker) => docker_config(docker, store, place, findings, &mut expanded),
        Helper::DatabaseCredentials(database) => {
            let fields = helper.fields();
            if let Some(url) = &database.url {
                expanded.made.url = connection_url(url, &fields, place, findings).map(Box::new);
            }
            spread(helper, &fields, database.version.as_ref(), store, place, findings, &mut expanded);
        }
        Helper::TlsCertificate(tls) => {
            spread(helper, &helper.fields(), tls.version.as_ref(), store, place, findings, &mut expanded);
        }
        Helper::BasicAuth(basic) => {
            spread(helper, &helper.fields(), basic.version.as_ref(), store, place, findings, &mut expanded);
        }
        Helper::S3Credentials(s3) => {
            spread(helper, &helper.fields(), s3.version.as_ref(), store, place, findings, &mut expanded);
        }
        Helper::Connection(_) => {}
    }
    expanded
}

/// The fields of a helper, from a folder of single secrets or from one entry.
fn spread(
    helper: &Helper,
    fields: &[NamedField],
    wanted_version: Option<&Text>,
    store: &StoreRef,
    place: &Place,
    findings: &mut Findings,
    expanded: &mut Expanded,
) {
    let class = store.address.class;
    let layout = helper.layout().unwrap_or(match class {
        PathClass::Folders | PathClass::ItemField | PathClass::AsWritten | PathClass::Unknown => {
            Layout::Folder
        }
        PathClass::Entries | PathClass::Flat => Layout::Entry,
    });
    if class == PathClass::AsWritten && helper.layout().is_none() {
        findings
            .error(
                "layout-of-provider",
                place.clone(),
                format!("how {} keeps fields that belong together is not known here", store.address.reader),
            )
            .fix("write `layout: folder` if the fields are secrets `PATH/FIELD`, `layout: entry` if they are fields of one");
    }
    if layout == Layout::Folder && class == PathClass::Flat {
        findings
            .error(
                "layout-of-provider",
                place.at("layout"),
                format!("{} keeps secrets under flat names, not in folders", store.address.reader),
            )
            .fix("leave `layout` out if one secret holds all fields as JSON; otherwise name each in `data`");
    }
    if layout == Layout::Folder && store.address.whole_entry == WholeEntry::Always {
        findings
            .error(
                "layout-of-provider",
                place.at("layout"),
                format!("{} keeps fields in entries, not single secrets in folders", store.address.reader),
            )
            .fix("leave `layout` out, or write `layout: entry`");
    }
    let path = helper.path().cloned().unwrap_or_default();
    let path = remote_key(&path, store, &place.at("path"), findings);
    let version = version(wanted_version, store, place, findings);
    match (layout, class) {
        (Layout::Folder, _) => {
            expanded.data.extend(fields.iter().map(|field| {
                let remote = Remote {
                    key: in_folder(&path, &field.remote),
                    version: version.clone(),
                    ..Remote::default()
                };
                DataEntry { secret_key: field.key.clone(), remote, store: None }
            }));
        }
        (Layout::Entry, PathClass::Entries | PathClass::AsWritten | PathClass::Unknown) => {
            expanded.data.extend(fields.iter().map(|field| {
                let remote = Remote {
                    key: path.clone(),
                    property: Some(field.remote.clone()),
                    version: version.clone(),
                    ..Remote::default()
                };
                DataEntry { secret_key: field.key.clone(), remote, store: None }
            }));
        }
        // A single lookup empties numbers there, or does not heed the field; the whole entry keeps all.
        (Layout::Entry, PathClass::Folders | PathClass::Flat | PathClass::ItemField) => {
            expanded.data_from.push(FromEntry {
                source: FromSource::Extract(Remote { key: path, version, ..Remote::default() }),
                keep: Some(fields.iter().map(|field| (field.key.clone(), field.remote.clone())).collect()),
                prefix: None,
                rewrite: Vec::new(),
                store: None,
            })
        }
    }
}

fn single_key(
    api_key: &ApiKey,
    store: &StoreRef,
    place: &Place,
    findings: &mut Findings,
) -> Option<DataEntry> {
    let key = remote_key(&api_key.path, store, &place.at("path"), findings);
    let version = version(api_key.version.as_ref(), store, place, findings);
    if api_key.property.is_none() && store.address.whole_entry != WholeEntry::Never {
        findings
            .error(
                "property-needed",
                place.clone(),
                format!("in {} an API key is a field of an entry", store.address.reader),
            )
            .why("without `property` the whole entry, as JSON, would be the key")
            .fix("write `property` with the name of the field");
        return None;
    }
    let remote = Remote { key, property: api_key.property.clone(), version, ..Remote::default() };
    Some(DataEntry { secret_key: api_key.key_name.clone(), remote, store: None })
}

/// Either the whole `.dockerconfigjson` lies in the store, or it is put together from user name and password.
fn docker_config(
    docker: &DockerConfig,
    store: &StoreRef,
    place: &Place,
    findings: &mut Findings,
    expanded: &mut Expanded,
) {
    let Some(registry) = &docker.registry else {
        if docker.property.is_none() && store.address.whole_entry == WholeEntry::Always {
            findings
                .error("property-needed", place.clone(), format!("in {} the registry's configuration is a field of an entry", store.address.reader))
                .fix("write `property` with the name of the field, or `registry` if the entry holds user name and password");
        }
        let key = remote_key(&docker.path, store, &place.at("path"), findings);
        let version = version(docker.version.as_ref(), store, place, findings);
        let remote = Remote { key, property: docker.property.clone(), version, ..Remote::default() };
        expanded.data.push(DataEntry { secret_key: ".dockerconfigjson".into(), remote, store: None });
        return;
    };
    let fields = docker.fields();
    let helper = Helper::DockerConfig(docker.clone());
    spread(&helper, &fields, docker.version.as_ref(), store, place, findings, expanded);
    let key = |name| fields.iter().find(|field| field.name == name).map(|field| field.key.clone());
    match (key("username"), key("password")) {
        (Some(username), Some(password)) => {
            expanded.made.registry =
                Some(Box::new(Registry { registry: registry.clone(), username, password }));
        }
        _ => {
            findings
                .error(
                    "url-needs-fields",
                    place.at("keys"),
                    "a registry's configuration needs user name and password",
                )
                .fix("do not leave `username` or `password` out");
        }
    }
}

fn connection_url(
    url: &ConnectionUrl,
    fields: &[NamedField],
    place: &Place,
    findings: &mut Findings,
) -> Option<Url> {
    let key = |name| fields.iter().find(|field| field.name == name).map(|field| field.key.clone());
    let (Some(username), Some(password), Some(host)) = (key("username"), key("password"), key("host")) else {
        findings
            .error(
                "url-needs-fields",
                place.at("url"),
                "a connection string needs `host`, `username` and `password`",
            )
            .fix("do not leave them out in `keys`, or leave `url` out");
        return None;
    };
    ssl_mode::check(&url.scheme, url.parameters.as_ref(), place, findings);
    Some(Url {
        key: url.key.clone(),
        scheme: url.scheme.clone(),
        username,
        password,
        host,
        port: key("port"),
        database: key("database"),
        parameters: url.parameters.clone(),
    })
}
