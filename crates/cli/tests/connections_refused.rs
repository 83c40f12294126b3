//! Whatever the backend `file` refuses, `keyloom connection check` refuses too: in files that nearly are ones of connections.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests stand outside of test functions

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use keyloom_connections::file::Entries;
use keyloom_runtime::blocking::Connections;
use keyloom_runtime::connections::File;
use proptest::prelude::*;

mod support;

/// No file has one of that name.
const NOBODY: &str = "nobody";

/// Those that no random text would find.
fn odd() -> Vec<String> {
    let db = r#"{"type": "generic", "details": {"value": "x"}}"#;
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(126), close.repeat(126));
    let iceberg = |deep: &str| format!(r#"{{"type": "iceberg", "details": {{"catalog": {deep}}}}}"#);
    vec![
        String::new(),
        " \n".to_owned(),
        "\u{feff}".to_owned(),
        format!("\u{feff}{{\"db\": {db}}}"),
        format!("\u{feff}\u{feff}{{\"db\": {db}}}"),
        format!(" \u{feff}{{\"db\": {db}}}"),
        format!("{{\"db\": {db}}} x"),
        format!("{{\"db\": {db}, \"db\": {db}}}"),
        format!("{{\"db\": {db},}}"),
        format!("{{\"db\": {db} // a comment\n}}"),
        format!("{{\"\\ud800\": {db}}}"),
        format!("{{\"\\ud83d\\ude00\": {db}}}"),
        r#"{"bad": {"type": "postgress", "details": {}}, "db": {"type": "generic", "details": {"value": "\ud800"}}}"#.to_owned(),
        r#"{"db": {"type": "generic", "details": {"value": "\ud800\ud800"}}}"#.to_owned(),
        r#"{"db": {"type": "generic", "details": {"value": "\udc00"}}}"#.to_owned(),
        r#"{"db": {"type": "generic", "details": {"\ud800": "x", "value": "x"}}}"#.to_owned(),
        deep("[", "]"),
        format!("{{\"db\": {}}}", deep("[", "]")),
        format!("{{\"db\": {}}}", iceberg(&deep("{\"a\":", "}"))),
        format!("{{\"db\": {}, \"good\": {db}}}", iceberg(&deep("{\"a\":[", "]}"))),
        "[".repeat(126),
        "[]".to_owned(),
        "null".to_owned(),
        "\"{}\"".to_owned(),
        "{}".to_owned(),
        "{\"$schema\": \"x\"}".to_owned(),
        format!("{{\"a\": {db}, \"b\": 1e999}}"),
        format!("{{\"a\": {db}, \"b\": {{\"type\": \"adapty\", \"details\": {{\"api_key\": \"x\", \"lookback_days\": 1e999}}}}}}"),
        "db:\n  type: generic\n  details: {value: x}\n".to_owned(),
        "{\"db\": \u{1}}".to_owned(),
        "{\"d\u{1}b\": {}}".to_owned(),
        format!("{{\"type\": {db}, \"details\": {db}}}"),
    ]
}

/// Pieces of such files in any order.
fn texts() -> impl Strategy<Value = String> {
    let pieces = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        " ",
        "\n",
        "\"",
        "\\",
        "\u{feff}",
        "1",
        "null",
        "\"a\"",
        "\"b\"",
        "\"\\ud800\"",
        "\"\\ud83d\\ude00\"",
        "\"type\"",
        "\"details\"",
        "\"value\"",
        "\"generic\"",
        "\"a\":",
        "\"$schema\":",
        "{\"type\": \"generic\", \"details\": {\"value\": \"x\"}}",
        "\"a\": {\"type\": \"generic\", \"details\": {\"value\": \"x\"}}",
    ];
    let some =
        prop::collection::vec(prop::sample::select(pieces.to_vec()), 0..12).prop_map(|all| all.concat());
    prop_oneof![some.clone(), some.prop_map(|some| format!("{{\"a\": {some}}}"))]
}

/// Whether the backend refuses the file, or any connection in it.
fn refuses(path: &Path, text: &str) -> bool {
    let all = Connections::new(File::new(path)).unwrap();
    let parsed = all.connection(NOBODY).unwrap_err().to_string().contains("there is no `nobody`");
    let names =
        Entries::parse(text).map(|all| all.connections().map(|it| it.name.clone()).collect::<Vec<_>>());
    !parsed || names.unwrap_or_default().iter().any(|name| all.connection(name).is_err())
}

/// One connection alone is none of several by name, so the backend would take its parts for connections.
fn is_alone(text: &str) -> bool {
    Entries::parse(text).is_ok_and(|all| ["type", "details"].iter().any(|part| all.get(part).is_some()))
}

fn assert_refused(texts: &[String]) {
    let dir = tempfile::tempdir().unwrap();
    let names: Vec<_> = (0..texts.len()).map(|number| format!("{number}.json")).collect();
    for (name, text) in names.iter().zip(texts) {
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        }
    }
    let check = ["connection", "check", "--output", "json", "--max-problems", "100000"];
    let files: Vec<_> = names.iter().map(String::as_str).collect();
    let run = support::run_in(dir.path(), &[&check[..], &files].concat());
    let found: Vec<serde_json::Value> = serde_json::from_str(&run.out).unwrap();
    let errors = found.iter().filter(|it| it["severity"] == "error").filter_map(|it| it["file"].as_str());
    let errors: BTreeSet<_> = errors.collect();
    for (name, text) in names.iter().zip(texts) {
        if !is_alone(text) && refuses(&dir.path().join(name), text) {
            assert!(errors.contains(name.as_str()), "{text}\n{}", run.out);
        }
    }
    assert_eq!(run.code, i32::from(!errors.is_empty()), "{}", run.out);
}

#[test]
fn what_no_random_text_finds() {
    assert_refused(&odd());
    for text in odd().iter().filter(|text| Entries::parse(text).is_err()) {
        let run = support::run_with(&["connection", "check", "-"], text);
        assert_eq!(run.code, 1, "{text}\n{}{}", run.out, run.err);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn of_pieces_in_any_order(texts in prop::collection::vec(texts(), 60)) {
        assert_refused(&texts);
    }
}
