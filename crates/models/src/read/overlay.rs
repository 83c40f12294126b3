//! Environments: what is different in each, laid over the base.

use keyloom_syntax::suggest::suggest;
use keyloom_syntax::tree::Kind;
use keyloom_syntax::{Diagnostic, Label, Node, NodeId, Tree};

use super::plan::{Plan, items};
use super::{Environment, Options, SHAPES};
use crate::document::ItemPlace;
use crate::finding::List;

/// The plans of the environments that are asked for, the one that comes out first.
pub(super) fn environments(
    tree: &mut Tree<'_>,
    base: &Plan,
    options: &Options,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Plan> {
    let mut named: Vec<(String, NodeId)> = Vec::new();
    if let Some((node, _)) = base.environments {
        let overlays = tree.node(node).entries();
        named.extend(
            overlays.map(|(name, overlay)| (name.as_str().unwrap_or_default().to_owned(), overlay.id())),
        );
    }
    let wanted = match &options.environment {
        Environment::Base => return vec![base.clone()],
        Environment::All => named,
        Environment::Named(name) => {
            let Some(found) = named.iter().find(|(known, _)| known == name) else {
                diagnostics.push(unknown(name, &named));
                return Vec::new();
            };
            vec![found.clone()]
        }
    };
    let mut plans = if options.environment == Environment::All { vec![base.clone()] } else { Vec::new() };
    for (name, overlay) in wanted {
        let before = diagnostics.len();
        let plan = laid(tree, base, overlay, diagnostics);
        plans.push(Plan { environment: Some(name), partial: diagnostics.len() > before, ..plan });
    }
    plans
}

fn unknown(name: &str, named: &[(String, NodeId)]) -> Diagnostic {
    let names: Vec<_> = named.iter().map(|(name, _)| name.as_str()).collect();
    let fix = match (suggest(name, names.iter().copied()), names.is_empty()) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, false) if names.len() == 1 => format!("ask for {}, the only one", names.join("")),
        (None, false) => format!("ask for one of {}", names.join(", ")),
        (None, true) => {
            "declare it under `environments`, where there is none yet, or ask for none".to_owned()
        }
    };
    Diagnostic::error("unknown-environment", format!("environment `{name}` is not declared")).fix(fix)
}

/// The base with one environment laid over it.
fn laid(tree: &mut Tree<'_>, base: &Plan, overlay: NodeId, diagnostics: &mut Vec<Diagnostic>) -> Plan {
    let mut plan = base.clone();
    if tree.node(overlay).kind() != Kind::Mapping {
        return plan;
    }
    if let Some(defaults) = tree.node(overlay).get("defaults").map(Node::id) {
        for part in &mut plan.parts {
            part.defaults = Some(match part.defaults {
                Some(below) => tree.overlay(below, defaults),
                None => defaults,
            });
        }
    }
    for list in List::OF_ITEMS {
        let over: Vec<_> = items(tree.node(overlay), list).collect();
        for place in over {
            if SHAPES.fits_overlay(list, tree.node(place.node)) {
                lay_item(tree, &mut plan, list, place, diagnostics);
            }
        }
    }
    plan
}

/// Lays an item over the one of its name, or adds it.
fn lay_item(
    tree: &mut Tree<'_>,
    plan: &mut Plan,
    list: List,
    over: ItemPlace,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let candidates = candidates(tree, plan, list, tree.node(over.node));
    match candidates.as_slice() {
        [] => {
            if let Some(misspelt) = without_base(tree, plan, list, over) {
                diagnostics.push(misspelt);
                return;
            }
            let home = plan.environments.map_or(0, |(_, part)| part);
            if let Some(part) = plan.parts.get_mut(home) {
                part.push(list, over);
            }
        }
        [(part, at)] => {
            if let Some(target) = plan.parts.get_mut(*part).and_then(|part| part.item_mut(list, *at)) {
                target.node = tree.overlay(target.node, over.node);
            }
        }
        [_, _, ..] => {
            let name = tree.node(over.node).get("name");
            let span = name.unwrap_or(tree.node(over.node)).span();
            let shown = name.and_then(Node::as_str).unwrap_or_default();
            diagnostics.push(
                Diagnostic::error(
                    "ambiguous-overlay",
                    format!("{} items are called `{shown}`", candidates.len()),
                )
                .at(Label::at(span, ""))
                .fix("write `namespace`, or `clusterScoped`, to say which is meant"),
            );
        }
    }
}

/// An item that is not complete by itself, and nearly has the name of one in the base, was meant to be laid over it.
fn without_base(tree: &Tree<'_>, plan: &Plan, list: List, over: ItemPlace) -> Option<Diagnostic> {
    let node = tree.node(over.node);
    let name = node.get("name")?;
    let written = name.as_str()?;
    let base = plan.parts.iter().flat_map(|part| part.list(list));
    let known = base.filter_map(|place| tree.node(place.node).get("name")?.as_str());
    let near = suggest(written, known)?;
    let complete = SHAPES.fits(list, node);
    (!complete).then(|| {
        Diagnostic::error("overlay-without-base", format!("no `{written}` in the base"))
            .at(Label::at(name.span(), format!("did you mean `{near}`?")))
            .why("an item that is not in the base is one of its own, and this one is not complete")
            .fix("write the name as the base has it, or all that a new item needs")
    })
}

/// The items of that name; where there are several, those of the same namespace and scope.
fn candidates(tree: &Tree<'_>, plan: &Plan, list: List, over: Node<'_>) -> Vec<(usize, usize)> {
    let text = |node: Node<'_>, key: &str| node.get(key).and_then(Node::scalar).map(str::to_owned);
    let name = text(over, "name");
    let mut found: Vec<_> = plan
        .parts
        .iter()
        .enumerate()
        .flat_map(|(part, items)| {
            items.list(list).iter().enumerate().map(move |(at, place)| (part, at, place.node))
        })
        .filter(|(_, _, node)| text(tree.node(*node), "name") == name)
        .collect();
    for key in ["namespace", "clusterScoped"] {
        if found.len() < 2 {
            break;
        }
        let wanted = text(over, key);
        let said = |part: usize, node: NodeId| {
            let own = text(tree.node(node), key);
            let default = plan.parts[part].defaults.map(|defaults| tree.node(defaults));
            own.or_else(|| default.filter(|_| key == "namespace").and_then(|defaults| text(defaults, key)))
        };
        if wanted.is_some() {
            found.retain(|(part, _, node)| said(*part, *node) == wanted);
        }
    }
    found.into_iter().map(|(part, at, _)| (part, at)).collect()
}
