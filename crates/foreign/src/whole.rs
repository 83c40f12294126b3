//! Rules over all objects of the set. Stores, Secrets and namespaces that are not in it may be in the cluster, so only what
//! the set itself contradicts is reported.

mod conditions;
mod identity;
mod owners;
mod providers;
mod references;

use keyloom_syntax::{Diagnostic, Label, Node, Sources};

use crate::object::{Object, known};
use crate::set::Set;

/// Everything that is wrong between objects.
pub(crate) fn check(sources: &Sources, set: &Set<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    identity::check(sources, set, &mut found);
    owners::check(sources, set, &mut found);
    let stores = references::Stores::of(set);
    let generators = references::Generators::of(set);
    let serving = conditions::Serving::of(set);
    for object in set.objects.iter().filter(|object| object.is_whole()) {
        let Some(kind) = object.eso() else { continue };
        for reference in references::of(object, kind) {
            match references::resolve(&reference, object, kind, set, &stores, &mut found) {
                Some(store) => {
                    serving.check(&reference, object, store, &mut found);
                    providers::check(&reference, store, &mut found);
                }
                None => generators.check(&reference, object, kind, &mut found),
            }
        }
    }
    found
}

/// A label at a node, with its path in the object.
fn label(node: Node<'_>, path: &str, text: impl Into<String>) -> Label {
    Label { span: Some(node.span()), path: path.to_owned(), text: text.into() }
}

/// The folder of a file, where kustomize and Flux begin.
fn folder<'s>(sources: &'s Sources, object: &Object<'_>) -> &'s str {
    let name = sources.file(object.file).name.as_str();
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The text at a path of fields.
fn text_at<'t>(node: Node<'t>, path: &[&str]) -> Option<&'t str> {
    path.iter().try_fold(node, |node, step| node.get(step)).and_then(known)
}
