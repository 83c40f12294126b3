//! A PushSecret as an item.

use keyloom_syntax::Node;
use keyloom_upstream::Cursor;

use super::written::{Item, Map, Notes, Written};
use super::{Context, external_secret, plain};

/// What is written as it stands.
const PLAIN: [&str; 3] = ["updatePolicy", "deletionPolicy", "template"];

/// The fields of a `spec`.
pub(super) fn spec(spec: Node<'_>, schema: Option<Cursor<'static>>, context: &Context<'_, '_>) -> Map {
    let mut map = Map::default();
    for (key, value) in spec.entries() {
        let name = key.scalar().unwrap_or_default();
        let schema = schema.and_then(|schema| schema.property(name));
        let notes = |value| context.comments.of_entry(key, value);
        match name {
            _ if plain::is_default(value, schema) => {}
            "secretStoreRefs" => {
                let written = stores(value, context);
                map.put_with(name, notes(value), written);
            }
            "selector" => map.put_with(name, notes(value), selector(value, context)),
            "refreshInterval" => {}
            "data" | "dataTo" if value.is_empty() => {}
            "data" => {
                let own = context.comments.of_key(key);
                let items = value.items().map(|entry| single(entry, schema.and_then(Cursor::item), context));
                map.put_with(name, own, Written::List(items.collect()));
            }
            "dataTo" => {
                let own = context.comments.of_key(key);
                let items = value.items().map(|entry| many(entry, schema.and_then(Cursor::item), context));
                map.put_with(name, own, Written::List(items.collect()));
            }
            _ if PLAIN.contains(&name) => {
                let (notes, value) = plain::field(key, value, schema, context.comments);
                map.put_with(name, notes, value);
            }
            _ => {}
        }
    }
    external_secret::interval(spec, external_secret::USUAL, context, &mut map);
    map
}

/// One store by its name alone, several as a list.
fn stores(refs: Node<'_>, context: &Context<'_, '_>) -> Written {
    let mut stores: Vec<Written> = refs.items().map(|reference| store(reference, context)).collect();
    match stores.as_mut_slice() {
        [Written::Text(name)] => Written::Text(std::mem::take(name)),
        _ => Written::list(stores),
    }
}

fn store(reference: Node<'_>, context: &Context<'_, '_>) -> Written {
    if reference.get("name").is_some() && reference.get("labelSelector").is_none() {
        return context.store_ref(reference);
    }
    plain::value(reference, None, context.comments)
}

fn selector(selector: Node<'_>, context: &Context<'_, '_>) -> Written {
    let mut map = Map::default();
    if let Some(secret) = selector.get("secret") {
        let name = secret.get("name").filter(|_| secret.len() == 1);
        map.put("secret", plain::value(name.unwrap_or(secret), None, context.comments));
    }
    if let Some(generator) = selector.get("generatorRef") {
        let wanted = |name: &str| name != "apiVersion";
        map.put("generator", plain::fields(generator, None, context.comments, wanted).into());
    }
    map.into()
}

fn single(entry: Node<'_>, schema: Option<Cursor<'_>>, context: &Context<'_, '_>) -> Item {
    let notes = notes(entry, context);
    let matched = entry.get("match");
    let remote = matched.and_then(|matched| matched.get("remoteRef"));
    let mut map = Map::default();
    let fields = [
        ("key", matched.and_then(|matched| matched.get("secretKey"))),
        ("path", remote.and_then(|remote| remote.get("remoteKey"))),
        ("property", remote.and_then(|remote| remote.get("property"))),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            map.put(name, plain::value(value, None, context.comments));
        }
    }
    rest(entry, schema, &["metadata", "conversionStrategy"], context, &mut map);
    Item { notes, value: map.into() }
}

fn many(entry: Node<'_>, schema: Option<Cursor<'_>>, context: &Context<'_, '_>) -> Item {
    let notes = notes(entry, context);
    let mut map = Map::default();
    if let Some(reference) = entry.get("storeRef") {
        map.put("secretStoreRef", store(reference, context));
    }
    if let Some(path) = entry.get("remoteKey") {
        map.put("path", plain::value(path, None, context.comments));
    }
    rest(entry, schema, &["match", "rewrite", "metadata", "conversionStrategy"], context, &mut map);
    Item { notes, value: map.into() }
}

fn notes(entry: Node<'_>, context: &Context<'_, '_>) -> Notes {
    let span = entry.span();
    context.comments.take(span.start..=span.end)
}

fn rest(
    entry: Node<'_>,
    schema: Option<Cursor<'_>>,
    names: &[&str],
    context: &Context<'_, '_>,
    map: &mut Map,
) {
    let own = plain::fields(entry, schema, context.comments, |name| names.contains(&name));
    map.fields.extend(own.fields);
}
