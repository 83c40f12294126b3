//! Objects that are there twice.

use std::collections::BTreeMap;

use keyloom_models::code::DUPLICATE_ITEM;
use keyloom_syntax::{Diagnostic, Severity, Sources};

use super::{folder, label};
use crate::set::Set;

/// Of two objects of the same kind, namespace and name the second replaces the first, where both are applied. Files of
/// other folders are mostly other clusters' or overlays'.
pub(super) fn check(sources: &Sources, set: &Set<'_>, found: &mut Vec<Diagnostic>) {
    for (kind, _, name, objects) in set.identities().filter(|(_, _, _, objects)| objects.len() > 1) {
        let (mut files, mut folders) = (BTreeMap::new(), BTreeMap::new());
        for object in objects {
            let same = *files.entry(object.file).or_insert(object);
            let near = *folders.entry(folder(sources, object)).or_insert(object);
            let (first, severity) = match () {
                () if !std::ptr::eq(same, object) => (same, Severity::Error),
                () if !std::ptr::eq(near, object) => (near, Severity::Warning),
                () => continue,
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
