//! What nobody may show of manifests: values that are secrets by their place, whatever their names say.

use keyloom_models::hidden_in_manifests;
use keyloom_syntax::tree::Kind as NodeKind;
use keyloom_syntax::{Node, Sources, Span, parse};
use keyloom_upstream::eso::Kind;

use crate::object::{LAST_APPLIED, Object};
use crate::set::Set;
use crate::validate::Options;

/// Fields of providers and generators that hold a value in place of a reference to one.
const VALUES: [&str; 2] = ["headers", "value"];

/// The places to hide in these files, in order, whether or not there is something to report.
pub fn hidden(sources: &Sources, options: &Options) -> Vec<Span> {
    let (tree, problems) = parse(sources, &options.budget);
    let mut hidden = hidden_in_manifests(sources, &tree);
    let set = Set::of(options.eso, sources, &tree, &problems);
    set.eso().for_each(|object| of(object, &mut hidden));
    hidden.extend(crate::terraform::check(sources, &tree, &options.open).hidden);
    hidden.sort_unstable();
    hidden.dedup();
    hidden
}

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
