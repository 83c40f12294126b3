//! The fields of `details`: what is missing, what is of another kind, what nobody knows.

use serde_json::Number;

use super::{many, names, texts};
use crate::field::{Field, FieldType};
use crate::ignored::{BESIDE_FIELDS, is_one};
use crate::kind::Kind;
use crate::object::Object;
use crate::problem::Problem;
use crate::shape::{Found, Shape};
use crate::value::Value;

pub(super) fn check(kind: &'static Kind, details: &Object, problems: &mut Vec<Problem>) {
    for field in kind.fields {
        match details.get(field.name) {
            None | Some(Value::Null) if field.required => {
                problems.push(Problem::missing(kind.word, field, false));
            }
            None | Some(Value::Null) => {}
            Some(value) if field.required && field.shape.is_of(value) && is_empty(value) => {
                problems.push(match field.takes_empty() {
                    true => Problem::EmptyPassword { kind: kind.word, field: field.name },
                    false => Problem::missing(kind.word, field, true),
                });
            }
            Some(value) => {
                let place = format!("details.{}", field.name);
                shape(&place, field.shape, value, problems);
                texts::check(kind, field, &place, value, problems);
            }
        }
    }
    for rule in kind.rules {
        rule.check(kind, details, problems);
    }
    let is_known = |name: &&str| is_one(name, &BESIDE_FIELDS) || kind.field(name).is_some();
    for (at, name) in names::each(details).filter(|name| !is_known(name)).enumerate() {
        // What is not told needs no meaning.
        let meant = if at < many::MOST { kind.suggest_field(name) } else { None };
        problems.push(Problem::UnknownField { kind: kind.word, field: names::or_dots(name, meant), meant });
    }
}

/// Whether there is nothing in it.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Text(text) => text.is_blank(),
        Value::List(list) => list.is_empty(),
        Value::Object(object) => object.iter().next().is_none(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// What a value is, where JSON inside of a text is something of its own.
pub(crate) fn found(value: &Value) -> Found {
    let encoded = |text: &str| {
        let text = text.trim_start();
        text.starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
    };
    if value.text().is_some_and(|text| encoded(text.expose())) { Found::Encoded } else { Found::of(value) }
}

/// Each value at its own place, so that the third of a list is told as the third.
fn shape(place: &str, wanted: Shape, value: &Value, problems: &mut Vec<Problem>) {
    match (wanted, value) {
        (Shape::Texts, Value::List(list)) => {
            for (at, element) in list.iter().enumerate() {
                shape(&format!("{place}[{at}]"), Shape::Text, element, problems);
            }
        }
        (Shape::TextMap, Value::Object(object)) => {
            for (name, value) in object.iter() {
                shape(&below(place, name), Shape::Text, value, problems);
            }
        }
        (Shape::TextsMap, Value::Object(object)) => {
            for (name, value) in object.iter() {
                shape(&below(place, name), Shape::Texts, value, problems);
            }
        }
        _ if wanted.is_of(value) => {}
        _ => {
            let found = instead_of(wanted, value);
            problems.push(Problem::WrongShape { field: place.to_owned(), wanted, found });
        }
    }
}

fn below(place: &str, name: &str) -> String {
    format!("{place}.{}", names::or_dots(name, None))
}

/// What it is instead, as near as helps.
fn instead_of(wanted: Shape, value: &Value) -> Found {
    match (wanted, value) {
        (Shape::Integer, Value::Number(number)) if is_whole(number) => Found::Beyond64Bits,
        (Shape::Port, Value::Number(number)) if is_whole(number) => Found::OutOfRange,
        (Shape::Integer | Shape::Port, Value::Number(_)) => Found::Fraction,
        (Shape::Integer | Shape::Port | Shape::Number | Shape::Bool, Value::Text(text)) => {
            match serde_json::from_str(text.expose()) {
                Ok(inside) if wanted.is_of(&inside) => Found::Quoted,
                _ => Found::Text,
            }
        }
        (Shape::Texts | Shape::TextMap | Shape::TextsMap | Shape::Object, Value::Text(_)) => found(value),
        _ => Found::of(value),
    }
}

fn is_whole(number: &Number) -> bool {
    !number.is_f64() || number.as_f64().is_some_and(|float| float.fract() == 0.0)
}

impl Shape {
    /// Whether a value is of the kind; of lists and mappings, whether they are one.
    fn is_of(self, value: &Value) -> bool {
        match self {
            Self::Text => value.text().is_some(),
            Self::Integer => i64::read(value).is_some(),
            Self::Port => u16::read(value).is_some(),
            Self::Number => f64::read(value).is_some(),
            Self::Bool => bool::read(value).is_some(),
            Self::Texts => value.list().is_some(),
            Self::TextMap | Self::TextsMap | Self::Object => value.object().is_some(),
        }
    }
}

/// What was written, without the name that a connection has anyway and without unknown fields, then the defaults.
pub(super) fn filled(kind: &Kind, details: &Object) -> Object {
    let mut fields = Vec::new();
    for field in kind.fields {
        let said = details.get(field.name).filter(|value| !matches!(value, Value::Null));
        let said = said.map(|value| plain(field, value));
        if let Some(value) = said.or_else(|| field.default.map(|literal| literal.value())) {
            fields.push((field.name.to_owned(), value));
        }
    }
    Object(fields)
}

/// A whole number is kept as one, also where `1.0` was written.
fn plain(field: &Field, value: &Value) -> Value {
    match field.shape {
        Shape::Integer | Shape::Port => {
            i64::read(value).map_or_else(|| value.clone(), |whole| Value::Number(whole.into()))
        }
        Shape::Text
        | Shape::Number
        | Shape::Bool
        | Shape::Texts
        | Shape::TextMap
        | Shape::TextsMap
        | Shape::Object => value.clone(),
    }
}
