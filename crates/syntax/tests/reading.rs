//! What reads right: styles, places, aliases, merges, several documents and files.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{json, source, with_root};
use keyloom_syntax::{Budget, Kind, Sources, parse};
use serde_json::json;

#[test]
fn every_style_reads_right_and_slices_to_its_source() {
    let text = "# prüfung €😀\nplain: ünï code # note\nsingle: 'it''s'\ndouble: \"a\\tb\" # c\nflow: [a, \"b\", {c: 'd'}]\n\
        literal: | # why | not\n  one\n   two\n\nfolded: >-\n  x\n  y\nlong: a\n  b\nlast: 'z'";
    assert_eq!(
        json(text),
        json!({"plain": "ünï code", "single": "it's", "double": "a\tb", "flow": ["a", "b", {"c": "d"}],
            "literal": "one\n two\n", "folded": "x y", "long": "a b", "last": "z"})
    );
    with_root(text, |root, sources| {
        let at = |key: &str| source(sources, root.get(key).unwrap());
        assert_eq!(at("plain"), "ünï code");
        assert_eq!(at("single"), "'it''s'");
        assert_eq!(at("double"), "\"a\\tb\"");
        assert_eq!(at("flow"), "[a, \"b\", {c: 'd'}]");
        assert_eq!(at("literal"), "| # why | not\n  one\n   two");
        assert_eq!(at("folded"), ">-\n  x\n  y");
        assert_eq!(at("long"), "a\n  b");
        assert_eq!(at("last"), "'z'");
        assert_eq!(source(sources, root), &text["# prüfung €😀\n".len()..]);
        let keys: Vec<_> = root.entries().map(|(key, _)| source(sources, key)).collect();
        assert_eq!(keys, ["plain", "single", "double", "flow", "literal", "folded", "long", "last"]);
    });
}

#[test]
fn crlf_and_byte_order_mark_are_fine() {
    let text = "\u{feff}a: 1\r\nb:\r\n  - x\r\n  - |\r\n    t\r\n    u\r\n";
    assert_eq!(json(text), json!({"a": 1, "b": ["x", "t\nu\n"]}));
    with_root(text, |root, sources| {
        assert_eq!(source(sources, root.get("a").unwrap()), "1");
        assert_eq!(source(sources, root.get("b").unwrap()), "- x\r\n  - |\r\n    t\r\n    u");
    });
}

#[test]
fn anchors_and_tags_lie_outside_the_place() {
    let text = "a: &x !!str 12\nb: &y\n  k: v\nc: !!seq [1]\nd: &z {q: 1}\ne: !!int '7'\nf: &t |\n  block\n";
    with_root(text, |root, sources| {
        let at = |key: &str| source(sources, root.get(key).unwrap());
        assert_eq!([at("a"), at("b"), at("c"), at("d"), at("e")], ["12", "k: v", "[1]", "{q: 1}", "'7'"]);
        assert_eq!(at("f"), "|\n  block");
        assert_eq!(root.get("a").unwrap().kind(), Kind::String);
        assert_eq!(root.get("e").unwrap().as_i64(), Some(7));
    });
}

#[test]
fn missing_values_are_null_where_they_would_stand() {
    with_root("a:\nb: ~\nc: [x, ]\nd: {e}\n", |root, sources| {
        let a = root.get("a").unwrap();
        assert_eq!((a.kind(), a.span().start, a.span().end), (Kind::Null, 2, 2));
        assert_eq!(root.get("b").unwrap().kind(), Kind::Null);
        assert_eq!(root.get("c").unwrap().len(), 1);
        let d = root.get("d").unwrap();
        assert_eq!((source(sources, d), d.get("e").unwrap().kind()), ("{e}", Kind::Null));
    });
}

#[test]
fn keys_are_strings_as_written() {
    with_root("true: 1\n1: 2\n~: 3\n'q': 4\n? x\n: 5\n", |root, _| {
        let keys: Vec<_> = root.entries().map(|(key, _)| (key.kind(), key.as_str().unwrap())).collect();
        assert_eq!(keys, ["true", "1", "~", "q", "x"].map(|key| (Kind::String, key)));
        assert_eq!(root.get("1").unwrap().as_i64(), Some(2));
    });
}

