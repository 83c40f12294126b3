//! Tags: `!!str` and its kin are applied, anything else is refused.

use saphyr_parser::Tag;

use crate::scalar::{self, Number, ScalarKind};

/// What a tag asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Scalar(ScalarKind),
    Sequence,
    Mapping,
    /// `!` alone: not resolved, so a scalar is a string.
    Unresolved,
}

const CORE: &str = "tag:yaml.org,2002:";

/// Reads a tag; `None` for one we do not know.
pub(super) fn wanted(tag: &Tag) -> Option<Wanted> {
    if tag.handle.is_empty() && tag.suffix == "!" {
        return Some(Wanted::Unresolved);
    }
    let name = if tag.handle == CORE { &tag.suffix } else { tag.suffix.strip_prefix(CORE)? };
    Some(match name {
        "str" => Wanted::Scalar(ScalarKind::String),
        "int" => Wanted::Scalar(ScalarKind::Int),
        "float" => Wanted::Scalar(ScalarKind::Float),
        "bool" => Wanted::Scalar(ScalarKind::Bool),
        "null" => Wanted::Scalar(ScalarKind::Null),
        "seq" => Wanted::Sequence,
        "map" => Wanted::Mapping,
        _ => return None,
    })
}

/// The kind a tagged scalar gets; `None` when its text is no such thing.
pub(super) fn apply(wanted: Wanted, text: &str) -> Option<ScalarKind> {
    let Wanted::Scalar(kind) = wanted else {
        return (wanted == Wanted::Unresolved).then_some(ScalarKind::String);
    };
    let fits = match kind {
        ScalarKind::String => true,
        ScalarKind::Null | ScalarKind::Bool => scalar::resolve(text) == kind,
        ScalarKind::Int => matches!(scalar::number(text), Some(Number::Signed(_) | Number::Unsigned(_))),
        ScalarKind::Float => scalar::number(text).is_some(),
    };
    fits.then_some(kind)
}

/// The tag as the user wrote it, nearly.
pub(super) fn written(tag: &Tag) -> String {
    if tag.handle == CORE { format!("!!{}", tag.suffix) } else { format!("{}{}", tag.handle, tag.suffix) }
}
