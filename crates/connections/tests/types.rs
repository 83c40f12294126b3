//! The Rust types are held against what is known of Bruin's, field by field.

use std::collections::BTreeSet;

use keyloom_connections::{Connection, Field, Kind, Literal, Rule, Secret, Shape};

mod common;

const KNOWN: &str = include_str!("data/types.txt");

fn known() -> impl Iterator<Item = (&'static str, Vec<&'static str>)> {
    KNOWN.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let (word, fields) = line.split_once(':').unwrap_or((line, ""));
        (word, fields.split(';').map(str::trim).filter(|field| !field.is_empty()).collect())
    })
}

/// A field as the file of what is known writes it. Which of its two marks a required field has, and which an optional one, the file
/// alone knows: it is asked for that.
fn written(field: &Field, marks: &str) -> String {
    let kind = match field.shape {
        Shape::Text => "",
        Shape::Integer => ":integer",
        Shape::Port => ":port",
        Shape::Number => ":number",
        Shape::Bool => ":boolean",
        Shape::Texts => ":texts",
        Shape::TextMap => ":text map",
        Shape::TextsMap => ":texts map",
        Shape::Object => ":object",
    };
    let default = match field.default {
        None => String::new(),
        Some(Literal::Text(text)) => format!("={text}"),
        Some(Literal::Int(number)) => format!("={number}"),
        Some(Literal::Bool(it)) => format!("={it}"),
        Some(Literal::Texts(texts)) => format!("={}", texts.join(",")),
    };
    let first =
        |of: &str| marks.chars().find(|mark| of.contains(*mark)).map(String::from).unwrap_or_default();
    let need = if field.required { first("*+") } else { first("~@") };
    let need = if field.required && need.is_empty() { "?".to_owned() } else { need };
    let secret = if field.sensitive { "!" } else { "" };
    format!("{}{need}{secret}{kind}{default}", field.name)
}

#[test]
fn every_field_of_every_type() {
    let mut wrong = Vec::new();
    for (word, fields) in known() {
        let Some(kind) = Kind::of(word) else {
            wrong.push(format!("no type {word}"));
            continue;
        };
        let ours: Vec<_> = kind
            .fields
            .iter()
            .map(|field| {
                let same = |known: &&&str| {
                    known.split(['*', '+', '~', '@', '!', ':', '=']).next() == Some(field.name)
                };
                let marks = fields.iter().find(same).unwrap_or(&"");
                written(field, marks.split([':', '=']).next().unwrap())
            })
            .collect();
        if ours != fields {
            wrong.push(format!("{word}\n  known: {fields:?}\n  ours:  {ours:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn exactly_these_147_types() {
    let ours: Vec<_> = Kind::all().map(|kind| kind.word).collect();
    assert_eq!(ours.len(), 147);
    let sorted: BTreeSet<_> = ours.iter().copied().collect();
    assert_eq!(sorted.len(), 147, "each stands in one group");
    assert_eq!(sorted.into_iter().collect::<Vec<_>>(), known().map(|(word, _)| word).collect::<Vec<_>>());
}

#[test]
fn everything_has_words_and_rules_name_fields() {
    for kind in Kind::all() {
        assert!(kind.about.ends_with('.') && kind.about.len() < 80, "{}", kind.word);
        for field in kind.fields {
            assert!(field.about.ends_with('.') && field.about.len() < 110, "{}.{}", kind.word, field.name);
            assert!(!field.about.contains(['|', '\n']), "{}.{}", kind.word, field.name);
        }
        for rule in kind.rules {
            let names: Vec<&str> = match rule {
                Rule::OneOf(groups) => groups.concat(),
                Rule::Together(group) => group.to_vec(),
                Rule::NotBoth(one, other) => [*one, *other].concat(),
                Rule::Json(field) | Rule::Path(field) => vec![field],
                // What a field holds does not say whether it must be there.
                Rule::Word(field, _) | Rule::AtLeast(field, _) => {
                    assert!(kind.field(field).is_some(), "{}.{field}", kind.word);
                    continue;
                }
            };
            assert!(!names.is_empty());
            for name in names {
                let field = kind.field(name).unwrap();
                assert!(!field.required && field.default.is_none(), "{}.{name}: the rule decides", kind.word);
            }
        }
    }
}

/// Names of fields become variables, so none may stand for another.
#[test]
fn names_of_fields_are_plain() {
    for field in Kind::all().flat_map(|kind| kind.fields) {
        let plain = field.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        assert!(plain && field.name != "name", "{}", field.name);
    }
}

#[test]
fn the_least_and_the_most_of_every_type_is_read_without_a_warning() {
    for kind in Kind::all() {
        for details in [common::least(kind, "test"), common::most(kind, "test")] {
            let text = common::connection(kind, details).to_string();
            let read = Connection::parse("name", &Secret::new(text));
            let read = read.unwrap_or_else(|problems| panic!("{}: {problems:?}", kind.word));
            assert_eq!(read.warnings, [], "{}", kind.word);
            for field in kind.fields.iter().filter(|field| field.default.is_some()) {
                assert!(read.connection.field_text(field.name).is_some(), "{}.{}", kind.word, field.name);
            }
        }
    }
}
