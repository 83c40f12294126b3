//! No value of a secret field is in anything that `keyloom connection check` says, of right files, of wrong ones and of broken ones.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::fs;

use keyloom_connections::{Field, Kind, Shape};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

mod support;

/// Begins every secret, and is in no word of ours.
const MARK: &str = "zq";

/// A connection of a kind, in which every secret is this text.
fn connection(kind: &Kind, secret: &str) -> Value {
    let value = |field: &Field| match field.shape {
        Shape::Text if field.sensitive => json!(secret),
        Shape::Text => json!("a"),
        Shape::Integer | Shape::Port | Shape::Number => json!(7),
        Shape::Bool => json!(true),
        Shape::Texts => json!(["a"]),
        Shape::TextMap => json!({ "a": secret }),
        Shape::TextsMap => json!({ "a": ["a"] }),
        Shape::Object => json!({ "a": { "b": [secret] } }),
    };
    let details: Map<_, _> = kind.fields.iter().map(|field| (field.name.to_owned(), value(field))).collect();
    json!({ "type": kind.word, "details": details })
}

/// What goes wrong with a text at a place: a character too few, or one too many.
#[derive(Clone, Debug)]
enum Slip {
    None,
    Without,
    With(char),
    Cut,
}

fn slips() -> impl Strategy<Value = Slip> {
    prop_oneof![
        Just(Slip::None),
        Just(Slip::Without),
        prop::sample::select("\"{}[],:\\ \nx#".chars().collect::<Vec<_>>()).prop_map(Slip::With),
        Just(Slip::Cut),
    ]
}

fn texts() -> impl Strategy<Value = String> {
    let kinds = prop::sample::select(Kind::all().collect::<Vec<_>>());
    let secrets = "[a-z0-9 \"\\\\:,{}\n/@-]{2,12}".prop_map(|end| format!("{MARK}{end}"));
    (kinds, secrets, any::<bool>(), any::<bool>(), any::<prop::sample::Index>(), slips()).prop_map(
        |(kind, secret, alone, pretty, at, slip)| {
            let one = connection(kind, &secret);
            let all = if alone { one } else { json!({ "first": {}, "db": one }) };
            let text = if pretty { format!("{all:#}") } else { all.to_string() };
            let mut text: Vec<char> = text.chars().collect();
            let at = at.index(text.len());
            match slip {
                Slip::None => {}
                Slip::Without => drop(text.remove(at)),
                Slip::With(c) => text.insert(at, c),
                Slip::Cut => text.truncate(at),
            }
            text.into_iter().collect()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn no_value_of_a_secret_field_is_shown(texts in prop::collection::vec(texts(), 80)) {
        let dir = tempfile::tempdir().unwrap();
        let names: Vec<_> = (0..texts.len()).map(|number| format!("{number}.json")).collect();
        for (name, text) in names.iter().zip(&texts) {
            fs::write(dir.path().join(name), text).unwrap();
        }
        let files: Vec<_> = names.iter().map(String::as_str).collect();
        for form in ["text", "json", "sarif", "junit", "github"] {
            let check = ["connection", "check", "--max-problems", "100000", "--output", form];
            let run = support::run_in(dir.path(), &[&check[..], &files].concat());
            let shown = run.out.lines().chain(run.err.lines()).find(|line| line.contains(MARK));
            prop_assert_eq!(shown, None, "{}", form);
        }
    }
}
