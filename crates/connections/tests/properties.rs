//! Whatever is written is read or refused, and what is read is written again as it was.

use keyloom_connections::{Connection, Kind, Problem, Secret};
use proptest::prelude::*;
use serde_json::{Value, json};

mod common;

fn kinds() -> impl Strategy<Value = &'static Kind> {
    prop::sample::select(Kind::all().collect::<Vec<_>>())
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        // Of more than 15 digits the last may change when a number is read.
        (any::<i32>(), 0..6_i32).prop_map(|(number, point)| json!(f64::from(number) / 10_f64.powi(point))),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(".*", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn read(text: &str) -> Option<Connection> {
    match Connection::parse("db", &Secret::new(text.to_owned())) {
        Ok(read) => {
            assert!(read.warnings.iter().all(|problem| problem.is_warning()));
            Some(read.connection)
        }
        Err(problems) => {
            assert!(problems.iter().any(|problem| !problem.is_warning()), "{problems:?}");
            for problem in problems {
                assert!(!problem.to_string().is_empty() && !problem.remedy().is_empty());
                assert!(Problem::CODES.contains(&problem.code()));
            }
            None
        }
    }
}

/// What was read is written so that the same is read again, byte for byte.
fn stays(connection: &Connection) {
    let text = connection.to_json();
    let again = read(text.expose()).map(|again| again.to_json());
    assert!(again.is_some_and(|again| again.is_same(&text)), "what is written is read");
}

proptest! {
    #[test]
    fn no_text_is_too_odd(text in any::<String>()) {
        read(&text);
    }

    #[test]
    fn no_json_is_too_odd(value in values()) {
        read(&value.to_string());
    }

    #[test]
    fn any_value_in_any_field(kind in kinds(), at in any::<prop::sample::Index>(), name in ".*", value in values()) {
        let mut details = common::most(kind, "test");
        if !kind.fields.is_empty() {
            details.insert(at.get(kind.fields).name.to_owned(), value.clone());
        }
        if let Some(connection) = read(&common::connection(kind, details.clone()).to_string()) {
            stays(&connection);
        }
        details.insert(name, value.clone());
        if let Some(connection) = read(&common::connection(kind, details.clone()).to_string()) {
            stays(&connection);
        }
        read(&json!({ "type": kind.word, "details": value }).to_string());
    }

    #[test]
    fn any_text_is_kept(kind in kinds(), text in ".*\\S.*") {
        let text = format!("x{text}");
        let connection = read(&common::connection(kind, common::most(kind, &text)).to_string()).unwrap();
        stays(&connection);
        for field in kind.fields.iter().filter(|field| connection.details().get(field.name).is_some()) {
            if let Some(kept) = connection.details().get(field.name).and_then(|value| value.text()) {
                let written = common::fitting(field, &text);
                prop_assert_eq!(Some(kept.expose()), written.as_str());
                prop_assert!(connection.field_text(field.name).unwrap().is_same(kept));
            }
        }
    }

    #[test]
    fn whole_numbers_are_kept(number in any::<i64>()) {
        let kind = Kind::of("adapty").unwrap();
        let mut details = common::most(kind, "test");
        details.insert("lookback_days".to_owned(), json!(number));
        let connection = read(&common::connection(kind, details).to_string()).unwrap();
        let rendered = connection.field_text("lookback_days").unwrap();
        prop_assert_eq!(rendered.expose(), number.to_string());
    }
}

#[test]
fn depth_is_no_danger() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        read(&format!("{}1{}", open.repeat(100_000), close.repeat(100_000)));
        let deep = format!("{}1{}", open.repeat(100), close.repeat(100));
        read(&format!(r#"{{"type": "iceberg", "details": {{"catalog": {{"a": {deep}}}}}}}"#));
    }
}

#[test]
fn a_whole_number_may_have_a_point() {
    let kind = Kind::of("postgres").unwrap();
    let text = common::connection(kind, common::least(kind, "test")).to_string();
    let with = |port: &str| read(&text.replace(r#""details":{"#, &format!(r#""details":{{"port":{port},"#)));
    for (port, rendered) in [("1.0", "1"), ("5.432e3", "5432"), ("null", "5432"), ("65535", "65535")] {
        assert_eq!(with(port).unwrap().field_text("port").unwrap().expose(), rendered);
    }
    for port in ["0", "-1", "65536", "1.5", "1e300", "18446744073709551615", "\"1\"", "true", "[1]"] {
        assert!(with(port).is_none(), "{port}");
    }
}
