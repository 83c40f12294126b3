//! The schemas are held against the reader by an independent validator, over good and bad connections of every type.

use keyloom_connections::{Connection, Kind, Problem, Rule, Secret, schema};
use serde_json::{Map, Value, json};

mod common;

/// What the reader says, as an editor should show it: anything odd is wrong, but a password that is empty, which some users have.
fn is_plain(value: &Value) -> bool {
    let is_plain = |problem: &Problem| matches!(problem, Problem::EmptyPassword { .. });
    Connection::parse("db", &Secret::new(value.to_string()))
        .is_ok_and(|read| read.warnings.iter().all(is_plain))
}

/// Details of a kind, good and bad, each changed in one place.
fn corpus(kind: &'static Kind) -> Vec<Map<String, Value>> {
    let mut all = vec![Map::new(), common::least(kind, "test"), common::most(kind, "test")];
    let with = |details: &Map<String, Value>, name: &str, value: Value| {
        let mut details = details.clone();
        details.insert(name.to_owned(), value);
        details
    };
    let least = common::least(kind, "test");
    for field in kind.fields {
        for base in [&least, &common::most(kind, "test")] {
            all.extend(common::wrong(field, "test").into_iter().map(|value| with(base, field.name, value)));
            for value in
                [Value::Null, json!(""), json!(" \t"), json!([]), json!({}), json!(1.0), json!(false)]
            {
                all.push(with(base, field.name, value));
            }
            all.push(with(base, field.name, common::fitting(field, "test")));
            let mut without = base.clone();
            without.remove(field.name);
            all.push(without);
        }
        all.push(with(&Map::new(), field.name, common::fitting(field, "test")));
    }
    for field in kind.fields.iter().filter(|field| field.sensitive || field.name.contains("host")) {
        for text in ["h:1", "::1", "[::1]:1", "s://h/x", "h h", "x\n", " x\r\n", "x\ny\n", "{\"a\": 1}\n"] {
            all.push(with(&least, field.name, common::fitting(field, text)));
            all.push(with(&least, field.name, json!(text)));
        }
    }
    for rule in kind.rules {
        match rule {
            Rule::OneOf(groups) => all.extend(groups.iter().map(|group| {
                let first: Vec<_> = groups.concat();
                let others = least.iter().filter(|(name, _)| !first.contains(&name.as_str()));
                let ours = group.iter().filter_map(|name| kind.field(name));
                let ours = ours.map(|field| (field.name.to_owned(), common::fitting(field, "test")));
                others.map(|(name, value)| (name.clone(), value.clone())).chain(ours).collect()
            })),
            Rule::Json(name) => {
                all.extend(["{}", "path/key.json", " {\"a\": 1}"].map(|text| with(&least, name, json!(text))))
            }
            Rule::Path(name) => {
                all.extend(["{}", "{", " {\"a\": 1}"].map(|text| with(&least, name, json!(text))))
            }
            Rule::Word(name, words) => all.extend(
                words.iter().chain(&["requird", "Require"]).map(|word| with(&least, name, json!(word))),
            ),
            Rule::AtLeast(name, number) => {
                all.extend([number - 1, *number, -5].map(|number| with(&least, name, json!(number))));
            }
            Rule::Together(_) | Rule::NotBoth(..) => {}
        }
    }
    all.push(with(&least, "no_such_field", json!("test")));
    all.push(with(&least, "name", json!("db")));
    all.push(with(&least, "max_concurrent_assets", json!(4)));
    all
}

#[test]
fn of_all_details() {
    let schema = schema::connection();
    let (mut good, mut bad) = (0, 0);
    for kind in Kind::all() {
        let validator = jsonschema::validator_for(&schema["definitions"][kind.word]).unwrap();
        for details in corpus(kind) {
            let valid = validator.is_valid(&json!(details));
            let connection = common::connection(kind, details);
            assert_eq!(valid, is_plain(&connection), "{connection}");
            *if valid { &mut good } else { &mut bad } += 1;
        }
    }
    assert!(good > 3000 && bad > 6000, "{good} good, {bad} bad");
}

#[test]
fn of_one_connection_of_every_type() {
    let validator = jsonschema::validator_for(&schema::connection()).unwrap();
    for kind in Kind::all() {
        let other = Kind::all().find(|other| other.fields.len() != kind.fields.len()).unwrap();
        for details in
            [Map::new(), common::least(kind, "test"), common::most(kind, "test"), common::most(other, "test")]
        {
            let connection = common::connection(kind, details);
            assert_eq!(validator.is_valid(&connection), is_plain(&connection), "{connection}");
        }
    }
}

#[test]
fn of_what_is_around() {
    let validator = jsonschema::validator_for(&schema::connection()).unwrap();
    for value in [
        json!({ "type": "generic", "details": { "value": "test" } }),
        json!({ "type": "generic", "details": { "value": "test" }, "name": "db", "$schema": "connection.schema.json" }),
        json!({ "type": "generic", "details": { "value": "test" }, "value": "test" }),
        json!({ "type": "mongodb", "details": { "host": "h", "username": "u", "password": "test" } }),
        json!({ "type": "Generic", "details": { "value": "test" } }),
        json!({ "type": "generic", "details": "test" }),
        json!({ "type": "generic", "details": null }),
        json!({ "type": "generic" }),
        json!({ "details": { "value": "test" } }),
        json!({ "type": 1, "details": {} }),
        json!({ "type": "", "details": {} }),
        json!({}),
        json!([]),
        json!("test"),
        json!(null),
    ] {
        assert_eq!(validator.is_valid(&value), is_plain(&value), "{value}");
    }
}

#[test]
fn of_a_file_of_connections() {
    let validator = jsonschema::validator_for(&schema::connections()).unwrap();
    let all: Map<_, _> = Kind::all()
        .map(|kind| (kind.word.to_owned(), common::connection(kind, common::least(kind, "test"))))
        .collect();
    assert!(validator.is_valid(&json!(all)));
    for kind in Kind::all() {
        let wrong = json!({ "type": kind.word, "details": { "no_such_field": 1 } });
        let some = json!({ "one": all["generic"], "one more": wrong });
        assert!(!validator.is_valid(&some), "{}", kind.word);
    }
    assert!(validator.is_valid(&json!({ "$schema": "connections.schema.json" })));
}

/// An editor that has `type` is told of the mistakes of that type alone.
#[test]
fn a_mistake_is_told_once() {
    let validator = jsonschema::validator_for(&schema::connection()).unwrap();
    let told = |value: Value| {
        validator.iter_errors(&value).map(|error| error.instance_path().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(told(json!({ "type": "generic", "details": { "value": 1 } })), ["/details/value"]);
    assert_eq!(told(json!({ "type": "generic", "details": { "value": "test", "valeu": 1 } })), ["/details"]);
    assert_eq!(told(json!({ "type": "no_such_type", "details": {} })), ["/type"]);
    assert_eq!(told(json!({ "details": {} })), [""]);
}
