//! One correct configuration and what is said of each of many changes to it. `terraform/changes.jsonl` says who catches a
//! change beside this checker, as measured with the real provider:
//!
//! | caught by | when |
//! |---|---|
//! | `schema` | `terraform validate`, from the schema alone |
//! | `framework`, `validator` | `terraform validate`, in the provider |
//! | `plan`, `apply` | the provider, later |
//! | `server` | Infisical's server, if it refuses it at all |
//! | `nobody` | it has no effect, and nobody says so |
//!
//! `terraform/verdicts.txt` is what is said here; `UPDATE=1` rewrites it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use keyloom_foreign::{Options, Outcome, validate};
use keyloom_syntax::Sources;
use proptest::prelude::*;
use serde_json::Value;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/terraform").join(name)
}

fn base() -> Value {
    serde_json::from_str(&fs::read_to_string(file("base.tf.json")).unwrap()).unwrap()
}

fn sources(text: String) -> Sources {
    let mut sources = Sources::new();
    sources.add("main.tf.json", text).unwrap();
    sources
}

fn outcome(sources: &Sources) -> Outcome {
    validate(sources, &Options::default())
}

/// Sets or removes what a pointer leads to.
fn change(root: &mut Value, at: &str, value: Option<&Value>) {
    let (parent, name) = at.rsplit_once('/').unwrap();
    let parent = root.pointer_mut(parent).unwrap_or_else(|| panic!("{at}"));
    match (parent, value) {
        (Value::Object(members), Some(value)) => _ = members.insert(name.to_owned(), value.clone()),
        (Value::Object(members), None) => _ = members.remove(name).unwrap(),
        _ => panic!("{at}"),
    }
}

#[test]
fn the_base_is_clean() {
    let sources = sources(fs::read_to_string(file("base.tf.json")).unwrap());
    let outcome = outcome(&sources);
    assert_eq!(outcome.diagnostics, []);
    assert_eq!(outcome.resources, 3);
}

#[test]
fn every_change_is_told() {
    let (mut verdicts, mut wrong) = (String::new(), Vec::new());
    let rows = fs::read_to_string(file("changes.jsonl")).unwrap();
    for row in rows.lines() {
        let row: Value = serde_json::from_str(row).unwrap();
        let text = |name: &str| row[name].as_str().unwrap();
        let mut root = base();
        change(&mut root, text("at"), row.get("value"));
        let sources = sources(serde_json::to_string_pretty(&root).unwrap());
        let found = outcome(&sources).diagnostics;
        _ = writeln!(verdicts, "{} ({})", text("change"), text("caught_by"));
        for one in &found {
            let at = one.primary.span.and_then(|span| sources.locate(span)).unwrap();
            let (severity, path) = (one.severity.as_str(), &one.primary.path);
            _ = writeln!(
                verdicts,
                "  {severity}[{}] {}:{} {path}: {}",
                one.code, at.line, at.column, one.message
            );
        }
        if !found.iter().any(|one| one.code == text("code")) {
            wrong.push(text("change").to_owned());
        }
    }
    assert!(rows.lines().count() > 41);
    assert!(wrong.is_empty(), "not told: {wrong:?}\n{verdicts}");
    let stored = file("verdicts.txt");
    if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
        fs::write(stored, verdicts).unwrap();
    } else {
        assert_eq!(verdicts, fs::read_to_string(stored).unwrap());
    }
}

/// Wherever a value stands that may be a secret, no message has it, and excerpts are told to leave it out.
#[test]
fn no_secret_is_shown() {
    const CANARY: &str = "canary-7707707";
    let credentials = "/resource/infisical_app_connection_aws/aws/credentials";
    let canary = || Value::from(CANARY);
    let list = |value: Value| Value::Array(vec![value]);
    let object = |name: &str| serde_json::json!({ name: CANARY });
    for (at, value) in [
        (format!("{credentials}/secret_access_key"), canary()),
        (format!("{credentials}/secret_access_keys"), canary()),
        (format!("{credentials}/secret_access_keys"), list(object("a"))),
        (format!("{credentials}/secret_access_key"), list(canary())),
        (format!("{credentials}/secret_access_key"), object("x")),
        (format!("{credentials}/secret_access_key"), format!("{CANARY}${{var.token}}").into()),
        (credentials.to_owned(), canary()),
        (credentials.to_owned(), list(object("secret_access_key"))),
        ("/provider/infisical/auth/token".to_owned(), canary()),
        ("/provider/infisical/auths".to_owned(), object("token")),
        ("/variable/token/default".to_owned(), canary()),
        ("/variable/token/defaults".to_owned(), canary()),
        ("/resource/infisical_secret".to_owned(), serde_json::json!({"a": {"value": CANARY}})),
    ] {
        let mut root = base();
        change(&mut root, &at, Some(&value));
        let sources = sources(serde_json::to_string(&root).unwrap());
        let outcome = outcome(&sources);
        assert!(!outcome.diagnostics.is_empty(), "{at}");
        assert!(!format!("{:?}", outcome.diagnostics).contains(CANARY), "{at}");
        let (_, source) = sources.files().next().unwrap();
        let place = u32::try_from(source.text.find(CANARY).unwrap()).unwrap();
        let hidden = |span: &keyloom_syntax::Span| span.start <= place && place < span.end;
        assert!(outcome.hidden.iter().any(hidden), "{at}: {value}");
    }
}

proptest! {
    /// Whatever stands where: all is looked at, and nothing panics.
    #[test]
    fn no_file_is_too_much(at in 0usize..40, value in json()) {
        let mut root = base();
        let mut places = Vec::new();
        pointers(&root, String::new(), &mut places);
        let place = places[at % places.len()].clone();
        *root.pointer_mut(&place).unwrap() = value;
        let _ = outcome(&sources(root.to_string()));
    }
}

fn pointers(value: &Value, path: String, to: &mut Vec<String>) {
    if let Value::Object(members) = value {
        members.iter().for_each(|(name, below)| pointers(below, format!("{path}/{name}"), to));
    }
    to.push(path);
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-z${}./\"\\[\\]*%-]{0,12}".prop_map(Value::from),
        Just("${var.token}".into()),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(
                "(name|method|credentials|tags|scope|//|dynamic|lifecycle|[a-z_]{1,6})",
                inner,
                0..4
            )
            .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}
