//! What stands in a block against its schema: attributes, blocks, and what Terraform allows everywhere.

use keyloom_models::code;
use keyloom_syntax::check::Problem;
use keyloom_syntax::suggest::suggest;
use keyloom_syntax::view::{View, ViewKind};
use keyloom_syntax::{Severity, Span};
use keyloom_upstream::terraform::{Attribute, Block, BlockNesting, Schema};

use super::value;
use super::view::scalars;
use super::written::COMMENT;
use super::{Place, Problems};

/// Blocks made in a loop.
const DYNAMIC: &str = "dynamic";

/// Checks the body of a block. `meta` are the names that Terraform gives a meaning itself.
pub(super) fn check(
    place: &Place<'_, '_>,
    schema: &Schema,
    meta: &[&str],
    problems: &mut Problems,
    hidden: &mut Vec<Span>,
) {
    let view = place.view();
    for (key, at, below) in view.entries() {
        if key == COMMENT || meta.contains(&key) || (key == DYNAMIC && !schema.blocks.is_empty()) {
            continue;
        }
        if let Some(attribute) = schema.attribute(key) {
            value::attribute(place, attribute, problems, hidden);
        } else if schema.block(key).is_none() {
            let names = schema.attributes.iter().filter(|one| one.is_settable()).map(|one| one.name);
            let names = names.chain(schema.blocks.iter().map(|one| one.name)).chain(meta.iter().copied());
            let mut problem = unknown(place, key, at, names);
            problem.why = Some("Terraform refuses it".into());
            problems.push(problem);
            scalars(below, hidden);
        }
    }
    missing(place, &schema.attributes, problems);
    for block in &schema.blocks {
        blocks(place, block, problems, hidden);
    }
    dynamic(place, schema, problems, hidden);
}

/// An unknown key, with the known one that was meant.
pub(super) fn unknown<'a>(
    place: &Place<'_, '_>,
    key: &str,
    at: Span,
    names: impl Iterator<Item = &'a str>,
) -> Problem<Span> {
    let names: Vec<_> = names.collect();
    let mut problem = place.error(code::UNKNOWN_FIELD, format!("unknown field `{key}`"));
    problem.path = format!("{}.{key}", problem.path);
    problem.at = at;
    match suggest(key, names.iter().copied()) {
        Some(near) => problem.label = format!("did you mean `{near}`?"),
        None if names.is_empty() => problem.fix = Some("nothing can be set here".into()),
        None => problem.fix = Some(format!("known here: {}", names.join(", "))),
    }
    problem
}

/// Required attributes that are not there. A key that is only spelled wrongly stands for one.
pub(super) fn missing(place: &Place<'_, '_>, attributes: &[Attribute], problems: &mut Problems) {
    let names = || attributes.iter().map(|attribute| attribute.name);
    let view = place.view();
    let meant: Vec<&str> = view
        .entries()
        .filter(|(key, _, _)| !names().any(|name| name == *key))
        .filter_map(|(key, _, _)| suggest(key, names()))
        .collect();
    for attribute in attributes.iter().filter(|attribute| attribute.required) {
        if place.has(attribute.name) || meant.contains(&attribute.name) {
            continue;
        }
        let (message, at) = match view.get(attribute.name) {
            Some((at, _)) => (format!("`{}` is required and cannot be null", attribute.name), at),
            None => (format!("missing field `{}`", attribute.name), place.key_place()),
        };
        let mut problem = place.error(code::MISSING_FIELD, message);
        problem.at = at;
        problems.push(problem.fix(format!("write `{}`: {}", attribute.name, attribute.ty.words())));
    }
}

/// The blocks of one type.
fn blocks(place: &Place<'_, '_>, block: &Block, problems: &mut Problems, hidden: &mut Vec<Span>) {
    let loops = place.get(DYNAMIC).is_some_and(|dynamic| dynamic.has(block.name) || dynamic.is_unknown());
    let Some(written) = place.get(block.name) else {
        if block.min > 0 && !loops {
            let name = block.name;
            let mut problem = place.error(code::MISSING_FIELD, format!("missing block `{name}`"));
            problem.at = place.key_place();
            problems.push(problem.fix(format!("write {}", amount(block))));
        }
        return;
    };
    if block.schema.deprecated {
        problems.push(deprecated(&written, block.name));
    }
    let count = match written.kind() {
        ViewKind::Mapping => {
            check(&written, &block.schema, &[], problems, hidden);
            1
        }
        ViewKind::Sequence => {
            for item in written.items() {
                match item.kind() {
                    ViewKind::Mapping => check(&item, &block.schema, &[], problems, hidden),
                    _ => problems.push(no_block(&item, hidden)),
                }
            }
            written.items().count() as u64
        }
        _ => return problems.push(no_block(&written, hidden)),
    };
    let most = match block.nesting {
        BlockNesting::Single | BlockNesting::Group => Some(1),
        BlockNesting::List | BlockNesting::Set | BlockNesting::Map => block.max,
    };
    if count < block.min && !loops {
        let words = format!("{count} of `{}`", block.name);
        problems.push(written.error_at_key(code::TOO_FEW, words).fix(format!("write {}", amount(block))));
    }
    if most.is_some_and(|most| count > most) {
        let words = format!("{count} blocks `{}`", block.name);
        problems.push(written.error_at_key(code::TOO_MANY, words).fix(format!("write {}", amount(block))));
    }
}

/// How many blocks there must be, in words.
fn amount(block: &Block) -> String {
    match (block.min, block.max) {
        (min, Some(max)) if min == max => format!("exactly {min}"),
        (0, Some(max)) => format!("{max} at most"),
        (min, Some(max)) => format!("between {min} and {max}"),
        (0, None) => "one at most".into(),
        (min, None) => format!("at least {min}"),
    }
}

fn no_block(place: &Place<'_, '_>, hidden: &mut Vec<Span>) -> Problem<Span> {
    scalars(place.view(), hidden);
    place
        .error(code::WRONG_TYPE, "a block is wanted: an object, or a list of objects")
        .why("a block cannot come out of an expression; Terraform makes several of one with `dynamic`")
}

/// `"dynamic": {"replica": {"for_each": ..., "content": {...}}}`: how many there will be is not known.
fn dynamic(place: &Place<'_, '_>, schema: &Schema, problems: &mut Problems, hidden: &mut Vec<Span>) {
    let Some(dynamic) = place.get(DYNAMIC).filter(|_| !schema.blocks.is_empty()) else { return };
    let objects: Vec<_> = match dynamic.kind() {
        ViewKind::Sequence => dynamic.items().collect(),
        _ => vec![dynamic.clone()],
    };
    for object in &objects {
        for (name, at) in object.entries().filter(|(name, _)| *name != COMMENT) {
            match schema.block(name) {
                Some(block) => {
                    if let Some(content) = at.get("content") {
                        check(&content, &block.schema, &[], problems, hidden);
                    }
                }
                None => {
                    let names = schema.blocks.iter().map(|block| block.name);
                    problems.push(unknown(object, name, at.key_place(), names));
                    scalars(at.view(), hidden);
                }
            }
        }
    }
}

pub(super) fn deprecated(place: &Place<'_, '_>, name: &str) -> Problem<Span> {
    place
        .error_at_key(code::DEPRECATED_FIELD, format!("`{name}` is on its way out"))
        .severity(Severity::Warning)
}
