//! Connections of every kind, made of the table.
#![allow(dead_code, reason = "each test uses its own part")]

use keyloom_connections::{Field, Kind, Rule, Shape};
use serde_json::{Map, Value, json};

/// A value that a field takes.
pub(crate) fn fitting(field: &Field, text: &str) -> Value {
    match field.shape {
        Shape::Text if field.name == "service_account_json" => json!(json!({ "key": text }).to_string()),
        Shape::Text if field.name == "ssl_mode" => json!("verify-full"),
        Shape::Text => json!(text),
        Shape::Integer => json!(7),
        Shape::Port => json!(8080),
        Shape::Number => json!(2.5),
        Shape::Bool => json!(true),
        Shape::Texts => json!([text, "second"]),
        Shape::TextMap => json!({ "name": text }),
        Shape::TextsMap => json!({ "name": [text] }),
        Shape::Object => json!({ "type": text }),
    }
}

/// Values that a field does not take, each with the text in it where it has one.
pub(crate) fn wrong(field: &Field, text: &str) -> Vec<Value> {
    match field.shape {
        Shape::Text => vec![json!(1), json!(true), json!([text]), json!({ "a": text })],
        Shape::Integer => vec![json!(text), json!(1.5), json!(9_223_372_036_854_775_808_u64), json!(1e300)],
        Shape::Port => vec![json!(text), json!(0), json!(65_536), json!(-1), json!(1.5)],
        Shape::Number => vec![json!(text), json!(false)],
        Shape::Bool => vec![json!(text), json!(1)],
        Shape::Texts => vec![json!(text), json!(["a", 1, null]), json!({ "a": text })],
        Shape::TextMap => vec![json!(text), json!({ "a": 1 }), json!([text])],
        Shape::TextsMap => vec![json!({ "a": text }), json!({ "a": [text, 1] })],
        Shape::Object => vec![json!(text), json!([text]), json!(1)],
    }
}

/// The details that a kind needs and no more.
pub(crate) fn least(kind: &Kind, text: &str) -> Map<String, Value> {
    let mut details = Map::new();
    let mut put = |name: &str| {
        details.extend(kind.field(name).map(|field| (name.to_owned(), fitting(field, text))));
    };
    kind.fields.iter().filter(|field| field.required).for_each(|field| put(field.name));
    for rule in kind.rules {
        if let Rule::OneOf(groups) = rule {
            groups[0].iter().for_each(|name| put(name));
        }
    }
    details
}

/// All fields that go together.
pub(crate) fn most(kind: &Kind, text: &str) -> Map<String, Value> {
    let mut details: Map<_, _> =
        kind.fields.iter().map(|field| (field.name.to_owned(), fitting(field, text))).collect();
    for rule in kind.rules {
        if let Rule::NotBoth(_, other) = rule {
            other.iter().for_each(|name| drop(details.remove(*name)));
        }
    }
    details
}

pub(crate) fn connection(kind: &Kind, details: Map<String, Value>) -> Value {
    json!({ "type": kind.word, "details": details })
}
