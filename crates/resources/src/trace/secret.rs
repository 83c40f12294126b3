//! An external secret: from the store, key by key, to the Secret and those who read it.

use keyloom_models::Config;
use keyloom_models::config::{ExternalSecret, FromEntry, FromSource, Remote, StoreRef};
use keyloom_models::data_from::Find;

use super::service::{is_read_of, read_note, workload};
use super::store::{hop, hop_of_reference, references};
use super::users::Home;
use super::{Hop, is_store, qualified, shown};

pub(super) fn hops(config: &Config, item: &ExternalSecret) -> Vec<Hop> {
    let mut hops = stores(config, item);
    for entry in &item.data {
        let note = format!("-> {}", shown(&entry.secret_key));
        hops.push(Hop::new("value", remote(&entry.remote), note + &through(entry.store.as_deref())));
    }
    for entry in &item.data_from {
        let note = format!("-> {}", kept(entry));
        hops.push(Hop::new(system(entry), source(entry), note + &through(entry.store.as_ref())));
    }
    hops.extend(made(item));
    let object = qualified(item.namespace.as_ref(), &item.name);
    hops.push(Hop::new("ESO", format!("ExternalSecret {object}"), schedule(item)));
    hops.push(target(item));
    for service in config.services() {
        for read in service.secret_reads().iter().filter(|read| is_read_of(read, service, item)) {
            hops.push(Hop::new("read by", workload(service), read_note(read, &item.keys())));
        }
    }
    hops
}

/// The stores, each once.
fn stores(config: &Config, item: &ExternalSecret) -> Vec<Hop> {
    let mut hops: Vec<Hop> = Vec::new();
    let home = Home::Namespace(item.namespace.as_ref());
    for reference in references(item) {
        let declared = config.stores().iter().find(|store| is_store(reference, home, store));
        let hop = declared.map_or_else(|| hop_of_reference(reference), hop);
        if !hops.contains(&hop) {
            hops.push(hop);
        }
    }
    hops
}

/// The store of one entry alone.
fn through(store: Option<&StoreRef>) -> String {
    store.map(|store| format!(", through {} {}", store.kind, shown(&store.name))).unwrap_or_default()
}

/// Key, property and version as the operator asks for them.
fn remote(remote: &Remote) -> String {
    let mut what = format!("key {}", shown(&remote.key));
    for (name, text) in [("property", &remote.property), ("version", &remote.version)] {
        if let Some(text) = text {
            what.push_str(&format!(", {name} {}", shown(text)));
        }
    }
    what
}

fn system(entry: &FromEntry) -> &'static str {
    match entry.source {
        FromSource::Extract(_) => "entry",
        FromSource::Find(_) => "search",
        FromSource::Generator(_) => "generator",
    }
}

fn source(entry: &FromEntry) -> String {
    match &entry.source {
        FromSource::Extract(extract) => remote(extract),
        FromSource::Find(find) => search(find),
        FromSource::Generator(generator) => format!("{} {}", generator.kind, shown(&generator.name)),
    }
}

fn search(find: &Find) -> String {
    let mut parts = Vec::new();
    parts.extend(find.path.as_ref().map(|path| format!("path {}", shown(path))));
    parts.extend(find.name.as_ref().map(|name| format!("name like {}", shown(&name.regexp))));
    for (tag, value) in find.tags.iter().flatten() {
        parts.push(format!("tag {tag}={}", shown(value)));
    }
    parts.join(", ")
}

/// Which keys a whole entry gives, as far as it is known.
fn kept(entry: &FromEntry) -> String {
    let prefix = entry.prefix.as_ref().map(shown).unwrap_or_default();
    let mut words = match &entry.keep {
        Some(pairs) => {
            let pairs = pairs.iter().map(|(key, field)| match (shown(key), shown(field)) {
                (key, field) if key == field => format!("{prefix}{key}"),
                (key, field) => format!("{prefix}{key} (field {field})"),
            });
            pairs.collect::<Vec<_>>().join(", ")
        }
        None if prefix.is_empty() => "every key".to_owned(),
        None => format!("every key, with {prefix} before it"),
    };
    if !entry.rewrite.is_empty() {
        words.push_str(", rewritten");
    }
    words
}

