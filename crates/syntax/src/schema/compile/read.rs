//! Reading the value of one keyword.

use serde_json::{Map, Value};

use super::super::node::{Doc, Range};
use super::super::{SchemaError, Types, Values};
use super::Place;

type Object = Map<String, Value>;

pub(super) fn doc(map: &Object) -> Option<Box<Doc>> {
    let text = |name: &str| map.get(name).and_then(Value::as_str).map(str::to_owned);
    let doc = Doc {
        description: text("description").or_else(|| text("title")),
        default: map.get("default").cloned(),
    };
    (doc.description.is_some() || doc.default.is_some()).then(|| Box::new(doc))
}

pub(super) fn values(map: &Object, at: &Place<'_>) -> Result<Option<Box<Values>>, SchemaError> {
    let Some(value) = map.get("enum") else { return Ok(None) };
    let list = value.as_array().ok_or_else(|| at.unsupported("`enum` wants a list"))?.clone();
    let texts = list.iter().all(Value::is_string);
    Ok(Some(Box::new(Values { list, texts })))
}

/// `oneOf` or `anyOf` of nothing but distinct words (an enum with a description for each) is an `enum`.
pub(super) fn words_as_values(map: &Object) -> Option<Box<Values>> {
    let others = ["allOf", "not", "if", "const"].iter().any(|keyword| map.contains_key(*keyword));
    let branches = match (map.get("oneOf"), map.get("anyOf")) {
        (Some(branches), None) | (None, Some(branches)) if !others => branches.as_array()?,
        _ => return None,
    };
    let mut list: Vec<Value> = Vec::new();
    for branch in branches {
        let branch = branch.as_object()?;
        let plain =
            |key: &String| matches!(key.as_str(), "const" | "enum" | "type" | "description" | "title");
        if !branch.keys().all(plain) || branch.get("type").is_some_and(|t| t != "string") {
            return None;
        }
        let words = match (branch.get("const"), branch.get("enum")) {
            (Some(word), None) => vec![word.clone()],
            (None, Some(words)) => words.as_array()?.clone(),
            _ => return None,
        };
        for word in words {
            if !word.is_string() || list.contains(&word) {
                return None;
            }
            list.push(word);
        }
    }
    (!list.is_empty()).then(|| Box::new(Values { list, texts: true }))
}

/// The fields any of which a branch asks for, when it says `required: [name]`, or `anyOf` of such, and nothing else
/// that could fail.
fn only_keys(branch: &Value) -> Option<Vec<&str>> {
    let branch = branch.as_object()?;
    let is = |key: &str, known: &str| [known, "description", "title", "$comment"].contains(&key);
    if let Some(choices) = branch.get("anyOf") {
        let single = |choice| only_keys(choice).filter(|names| names.len() == 1);
        let names = choices.as_array()?.iter().map(single).collect::<Option<Vec<_>>>()?.concat();
        return branch.keys().all(|key| is(key, "anyOf")).then_some(names);
    }
    let [name] = branch.get("required")?.as_array()?.as_slice() else { return None };
    if branch.keys().all(|key| is(key, "required")) { Some(vec![name.as_str()?]) } else { None }
}

/// The fields that branches ask for, if that is all they do and no field asks for two of them.
pub(super) fn keys(branches: &[Value]) -> Option<Vec<(Box<str>, u32)>> {
    let mut keys: Vec<(Box<str>, u32)> = Vec::new();
    for (number, branch) in (0..64).zip(branches) {
        for name in only_keys(branch)? {
            if keys.iter().any(|(known, _)| **known == *name) {
                return None;
            }
            keys.push((name.into(), number));
        }
    }
    (branches.len() <= 64).then_some(keys)
}

pub(super) fn range(map: &Object, at: &Place<'_>) -> Result<Option<Box<Range>>, SchemaError> {
    let bound = |keyword: &str| match map.get(keyword) {
        None => Ok(None),
        Some(value) => match value.as_f64() {
            Some(bound) => Ok(Some(bound)),
            None => Err(at.unsupported(format!("`{keyword}` wants a number"))),
        },
    };
    let range = Range {
        min: bound("minimum")?,
        max: bound("maximum")?,
        above: bound("exclusiveMinimum")?,
        below: bound("exclusiveMaximum")?,
    };
    let any = range.min.is_some() || range.max.is_some() || range.above.is_some() || range.below.is_some();
    Ok(any.then(|| Box::new(range)))
}

pub(super) fn flag(map: &Object, keyword: &str, at: &Place<'_>) -> Result<bool, SchemaError> {
    match map.get(keyword) {
        None => Ok(false),
        Some(Value::Bool(value)) => Ok(*value),
        Some(_) => Err(at.unsupported(format!("`{keyword}` wants true or false"))),
    }
}

pub(super) fn count(map: &Object, keyword: &str, at: &Place<'_>) -> Result<Option<u64>, SchemaError> {
    match map.get(keyword) {
        None => Ok(None),
        Some(value) => match value.as_u64() {
            Some(count) => Ok(Some(count)),
            None => Err(at.unsupported(format!("`{keyword}` wants a whole number from 0"))),
        },
    }
}

pub(super) fn mapping<'v>(
    map: &'v Object,
    keyword: &str,
    at: &Place<'_>,
) -> Result<impl Iterator<Item = (&'v String, &'v Value)>, SchemaError> {
    match map.get(keyword) {
        None => Ok(None),
        Some(Value::Object(inner)) => Ok(Some(inner)),
        Some(_) => Err(at.unsupported(format!("`{keyword}` wants a mapping"))),
    }
    .map(|inner| inner.into_iter().flatten())
}

pub(super) fn names<'v>(value: Option<&'v Value>, at: &Place<'_>) -> Result<Vec<&'v str>, SchemaError> {
    let Some(value) = value else { return Ok(Vec::new()) };
    let names = value.as_array().map(|names| names.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
    names.flatten().ok_or_else(|| at.unsupported("`required` wants a list of names"))
}

/// Whether a set of types was spelled in a way that is understood.
pub(super) fn types(value: &Value, at: &Place<'_>) -> Result<Types, SchemaError> {
    let one = |name: &str| match name {
        "null" => Ok(Types::NULL),
        "boolean" => Ok(Types::BOOL),
        "integer" => Ok(Types::INT),
        "number" => Ok(Types::NUMBER),
        "string" => Ok(Types::TEXT),
        "array" => Ok(Types::LIST),
        "object" => Ok(Types::MAP),
        other => Err(at.unsupported(format!("unknown type {other}"))),
    };
    match value {
        Value::String(name) => one(name),
        Value::Array(names) => names.iter().try_fold(Types::NONE, |all, name| {
            Ok(all.or(one(name.as_str().ok_or_else(|| at.unsupported("wants the names of types"))?)?))
        }),
        _ => Err(at.unsupported("wants the names of types")),
    }
}
