//! A generator as an item.

use std::collections::BTreeSet;

use keyloom_syntax::Node;
use keyloom_upstream::eso::{self, Kind};

use super::stores::namespace;
use super::written::{Item, Map, Notes, Written};
use super::{Context, Level, plain};
use crate::object::Object;

/// The kind of a generator, and its `spec` as it stands: of a ClusterGenerator those of the one inside.
pub(super) fn kind_and_spec(
    kind: Kind,
    spec: Option<Node<'_>>,
    level: Level,
    context: &Context<'_, '_>,
) -> Map {
    let mut map = Map::default();
    let (name, inner) = match (kind, spec) {
        (Kind::ClusterGenerator, Some(spec)) => {
            let inner = spec.get("generator").and_then(|generator| generator.entries().next());
            (spec.get("kind").and_then(Node::as_str).unwrap_or_default(), inner.map(|(_, inner)| inner))
        }
        (kind, spec) => (kind.name(), spec),
    };
    map.put("kind", Written::text(name));
    let upstream = Kind::ALL.into_iter().find(|kind| kind.name() == name);
    let schema = upstream.map(|kind| eso::spec(context.eso, kind).root()).filter(|_| level > Level::Plain);
    if let Some(inner) = inner.filter(|inner| !inner.is_empty()) {
        let value = plain::value(inner, schema, context.comments);
        if !value.is_empty() {
            map.put_with("spec", Notes::default(), value);
        }
    }
    map
}

/// A generator that something refers to: kind, namespace and name.
pub(super) type GeneratorId = (String, Option<String>, String);

/// Generators that are referred to and not among the objects. Of a ClusterGenerator it is not known what it makes.
pub(super) fn elsewhere(objects: &[Object<'_>]) -> BTreeSet<GeneratorId> {
    let own = |name: Option<&str>| name.map(str::to_owned);
    let declared: BTreeSet<GeneratorId> = objects
        .iter()
        .filter_map(|object| {
            let kind = object.eso().filter(|kind| kind.is_generator())?;
            let namespace = namespace(object).filter(|_| !kind.cluster_scoped());
            Some((kind.name().to_owned(), own(namespace), object.name?.as_str()?.to_owned()))
        })
        .collect();
    let mut found = BTreeSet::new();
    for object in objects {
        let mut references = Vec::new();
        collect(object.node, &mut references);
        for reference in references {
            let text = |name| reference.get(name).and_then(Node::as_str);
            if let (Some(kind), Some(name)) =
                (text("kind").filter(|kind| *kind != "ClusterGenerator"), text("name"))
            {
                found.insert((kind.to_owned(), own(namespace(object)), name.to_owned()));
            }
        }
    }
    found.retain(|id| !declared.contains(id));
    found
}

fn collect<'t>(node: Node<'t>, found: &mut Vec<Node<'t>>) {
    for (key, value) in node.entries() {
        if key.scalar() == Some("generatorRef") { found.push(value) } else { collect(value, found) }
    }
    node.items().for_each(|item| collect(item, found));
}

/// Somebody else's generator, of which only the kind matters.
pub(super) fn external((kind, namespace, name): &GeneratorId, usual: Option<&str>) -> Item {
    let mut map = Map::default();
    map.put("kind", Written::text(kind));
    map.put("name", Written::text(name));
    if let Some(namespace) = namespace.as_deref().filter(|own| Some(*own) != usual) {
        map.put("namespace", Written::text(namespace));
    }
    map.put("external", Written::Word("true".to_owned()));
    Item { notes: Notes::default(), value: map.into() }
}
