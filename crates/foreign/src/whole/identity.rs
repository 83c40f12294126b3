//! Objects that are there twice.

use keyloom_models::code::DUPLICATE_ITEM;
use keyloom_syntax::{Diagnostic, Severity, Sources};

use super::{folder, label};
use crate::set::Set;

/// Of two objects of the same kind, namespace and name the second replaces the first, where both are applied. Files of
/// other folders are mostly other clusters' or overlays'.
pub(super) fn check(sources: &Sources, set: &Set<'_>, found: &mut Vec<Diagnostic>) {
    for (kind, _, name, objects) in set.identities() {
        for (at, object) in objects.iter().enumerate().skip(1) {
            let same = |other: &&&crate::object::Object<'_>| other.file == object.file;
            let near =
                |other: &&&crate::object::Object<'_>| folder(sources, other) == folder(sources, object);
            let before = &objects[..at];
            let (first, severity) = match (before.iter().find(same), before.iter().find(near)) {
                (Some(first), _) => (first, Severity::Error),
                (None, Some(first)) => (first, Severity::Warning),
                (None, None) => continue,
            };
            let mut diagnostic =
                Diagnostic::error(DUPLICATE_ITEM, format!("{} `{name}` is there twice", kind.name()))
                    .at(label(object.name.unwrap_or(object.node), "metadata.name", ""))
                    .and_at(label(first.name.unwrap_or(first.node), "metadata.name", "first here"))
                    .why("whichever is applied last replaces the other")
                    .fix("remove one, or rename it");
            diagnostic.severity = severity;
            found.push(diagnostic);
        }
    }
}
