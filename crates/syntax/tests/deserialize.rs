//! Typed values from nodes.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use std::collections::BTreeMap;

use common::{source, with_root};
use keyloom_syntax::{Budget, De, ReadError, Sources, Text, parse};
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
struct Item<'a> {
    #[serde(borrow)]
    name: &'a str,
    path: Text,
    port: Option<u16>,
    ratio: f64,
    big: u64,
    on: bool,
    shape: Option<Shape>,
    labels: BTreeMap<String, Text>,
    list: Vec<Text>,
    pair: (i8, String),
    wrapped: Wrapped,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
struct Wrapped(i64);

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Shape {
    Dot,
    Circle(u8),
    Box { width: u8 },
}

#[test]
fn a_struct_reads_from_a_mapping() {
    let text = "name: &n db\npath: *n\nport: 5432\nratio: 2\nbig: 18446744073709551615\non: true\nshape: {box: {width: 2}}\n\
        labels: {1: a, true: b}\nlist: [x]\npair: [-1, y]\nwrapped: 7\n";
    with_root(text, |root, _| {
        let item: Item = De::new(root).read().unwrap();
        let expected = Item {
            name: "db",
            path: "db".into(),
            port: Some(5432),
            ratio: 2.0,
            big: u64::MAX,
            on: true,
            shape: Some(Shape::Box { width: 2 }),
            labels: [("1".into(), "a".into()), ("true".into(), "b".into())].into(),
            list: vec!["x".into()],
            pair: (-1, "y".into()),
            wrapped: Wrapped(7),
        };
        assert_eq!(item, expected);
    });
}

#[test]
fn enums_are_tagged_from_outside() {
    let text = "[dot, {dot: null}, circle: 3, {box: {width: 1}}]";
    with_root(text, |root, _| {
        let shapes: Vec<Shape> = De::new(root).read().unwrap();
        assert_eq!(shapes, [Shape::Dot, Shape::Dot, Shape::Circle(3), Shape::Box { width: 1 }]);
    });
}

#[test]
fn null_and_absence_are_none() {
    with_root("{port: ~, shape: }", |root, _| {
        assert_eq!(De::new(root).read::<Item>().unwrap(), Item::default());
    });
}

#[test]
fn placeholders_are_told_apart_only_under_substitution() {
    with_root("[\"${A}\", x$y, \"$${B}\"]", |root, _| {
        let plain: Vec<Text> = De::new(root).read().unwrap();
        assert_eq!(plain[0].known(), Some("${A}"));
        let texts: Vec<Text> = De::new(root).substitution(true).read().unwrap();
        assert_eq!(texts, [Text::placeholder("${A}"), Text::from("x$y"), Text::placeholder("$${B}")]);
        let strings: Vec<String> = De::new(root).substitution(true).read().unwrap();
        assert_eq!(strings[0], "${A}");
    });
}

/// The error of reading a `T`, with the text of the node it stands at.
fn fault<T: DeserializeOwned + std::fmt::Debug>(text: &str) -> (String, String) {
    let mut sources = Sources::new();
    sources.add("a.yaml", text.to_owned()).unwrap();
    let (tree, _) = parse(&sources, &Budget::default());
    let root = tree.documents().next().unwrap();
    let ReadError { at, message } = De::new(root).read::<T>().unwrap_err();
    (source(&sources, tree.node(at)).to_owned(), message)
}

#[test]
fn faults_stand_at_the_innermost_node_and_hold_no_value() {
    type Texts = BTreeMap<String, Vec<Text>>;
    let says = |place: &str, message: &str| (place.to_owned(), message.to_owned());
    assert_eq!(fault::<Texts>("a: [x, 2.10]"), says("2.10", "expected a string, found a number"));
    assert_eq!(fault::<Texts>("a: [~]"), says("~", "expected a string, found nothing"));
    assert_eq!(fault::<BTreeMap<String, u8>>("a: 300").0, "300");
    assert_eq!(fault::<BTreeMap<String, u8>>("a: canary"), says("canary", "expected u8, found a string"));
    assert_eq!(fault::<Vec<Shape>>("[{circle: 1, dot: 2}]").0, "{circle: 1, dot: 2}");
    assert_eq!(
        fault::<Vec<Shape>>("[canary]"),
        says("canary", "unknown word; expected one of dot, circle, box")
    );
    assert_eq!(fault::<Vec<Shape>>("[circle]").0, "circle");
    assert_eq!(fault::<(u8, u8)>("[1, 2, 3]"), says("3", "the list has too many items"));
}
