//! Secrets that two ExternalSecrets want to own.

use std::collections::BTreeMap;

use keyloom_models::code::TWO_OWNERS;
use keyloom_syntax::{Diagnostic, Node, Severity, Sources};
use keyloom_upstream::eso::Kind;

use super::{folder, label, text_at};
use crate::object::{Object, known};
use crate::set::Set;

struct Owner<'s, 't> {
    object: &'s Object<'t>,
    /// Where the Secret's name is said.
    at: Node<'t>,
    path: &'static str,
}

pub(super) fn check(sources: &Sources, set: &Set<'_>, found: &mut Vec<Diagnostic>) {
    let mut owners: BTreeMap<(Option<&str>, &str), Vec<Owner<'_, '_>>> = BTreeMap::new();
    let secrets =
        set.objects.iter().filter(|object| object.is_whole() && object.eso() == Some(Kind::ExternalSecret));
    for object in secrets {
        if let Some((name, owner)) = owner(object) {
            owners.entry((object.namespace(), name)).or_default().push(owner);
        }
    }
    for ((namespace, name), owners) in &owners {
        let Some((first, others)) = owners.split_first() else { continue };
        // The same object in two files is one object, or another cluster's.
        for other in others.iter().filter(|other| other.object.name() != first.object.name()) {
            let together = folder(sources, first.object) == folder(sources, other.object);
            let severity = match namespace {
                Some(_) if together => Severity::Error,
                None if !together => continue,
                // Whoever fills in the namespaces may fill in two.
                Some(_) | None => Severity::Warning,
            };
            let mut diagnostic = Diagnostic::error(TWO_OWNERS, format!("the Secret `{name}` has two owners"))
                .at(label(other.at, other.path, ""))
                .and_at(label(first.at, first.path, "this one owns it too"))
                .why("the operator lets the first have it, and the other fails at every sync")
                .fix("give one another `target.name`, or let it add its keys: `creationPolicy: Merge`");
            diagnostic.severity = severity;
            found.push(diagnostic);
        }
    }
}

/// The name of the Secret that an ExternalSecret owns, when it is known.
fn owner<'s, 't>(object: &'s Object<'t>) -> Option<(&'t str, Owner<'s, 't>)> {
    let spec = object.node.get("spec")?;
    let target = spec.get("target");
    if target.is_some_and(|target| target.get("manifest").is_some()) {
        return None;
    }
    let policy = target.and_then(|target| target.get("creationPolicy"));
    if policy.is_some_and(|policy| known(policy) != Some("Owner")) {
        return None;
    }
    let named = target.and_then(|target| target.get("name"));
    let (at, path) = match named {
        Some(name) => (name, "spec.target.name"),
        None => (object.name?, "metadata.name"),
    };
    // A namespace that somebody fills in is none to compare.
    let unknown = object.namespace.is_some() && object.namespace().is_none();
    let name = text_at(at, &[])?;
    (!unknown).then_some((name, Owner { object, at, path }))
}
