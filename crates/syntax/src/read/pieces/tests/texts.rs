//! Texts of all shapes: mostly a mapping of lists.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// A node as lines: behind a key or a dash, or below it.
#[derive(Clone, Debug)]
enum Block {
    Inline(Vec<String>),
    Map(Vec<String>),
    List(usize, Vec<String>),
}

fn entry(head: &str, value: Block) -> Vec<String> {
    let (by, lines) = match value {
        Block::Inline(lines) => {
            let mut lines = lines.into_iter();
            let first = format!("{head} {}", lines.next().unwrap_or_default());
            return std::iter::once(first).chain(lines.map(|line| indented(2, &line))).collect();
        }
        Block::Map(lines) => (2, lines),
        Block::List(by, lines) => (by, lines),
    };
    std::iter::once(head.to_owned()).chain(lines.iter().map(|line| indented(by, line))).collect()
}

fn item(value: Block) -> Vec<String> {
    let (Block::Inline(lines) | Block::Map(lines) | Block::List(_, lines)) = value;
    let first = lines.first().map(|line| format!("- {line}"));
    first.into_iter().chain(lines.iter().skip(1).map(|line| indented(2, line))).collect()
}

fn indented(by: usize, line: &str) -> String {
    if line.is_empty() { String::new() } else { format!("{}{line}", " ".repeat(by)) }
}

const LEAVES: &[&str] = &[
    "x",
    "x",
    "12",
    "",
    "~",
    "'it''s'",
    "\"a\\tb\"",
    "plain of\nmore\nlines",
    "ü€😀 # é",
    "\"quoted\n- name: x\n\nend\"",
    "|\n- name: x\nkey:\n- y",
    ">-\nfolded\n\n  - name: y\n",
    "[1,\n- 2]",
    "[a, {b: c},\n d]",
    "{a: b,\nc: [d]}",
    "&a x",
    "*a",
    "&b [x]",
    "*b",
    "!!str 1",
    "x # c",
    "|2\n   kept",
    "- x",
    "\"\\u00e9\"",
    "[]",
];

fn leaf() -> impl Strategy<Value = Block> {
    select(LEAVES).prop_map(|text| Block::Inline(text.split('\n').map(str::to_owned).collect()))
}

fn lines(parts: Vec<(Vec<String>, usize)>) -> Vec<String> {
    let comments = ["# c", "", "    # - name: x", "  ", "#"];
    let parts = parts.into_iter().map(|(mut part, more)| {
        part.extend(comments.get(more).map(|line| (*line).to_owned()));
        part
    });
    parts.flatten().collect()
}

const KEYS: &[&str] = &["a", "name", "\"q: \"", "<<", "k", "x", "_"];

fn block() -> impl Strategy<Value = Block> {
    leaf().prop_recursive(4, 40, 5, |inner| {
        let list = (vec((inner.clone().prop_map(item), 0..30_usize), 1..5), 0..3_usize);
        let map = vec(((0..900_u32, select(KEYS), inner), 0..30_usize), 1..5).prop_map(|parts| {
            let named = parts.into_iter().map(|((n, key, value), more)| {
                let head = if n % 3 == 0 { format!("{key}:") } else { format!("k{n}:") };
                (entry(&head, value), more)
            });
            lines(named.collect())
        });
        prop_oneof![map.prop_map(Block::Map), list.prop_map(|(parts, by)| Block::List(by, lines(parts))),]
    })
}

/// A mapping of lists, nearly always, with whatever may stand around it.
pub(super) fn document() -> impl Strategy<Value = String> {
    let clean = prop_oneof![
        4 => Just(Block::Map(vec!["name: x".to_owned(), "path: y".to_owned()])),
        1 => block(),
    ];
    let items = vec((clean.prop_map(item), 0..30_usize), 1..12);
    let list =
        (items, select(&[0_usize, 0, 2, 2, 1, 4][..])).prop_map(|(parts, by)| Block::List(by, lines(parts)));
    let value = prop_oneof![6 => list, 1 => block()];
    let entries = vec((0..40_u32, select(&["", "", "", " # c", " &a", " !!seq"][..]), value), 1..5);
    let starts = select(
        &["", "", "", "---\n", "# c\n\n", "\u{feff}", "%YAML 1.2\n---\n", " ", "--- # c\n", "&r\n"][..],
    );
    let ends = select(
        &["", "", "", "\n---\nb:\n- *a\n", "...\n", "# ü", "\n---\n- a\n- &a b\n- *a\n---\n", "k0:\n"][..],
    );
    (starts, entries, ends, any::<bool>()).prop_map(|(start, entries, end, crlf)| {
        let lines = entries.into_iter().flat_map(|(n, more, value)| entry(&format!("k{n}:{more}"), value));
        let body: String = lines.map(|line| line + "\n").collect();
        let text = format!("{start}{body}{end}");
        if crlf { text.replace('\n', "\r\n") } else { text }
    })
}
