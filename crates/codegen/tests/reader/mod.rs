//! YAML 1.2 (core schema) as JSON values, from a parser's events.

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value};

/// The documents of a stream.
pub(crate) fn documents(yaml: &str) -> Vec<Value> {
    let mut events = Parser::new_from_str(yaml)
        .map(|event| event.unwrap_or_else(|error| panic!("{error}\n{yaml}")).0)
        .collect::<Vec<_>>()
        .into_iter();
    let mut documents = Vec::new();
    while let Some(event) = events.next() {
        if matches!(event, Event::DocumentStart(_)) {
            let first = events.next().unwrap();
            documents.push(value(first, &mut events));
        }
    }
    documents
}

fn value<'y>(event: Event<'y>, events: &mut impl Iterator<Item = Event<'y>>) -> Value {
    match event {
        Event::Scalar(text, ScalarStyle::Plain, ..) => plain(&text),
        Event::Scalar(text, ..) => Value::from(text.into_owned()),
        Event::SequenceStart(..) => {
            let mut items = Vec::new();
            loop {
                match events.next().unwrap() {
                    Event::SequenceEnd => return Value::from(items),
                    item => items.push(value(item, events)),
                }
            }
        }
        Event::MappingStart(..) => {
            let mut map = Map::new();
            loop {
                match events.next().unwrap() {
                    Event::MappingEnd => return Value::from(map),
                    key => {
                        let Value::String(key) = value(key, events) else { panic!("a key is no string") };
                        let first = events.next().unwrap();
                        map.insert(key, value(first, events));
                    }
                }
            }
        }
        other => panic!("unexpected {other:?}"),
    }
}

fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::from(true),
        "false" | "False" | "FALSE" => Value::from(false),
        _ => {
            let octal = text.strip_prefix("0o").map(|digits| i64::from_str_radix(digits, 8));
            let hex = text.strip_prefix("0x").map(|digits| i64::from_str_radix(digits, 16));
            match octal.or(hex).unwrap_or_else(|| text.parse()) {
                Ok(number) => Value::from(number),
                // Rust reads `inf` and `nan` as numbers, YAML does not.
                Err(_) if text.contains(|c: char| c.is_ascii_digit()) => {
                    text.parse::<f64>().map_or_else(|_| Value::from(text), Value::from)
                }
                Err(_) => Value::from(text),
            }
        }
    }
}
