//! Values in manifests that are secrets by their place, whatever their names say.

use keyloom_syntax::tree::Kind as NodeKind;
use keyloom_syntax::{Node, Span};
use keyloom_upstream::eso::Kind;

use crate::object::Object;

/// What kubectl keeps of an object: the whole of it, as one text.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Fields of providers and generators that hold a value in place of a reference to one.
const VALUES: [&str; 2] = ["headers", "value"];

/// The places of an object that nobody may show.
pub(crate) fn of(object: &Object<'_>, hidden: &mut Vec<Span>) {
    let annotations = object.node.get("metadata").and_then(|metadata| metadata.get("annotations"));
    if let Some(copy) = annotations.and_then(|annotations| annotations.get(LAST_APPLIED)) {
        hidden.push(copy.span());
    }
    let Some(spec) = object.node.get("spec") else { return };
    match object.eso() {
        Some(Kind::SecretStore | Kind::ClusterSecretStore) => {
            if let Some(provider) = spec.get("provider") {
                values(provider, false, hidden);
            }
        }
        Some(Kind::Fake) => values(spec, true, hidden),
        Some(Kind::ClusterGenerator) => {
            if let Some(generator) = spec.get("generator") {
                let fake = generator.get("fakeSpec").is_some();
                values(generator, fake, hidden);
            }
        }
        Some(kind) if kind.is_generator() => values(spec, false, hidden),
        _ => {}
    }
}

/// The scalars below `value` and its like, or all of them.
fn values(node: Node<'_>, all: bool, hidden: &mut Vec<Span>) {
    match node.kind() {
        NodeKind::Mapping => {
            for (key, value) in node.entries() {
                let own = key.scalar().is_some_and(|key| VALUES.contains(&key));
                values(value, all || own, hidden);
            }
        }
        NodeKind::Sequence => node.items().for_each(|item| values(item, all, hidden)),
        NodeKind::Null => {}
        NodeKind::Bool | NodeKind::Int | NodeKind::Float | NodeKind::String if all => {
            hidden.push(node.span())
        }
        NodeKind::Bool | NodeKind::Int | NodeKind::Float | NodeKind::String => {}
    }
}