#[test]
fn merges_follow_the_rules() {
    let text = "base: &b {x: 1, y: 2}\nmore: &m {y: 3, z: 4}\nnested: &n {<<: *b, w: 0}\n\
        one: {<<: *b, x: 9}\nlist: {<<: [*m, *b]}\ndeep: {<<: *n}\nquoted: {\"<<\": 1}\ninline: {<<: {i: 1}, <<: *b}\n";
    let value = json(text);
    assert_eq!(value["one"], json!({"x": 9, "y": 2}));
    assert_eq!(value["list"], json!({"y": 3, "z": 4, "x": 1}));
    assert_eq!(value["deep"], json!({"w": 0, "x": 1, "y": 2}));
    assert_eq!(value["quoted"], json!({"<<": 1}));
    assert_eq!(value["inline"], json!({"i": 1, "x": 1, "y": 2}));
    with_root(text, |root, sources| {
        let one = root.get("one").unwrap();
        assert_eq!((one.len(), one.get("y").unwrap().as_i64()), (2, Some(2)));
        assert_eq!(sources.locate(one.get("y").unwrap().span()).unwrap().line, 1);
    });
}

#[test]
fn anchors_may_be_redefined() {
    assert_eq!(json("a: &x 1\nb: *x\nc: &x 2\nd: *x\n"), json!({"a": 1, "b": 1, "c": 2, "d": 2}));
}

#[test]
fn documents_and_files_follow_each_other() {
    let mut sources = Sources::new();
    sources
        .add("a.yaml", "%YAML 1.2\n---\na: 1\n---\n# nothing\n---\nb: 2\n...\n---\nnull\n".to_owned())
        .unwrap();
    sources.add("b.json", "\n{\"c\": [3]}\n".to_owned()).unwrap();
    sources.add("c.yaml", String::new()).unwrap();
    let (tree, problems) = parse(&sources, &Budget::default());
    assert_eq!(problems, []);
    let shown: Vec<_> = tree.documents().map(|root| source(&sources, root)).collect();
    assert_eq!(shown, ["a: 1", "b: 2", "null", "{\"c\": [3]}"]);
    let last = tree.documents().last().unwrap();
    assert_eq!(sources.locate(last.get("c").unwrap().span()).unwrap().file, "b.json");
}

#[test]
fn json_escapes_read_right() {
    let text = r#"{"e": "\uD83D\uDE00\/\u00e9\n\\uD83D", "raw": "x", "pua": "\uE83D", "two": "\ud83d\udd25 a \uD83D\uDE00"}"#;
    assert_eq!(json(text), serde_json::from_str::<serde_json::Value>(text).unwrap());
    with_root(text, |root, sources| assert_eq!(source(sources, root.get("pua").unwrap()), r#""\uE83D""#));
    let yaml = "a: \"\\uD83D\\uDE00\"\nb: |\n  {\"x\": \"\\uD83D\\uDE00 \\uE83D\"}\nc: \\uD83D\\uDE00\nd: '\\uD83D\\uDE00'\n";
    let pair = "\\uD83D\\uDE00";
    assert_eq!(
        json(yaml),
        json!({"a": "😀", "b": "{\"x\": \"\\uD83D\\uDE00 \\uE83D\"}\n", "c": pair, "d": pair})
    );
}

#[test]
fn an_overlay_merges_removes_and_replaces() {
    let text =
        "a: {x: 1, y: 2, l: [1]}\nb: keep\nc: gone\n---\na: {y: 3, l: [2, 3], n: {k: 1}}\nc: null\nd: new\n";
    let mut sources = Sources::new();
    sources.add("a.yaml", text.to_owned()).unwrap();
    let (mut tree, _) = parse(&sources, &Budget::default());
    let ids: Vec<_> = tree.documents().map(|root| root.id()).collect();
    let merged = tree.overlay(ids[0], ids[1]);
    let value: serde_json::Value = keyloom_syntax::De::new(tree.node(merged)).read().unwrap();
    let expected = json!({"a": {"x": 1, "y": 3, "l": [2, 3], "n": {"k": 1}}, "b": "keep", "d": "new"});
    assert_eq!(serde_json::to_string(&value).unwrap(), serde_json::to_string(&expected).unwrap());
    let inner = tree.node(merged).get("a").unwrap();
    assert_eq!(source(&sources, inner.get("x").unwrap()), "1");
    assert_eq!(sources.locate(inner.get("y").unwrap().span()).unwrap().line, 5);
    let again = tree.overlay(merged, ids[1]);
    assert_eq!(tree.node(again).len(), 3);
}
