//! Why nothing is made of some manifests, before it is tried.

use keyloom_models::code;
use keyloom_syntax::{Diagnostic, Label, Span};
use keyloom_upstream::eso::Kind;

use super::stores::Stores;
use crate::object::Object;
use crate::set::Set;

/// There is nothing to make a declaration of, for one reason or another.
pub(super) fn nothing(set: &Set<'_>) -> Diagnostic {
    match set.objects.iter().find_map(Object::declaration) {
        Some(key) => Diagnostic::error(code::NO_MANIFEST, "this is a declaration already")
            .at(Label::at(key.span(), ""))
            .fix("`keyloom check` checks it, `keyloom render` makes manifests of it"),
        None => Diagnostic::error(
            code::NO_MANIFEST,
            "there is no object of External Secrets Operator to import",
        )
        .fix("name the files or folders that hold manifests, or hand over the output of `helm template`"),
    }
}

/// Stores of which the provider must be told.
pub(super) fn unknown_stores(stores: &Stores<'_>) -> Vec<Diagnostic> {
    let found = stores.unknown.iter().map(|(id, places)| {
        let first = places.first().map(|node| Label::at(node.span(), ""));
        Diagnostic::error(
            code::PROVIDER_NOT_KNOWN,
            format!(
                "the provider of {} `{}` is not known: it is not among the manifests",
                id.kind(),
                id.name
            ),
        )
        .at(first.unwrap_or_default())
        .why("what a path means depends on the provider")
        .fix(format!(
            "name the file that holds the store too, or write `--store {}=PROVIDER` (`--provider` for all)",
            id.name
        ))
    });
    found.collect()
}

/// Stores that write values out, as `fake` ones do, and the places of those values: a declaration holds them for tests alone,
/// and only where somebody says so.
pub(super) fn written_out(objects: &[Object<'_>]) -> (Vec<Diagnostic>, Vec<Span>) {
    let stores = objects
        .iter()
        .filter(|object| matches!(object.eso(), Some(Kind::SecretStore | Kind::ClusterSecretStore)));
    let values: Vec<Span> = stores
        .filter_map(|object| object.node.get("spec")?.get("provider")?.get("fake")?.get("data"))
        .flat_map(|data| data.items().filter_map(|item| Some(item.get("value")?.span())))
        .collect();
    let found = values.iter().map(|span| {
        Diagnostic::error(code::LITERAL_SECRET, "a `fake` store writes the value out")
            .at(Label::at(*span, ""))
            .why("a declaration holds such values for tests alone, and only if it says `allowLiteral: true`")
            .fix("keep the manifest beside the declaration and import the others, or declare the store by hand")
    });
    (found.collect(), values)
}
