//! No value of any field of any type is in a message, a remedy or a `Debug`, in whatever shape it is written.

use keyloom_connections::{Connection, Kind, Secret};
use serde_json::{Map, Value, json};

mod common;

const CANARY: &str = "canary-4f9b2c77e1";

/// All that can be seen of a text.
fn seen(text: &str) -> String {
    let secret = Secret::new(text.to_owned());
    let read = Connection::parse("db", &secret);
    let problems = match &read {
        Ok(read) => &read.warnings,
        Err(problems) => problems,
    };
    let told = problems.iter().map(|problem| {
        format!("{problem}\n{}\n{}\n{problem:?}\n{problem:#?}\n", problem.remedy(), problem.code())
    });
    let mut all: String = told.collect();
    all += &format!("{secret:?}{read:?}{read:#?}");
    if let Ok(read) = &read {
        all += &format!(
            "{:?}{:?}{:?}",
            read.connection.details(),
            read.connection.to_json(),
            read.connection.kind()
        );
    }
    all
}

fn silent(text: &str) {
    let seen = seen(text);
    assert!(!seen.contains(CANARY), "{text}\n{seen}");
}

#[test]
fn of_no_type() {
    for kind in Kind::all() {
        silent(&common::connection(kind, common::most(kind, CANARY)).to_string());
        silent(&common::connection(kind, common::least(kind, CANARY)).to_string());
        silent(&json!(common::connection(kind, common::most(kind, CANARY)).to_string()).to_string());
        let beside: Map<String, Value> = common::most(kind, CANARY);
        silent(&json!({ "type": kind.word, "fields": beside.clone(), "host": CANARY }).to_string());
        silent(&json!({ "type": kind.word, "details": json!(beside).to_string() }).to_string());
        for field in kind.fields {
            for wrong in common::wrong(field, CANARY) {
                let mut details = common::most(kind, CANARY);
                details.insert(field.name.to_owned(), wrong);
                silent(&common::connection(kind, details).to_string());
            }
        }
    }
}

/// Text that was pasted where a name belongs.
#[test]
fn as_a_name() {
    for text in [
        json!({ CANARY: CANARY }),
        json!({ "type": CANARY, "details": { CANARY: CANARY } }),
        json!({ "type": "postgres", "details": { CANARY: CANARY, "host": { CANARY: CANARY } }, CANARY: 1 }),
        json!({ "type": "manifold", "details": { "query_params": { CANARY: 1 }, "query_param_lists": { CANARY: [1] } } }),
        json!({ "type": "iceberg", "details": { "catalog": { CANARY: 1 } } }),
        json!([CANARY]),
        json!(CANARY),
    ] {
        silent(&text.to_string());
    }
    silent(&format!(
        r#"{{"type": "iceberg", "details": {{"catalog": {{"{CANARY}": 1, "{CANARY}": 2}}, "{CANARY}": 1, "{CANARY}": 2}}}}"#
    ));
    silent(&format!(r#"{{"type": "postgres", "details": {{"password": "{CANARY}"}}, {CANARY}"#));
    silent(CANARY);
}

/// The types show their fields that are no secrets, and nothing else.
#[test]
fn of_a_typed_connection() {
    use keyloom_connections::{Postgres, Snowflake, Spark};
    let typed = |word: &str| {
        let kind = Kind::of(word).unwrap();
        let text = common::connection(kind, common::most(kind, CANARY)).to_string();
        Connection::parse("db", &Secret::new(text)).unwrap().connection
    };
    let postgres: Postgres = typed("postgres").typed().unwrap();
    assert!(format!("{:?}", postgres.password).contains("Secret(..)"));
    assert_eq!(
        format!("{postgres:?}").matches(CANARY).count(),
        4,
        "the fields that are no secrets are shown"
    );
    let snowflake: Snowflake = typed("snowflake").typed().unwrap();
    assert_eq!(format!("{snowflake:?}").matches(CANARY).count(), 8);
    let spark: Spark = typed("spark").typed().unwrap();
    assert_eq!(format!("{spark:?}").matches(CANARY).count(), 3);
}