/// Keys that are made, not fetched. A constant is named without its value.
fn made(item: &ExternalSecret) -> Vec<Hop> {
    let constant = |key: &String| Hop::new("constant", "written in the declaration", format!("-> {key}"));
    let mut hops: Vec<Hop> = item.made.constants.keys().map(constant).collect();
    if let Some(url) = &item.made.url {
        let key = |key| format!("<{}>", shown(key));
        let port = url.port.as_ref().map(|port| format!(":{}", key(port))).unwrap_or_default();
        let database =
            url.database.as_ref().map(|database| format!("/{}", key(database))).unwrap_or_default();
        let parameters = url.parameters.as_ref().map(|text| format!("?{}", shown(text))).unwrap_or_default();
        let (user, password, host) = (key(&url.username), key(&url.password), key(&url.host));
        let what = format!("{}://{user}:{password}@{host}{port}{database}{parameters}", shown(&url.scheme));
        hops.push(Hop::new("url", what, format!("-> {}", shown(&url.key))));
    }
    if let Some(connection) = &item.made.connection {
        let what = format!("{} of type {}", shown(&connection.name), connection.kind);
        let fields = connection.fields.iter().map(|made| match (shown(&made.key), made.field.name) {
            (key, field) if key == field => key.to_owned(),
            (key, field) => format!("{key} (field {field})"),
        });
        let url = connection.url.iter().map(|url| format!("{} (connection string)", shown(&url.key)));
        let note = format!("-> {}", fields.chain(url).collect::<Vec<_>>().join(", "));
        hops.push(Hop::new("connection", what, note));
    }
    if let Some(registry) = &item.made.registry {
        let (user, password) = (shown(&registry.username), shown(&registry.password));
        let what = format!("registry {}, user {user}, password {password}", shown(&registry.registry));
        hops.push(Hop::new("registry", what, "-> .dockerconfigjson"));
    }
    let template = item.target.template.iter();
    for key in template.clone().flat_map(|template| template.data.iter().flat_map(|data| data.keys())) {
        hops.push(Hop::new("template", "made of the keys above", format!("-> {key}")));
    }
    if template.clone().any(|template| template.template_from.is_some()) {
        hops.push(Hop::new("template", "read from elsewhere", "-> keys that only it knows"));
    }
    hops
}

/// When the values are read again, and what becomes of the Secret.
pub(super) fn schedule(item: &ExternalSecret) -> String {
    let when = match item.refresh_policy {
        Some(policy) if policy.as_str() != "Periodic" => format!("refreshPolicy {policy}"),
        _ => format!("every {}", short(&item.refresh_interval.to_string())),
    };
    let target = &item.target;
    format!("{when}, creationPolicy {}, deletionPolicy {}", target.creation_policy, target.deletion_policy)
}

/// `1h` for `1h0m0s`.
fn short(duration: &str) -> String {
    let duration = duration.strip_suffix("m0s").map_or(duration.to_owned(), |rest| format!("{rest}m"));
    duration.strip_suffix("h0m").map_or(duration.clone(), |rest| format!("{rest}h"))
}

fn target(item: &ExternalSecret) -> Hop {
    let name = qualified(item.namespace.as_ref(), &item.target.name);
    if let Some(manifest) = &item.target.manifest {
        let kind = format!("{} {}", shown(&manifest.api_version), shown(&manifest.kind));
        return Hop::new("object", name, kind);
    }
    let declared = item.target.template.as_ref().and_then(|template| template.secret_type.as_ref());
    let mut note = declared.map(shown).or(item.target.secret_type).unwrap_or("Opaque").to_owned();
    let held = item.keys();
    let keys: Vec<_> = held.known.iter().map(shown).collect();
    if !keys.is_empty() {
        note.push_str(&format!(", keys {}", keys.join(", ")));
    }
    if held.open {
        note.push_str(if keys.is_empty() { ", keys that only the store knows" } else { " and others" });
    }
    if item.target.immutable == Some(true) {
        note.push_str(", immutable");
    }
    Hop::new("Secret", name, note)
}
