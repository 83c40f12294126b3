//! `data`: single values, several of one entry together.

use keyloom_syntax::Node;
use keyloom_upstream::Cursor;
use serde_json::Value;

use super::plain;
use super::written::{Item, Map, Notes, Written};
use super::{Context, Level};
use crate::json;

/// What a reference says besides path and property.
const REST: [&str; 5] =
    ["version", "decodingStrategy", "conversionStrategy", "metadataPolicy", "nullBytePolicy"];

/// A single value.
pub(super) struct Single<'t> {
    node: Node<'t>,
    remote: Option<Node<'t>>,
    /// Everything but key and property: what entries must share to stand together.
    rest: (Value, Value),
}

impl<'t> Single<'t> {
    pub(super) fn all(data: Node<'t>) -> Vec<Self> {
        data.items().map(Self::of).collect()
    }

    fn of(node: Node<'t>) -> Self {
        let remote = node.get("remoteRef");
        let mut rest = remote.map(json::value).unwrap_or_default();
        if let Some(fields) = rest.as_object_mut() {
            fields.remove("property");
        }
        let source = node.get("sourceRef").map(json::value).unwrap_or_default();
        Self { node, remote, rest: (rest, source) }
    }

    pub(super) fn key(&self) -> Option<&'t str> {
        self.node.get("secretKey")?.as_str()
    }

    pub(super) fn path(&self) -> Option<&'t str> {
        self.remote?.get("key")?.as_str()
    }

    pub(super) fn property(&self) -> Option<&'t str> {
        self.remote?.get("property")?.as_str()
    }

    pub(super) fn version(&self) -> Option<&'t str> {
        self.remote?.get("version")?.as_str()
    }

    /// Whether it says nothing but key, path, property and version.
    pub(super) fn is_simple(&self, schema: Option<Cursor<'_>>) -> bool {
        let said = |name: &str| {
            let field = self.remote.and_then(|remote| remote.get(name));
            field.is_some_and(|field| !plain::is_default(field, schema.and_then(|schema| schema.step(name))))
        };
        self.node.get("sourceRef").is_none() && !REST[1..].iter().any(|name| said(name))
    }

    fn is_with(&self, other: &Self) -> bool {
        let property = |one: &Self| one.property().is_some_and(|property| !property.is_empty());
        self.rest == other.rest && property(self) && property(other) && self.key().is_some()
    }

    pub(super) fn notes(&self, context: &Context<'_, '_>) -> Notes {
        let span = self.node.span();
        context.comments.take(span.start..=span.end)
    }
}

/// The schema of a reference.
pub(super) fn remote_schema(spec: Cursor<'static>) -> Option<Cursor<'static>> {
    spec.at(&["data", "[]", "remoteRef"])
}

/// The list.
pub(super) fn list(data: Node<'_>, level: Level, context: &Context<'_, '_>) -> Written {
    let singles = Single::all(data);
    let mut items = Vec::new();
    let mut rest = singles.as_slice();
    while let [first, ..] = rest {
        let together = rest.iter().take_while(|other| first.is_with(other)).count();
        let count = if level == Level::Plain || repeats(&rest[..together]) { 1 } else { together.max(1) };
        items.push(entry(&rest[..count], context));
        rest = &rest[count..];
    }
    Written::List(items)
}

/// Whether a key stands twice, which a mapping cannot say.
fn repeats(singles: &[Single<'_>]) -> bool {
    let mut seen = std::collections::BTreeSet::new();
    !singles.iter().all(|single| seen.insert(single.key()))
}

fn entry(singles: &[Single<'_>], context: &Context<'_, '_>) -> Item {
    let Some(first) = singles.first() else {
        return Item { notes: Notes::default(), value: Map::default().into() };
    };
    let notes = singles.iter().fold(Notes::default(), |notes, single| notes.and(single.notes(context)));
    let mut map = Map::default();
    let texts = |name: &str, node: Option<Node<'_>>, map: &mut Map| {
        if let Some(node) = node {
            map.put(name, plain::value(node, None, context.comments));
        }
    };
    if singles.len() == 1 {
        texts("key", first.node.get("secretKey"), &mut map);
        texts("path", first.remote.and_then(|remote| remote.get("key")), &mut map);
        texts("property", first.remote.and_then(|remote| remote.get("property")), &mut map);
    } else {
        texts("path", first.remote.and_then(|remote| remote.get("key")), &mut map);
        map.put("keys", keys(singles));
    }
    reference(first.remote, remote_schema(context.spec), context, &mut map);
    if let Some(store) = first.node.get("sourceRef").and_then(|source| source.get("storeRef")) {
        map.put("secretStoreRef", context.store_ref(store));
    }
    Item { notes, value: map.into() }
}

/// A list of fields that keep their names, or a mapping of new names to fields.
pub(super) fn keys(singles: &[Single<'_>]) -> Written {
    let pairs = singles
        .iter()
        .map(|single| (single.key().unwrap_or_default(), single.property().unwrap_or_default()));
    if pairs.clone().all(|(key, property)| key == property) {
        return Written::texts(pairs.map(|(key, _)| key));
    }
    let mut map = Map::default();
    pairs.for_each(|(key, property)| map.put(key, Written::text(property)));
    map.into()
}

/// What a reference says besides path and property.
pub(super) fn reference(
    remote: Option<Node<'_>>,
    schema: Option<Cursor<'_>>,
    context: &Context<'_, '_>,
    map: &mut Map,
) {
    for name in REST {
        let schema = schema.and_then(|schema| schema.step(name));
        if let Some(node) = remote.and_then(|remote| remote.get(name))
            && !plain::is_default(node, schema)
        {
            map.put(name, plain::value(node, None, context.comments));
        }
    }
}
