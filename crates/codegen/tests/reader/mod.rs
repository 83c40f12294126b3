//! YAML 1.2 (core schema) as JSON values, from a parser's events; what YAML 1.1 would read as something else stops it.

use std::sync::LazyLock;

use regex::RegexSet;
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
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::from(true),
        "false" | "False" | "FALSE" => return Value::from(false),
        _ => {}
    }
    let octal = text.strip_prefix("0o").map(|digits| i64::from_str_radix(digits, 8));
    let hex = text.strip_prefix("0x").map(|digits| i64::from_str_radix(digits, 16));
    match octal.or(hex).unwrap_or_else(|| text.parse()) {
        Ok(number) => Value::from(number),
        Err(_) if is_other_in_yaml_1_1(text) => panic!("{text:?} is no string in YAML 1.1"),
        Err(_) => Value::from(text),
    }
}

/// What the type repository of YAML 1.1 (and go-yaml beside it) takes for something else than a string, beyond
/// what YAML 1.2 does.
fn is_other_in_yaml_1_1(text: &str) -> bool {
    static OTHER: LazyLock<RegexSet> = LazyLock::new(|| {
        RegexSet::new([
            "^(?i:y|n|yes|no|on|off|true|false|null|~|=|<<)$",
            r"^[-+]?(0b[01_]+|0o?[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(:[0-5]?[0-9])+)$",
            r"^[-+]?([0-9][0-9_]*)?\.[0-9._]*([eE][-+]?[0-9]+)?$",
            r"^[-+]?(\.[0-9_]+|[0-9][0-9_]*(\.[0-9_]*)?)([eE][-+]?[0-9]+)?$",
            r"^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+\.[0-9_]*$",
            r"^([-+]?\.(?i:inf)|\.(?i:nan))$",
            r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$",
            r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?([ \t]*(Z|[-+][0-9]{1,2}(:?[0-9]{2})?))?$",
        ])
        .unwrap()
    });
    OTHER.is_match(text)
}
