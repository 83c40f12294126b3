//! Since when a kind or a field is there. Paths are those of [`Cursor::at`]: `["data", "[]", "remoteRef", "key"]`, and the
//! empty one stands for the kind itself.

use super::{Coverage, EsoVersion, Kind, spec};
use crate::Cursor;

/// Whether a version has a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It has.
    Yes,
    /// It has not.
    No,
    /// It is not condensed, and those around it differ or are missing.
    Unknown,
}

/// The first condensed version whose schema has the field at that path of `.spec`.
pub fn introduced(kind: Kind, path: &[&str]) -> Option<EsoVersion> {
    EsoVersion::KNOWN.into_iter().find(|version| has(*version, kind, path))
}

/// The first condensed version which lists that value for the field at that path of `.spec`.
pub fn enum_introduced(kind: Kind, path: &[&str], value: &str) -> Option<EsoVersion> {
    EsoVersion::KNOWN.into_iter().find(|version| {
        let field = at(*version, kind, path);
        field.is_some_and(|field| field.enum_values().any(|listed| listed == value))
    })
}

/// Whether a version has the field at that path of `.spec`.
pub fn presence(version: EsoVersion, kind: Kind, path: &[&str]) -> Presence {
    let has = |version| has(version, kind, path);
    match version.coverage() {
        Coverage::Exact if has(version) => Presence::Yes,
        Coverage::Exact => Presence::No,
        Coverage::Between { used, next } => match (has(used), has(next)) {
            (true, true) => Presence::Yes,
            (false, false) => Presence::No,
            _ => Presence::Unknown,
        },
        // What came after the oldest condensed version was not there before it.
        Coverage::Older { used } if !has(used) && introduced(kind, path).is_some() => Presence::No,
        Coverage::Older { .. } | Coverage::Newer { .. } => Presence::Unknown,
        Coverage::NoV1 => Presence::No,
    }
}

fn has(version: EsoVersion, kind: Kind, path: &[&str]) -> bool {
    at(version, kind, path).is_some()
}

fn at(version: EsoVersion, kind: Kind, path: &[&str]) -> Option<Cursor<'static>> {
    let spec = spec(version, kind);
    spec.exists().then(|| spec.root()).and_then(|root| root.at(path))
}
