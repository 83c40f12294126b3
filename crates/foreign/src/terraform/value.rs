//! Values against types, with the conversions that Terraform makes.
//!
//! | wanted | also taken |
//! |---|---|
//! | string | a number, a bool |
//! | number | text that is one |
//! | bool | the texts `true`, `false`, `1`, `0` |
//! | list, set | any list whose items can be converted |
//! | map, object | an object |
//!
//! No list of one object for an object, no map for a set, no text for a list.

use keyloom_models::code;
use keyloom_syntax::view::{View, ViewKind};
use keyloom_syntax::{Severity, Span};
use keyloom_upstream::terraform::{Attribute, Nesting, Type, infisical};

use super::body::{deprecated, missing, unknown};
use super::expression::is_whole;
use super::view::scalars;
use super::written::COMMENT;
use super::{Place, Problems};

/// Checks the attribute of that name, if it is there.
pub(super) fn attribute(
    parent: &Place<'_, '_>,
    attribute: &Attribute,
    problems: &mut Problems,
    hidden: &mut Vec<Span>,
) {
    let Some(place) = parent.get(attribute.name) else { return };
    if !attribute.is_settable() {
        problems.push(
            place
                .error_at_key(code::NOT_ALLOWED, format!("`{}` cannot be set", attribute.name))
                .why("the provider alone sets it")
                .fix("remove it"),
        );
        return scalars(place.view(), hidden);
    }
    if attribute.deprecated {
        problems.push(deprecated(&place, attribute.name));
    }
    if infisical::is_secret(attribute) {
        secret(&place, attribute, problems, hidden);
    }
    check(&place, &attribute.ty, problems, hidden);
}

/// A sensitive value that is written out. Where one stands, nothing is shown, whatever else is wrong with it.
fn secret(place: &Place<'_, '_>, attribute: &Attribute, problems: &mut Problems, hidden: &mut Vec<Span>) {
    let text = place.view().node().as_str();
    if place.is_unknown() {
        // What stands around an expression may be the secret itself.
        if !text.is_some_and(is_whole) {
            scalars(place.view(), hidden);
        }
        return;
    }
    scalars(place.view(), hidden);
    if text != Some("") && !matches!(place.kind(), ViewKind::Sequence | ViewKind::Mapping) {
        let problem = place
            .error(code::LITERAL_SECRET, format!("`{}` is written out", attribute.name))
            .why("who can read this file, or its history, has it")
            .fix("refer to a variable that is `sensitive` (`\"${var.NAME}\"`), and set it in the environment: TF_VAR_NAME");
        problems.push(problem);
    }
}

/// Checks a value. Of one with the wrong type nothing is shown.
pub(super) fn check(place: &Place<'_, '_>, ty: &Type, problems: &mut Problems, hidden: &mut Vec<Span>) {
    let kind = place.kind();
    let text = place.view().node().as_str();
    match ty {
        // What an expression will be is not known, but text around it makes it text.
        _ if kind == ViewKind::Unknown => {
            let scalar = matches!(ty, Type::String | Type::Number | Type::Bool | Type::Unknown);
            if !scalar && !text.is_some_and(is_whole) {
                wrong(place, ty, problems, hidden);
            }
        }
        _ if kind == ViewKind::Null => {}
        Type::Unknown => {}
        Type::String if !is_body(kind) => {}
        Type::Number if matches!(kind, ViewKind::Int | ViewKind::Float) || text.is_some_and(is_number) => {}
        Type::Bool if super::view::boolean(place).is_some() => {}
        Type::List(inner) | Type::Set(inner) if kind == ViewKind::Sequence => {
            place.items().for_each(|item| check(&item, inner, problems, hidden));
        }
        Type::Map(inner) if kind == ViewKind::Mapping => {
            place.entries().for_each(|(_, value)| check(&value, inner, problems, hidden));
        }
        Type::Object(fields) if kind == ViewKind::Mapping => object(place, fields, problems, hidden),
        Type::Nested(Nesting::Single, inner) if kind == ViewKind::Mapping => {
            nested(place, inner, problems, hidden)
        }
        Type::Nested(Nesting::List | Nesting::Set, inner) if kind == ViewKind::Sequence => {
            for item in place.items() {
                element(&item, inner, problems, hidden);
            }
        }
        Type::Nested(Nesting::Map, inner) if kind == ViewKind::Mapping => {
            for (_, value) in place.entries() {
                element(&value, inner, problems, hidden);
            }
        }
        Type::String
        | Type::Number
        | Type::Bool
        | Type::List(_)
        | Type::Set(_)
        | Type::Map(_)
        | Type::Object(_)
        | Type::Nested(..) => wrong(place, ty, problems, hidden),
    }
}

/// One object of several.
fn element(place: &Place<'_, '_>, inner: &[Attribute], problems: &mut Problems, hidden: &mut Vec<Span>) {
    match place.kind() {
        ViewKind::Mapping => nested(place, inner, problems, hidden),
        ViewKind::Null => {}
        ViewKind::Unknown if place.view().node().as_str().is_some_and(is_whole) => {}
        _ => {
            scalars(place.view(), hidden);
            problems.push(place.error(code::WRONG_TYPE, "an object is wanted here"));
        }
    }
}

/// Nested attributes. Terraform makes an object with exactly the known keys out of what is written.
fn nested(place: &Place<'_, '_>, attributes: &[Attribute], problems: &mut Problems, hidden: &mut Vec<Span>) {
    let view = place.view();
    for (key, at, below) in view.entries() {
        if let Some(known) = attributes.iter().find(|attribute| attribute.name == key) {
            attribute(place, known, problems, hidden);
        } else if key != COMMENT {
            let names = attributes.iter().filter(|one| one.is_settable()).map(|one| one.name);
            let problem = unknown(place, key, at, names);
            problems.push(
                problem.why("Terraform drops it in silence: validate, plan and apply all pass without it"),
            );
            scalars(below, hidden);
        }
    }
    missing(place, attributes, problems);
}

/// Fields of an object's type, all of which are required.
fn object(place: &Place<'_, '_>, fields: &[(&str, Type)], problems: &mut Problems, hidden: &mut Vec<Span>) {
    for (name, ty) in fields {
        match place.get(name) {
            Some(value) => check(&value, ty, problems, hidden),
            None if place.has(name) => {}
            None => problems.push(place.error(code::MISSING_FIELD, format!("missing field `{name}`"))),
        }
    }
}

fn wrong(place: &Place<'_, '_>, ty: &Type, problems: &mut Problems, hidden: &mut Vec<Span>) {
    scalars(place.view(), hidden);
    let is = match place.kind() {
        ViewKind::Null => "nothing",
        ViewKind::Bool => "a bool",
        ViewKind::Int | ViewKind::Float => "a number",
        ViewKind::Text | ViewKind::Unknown => "text",
        ViewKind::Sequence => "a list",
        ViewKind::Mapping => "an object",
    };
    let wanted = ty.words();
    let message = match (ty, place.kind()) {
        (Type::Bool | Type::Number, ViewKind::Text) => {
            format!("{wanted} is wanted here, and this text is none")
        }
        _ => format!("{wanted} is wanted here, and this is {is}"),
    };
    let mut problem = place.error(code::WRONG_TYPE, message);
    problem.severity = Severity::Error;
    if matches!(ty, Type::Nested(Nesting::Single, _)) && place.kind() == ViewKind::Sequence {
        problem.fix = Some("take the object out of the list: it is an attribute and no block".into());
    }
    problems.push(problem);
}

fn is_body(kind: ViewKind) -> bool {
    matches!(kind, ViewKind::Sequence | ViewKind::Mapping)
}

/// Whether Terraform reads a number in a text.
fn is_number(text: &str) -> bool {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    digits && text.parse::<f64>().is_ok()
}
