//! What is refused: each fault with its code and place, in bounded time and memory.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{problem, problems};
use keyloom_syntax::{Budget, Kind, Sources, parse};

fn at(text: &str) -> (&'static str, String) {
    let (code, rest, _) = problem(text);
    (code, rest)
}

fn is(text: &str, code: &str, place: &str) {
    assert_eq!(at(text), (code_static(code), place.to_owned()), "{text:?}");
}

fn code_static(code: &str) -> &'static str {
    const CODES: &[&str] = &[
        "too-large",
        "nul-byte",
        "too-deep",
        "yaml-syntax",
        "tab-indentation",
        "duplicate-key",
        "complex-key",
        "unsupported-tag",
        "bad-merge",
        "alias-budget",
        "recursive-alias",
    ];
    CODES.iter().find(|known| **known == code).unwrap()
}

#[test]
fn faults_stand_at_their_place() {
    is("ü: 1\nb: 2\nü: 3\n", "duplicate-key", "ü: 3");
    is("a:\n  b: 1\n\tc: 2\n", "tab-indentation", "\tc: 2");
    is("a:\n\tb: 1\n", "tab-indentation", "\tb: 1");
    is("a: !foo 1\n", "unsupported-tag", "1");
    is("a: !!int x\n", "unsupported-tag", "x");
    is("a: !!map [1]\n", "unsupported-tag", "[1]");
    is("? [a]\n: 1\n", "complex-key", "[a]");
    is("x: 1\n{a: 1}: 1\n", "complex-key", "{a: 1}: 1");
    is("x: &x {k: 1}\ny: {*x : 2}\n", "complex-key", "*x : 2}");
    is("a: {<<: 1}\n", "bad-merge", "1}");
    is("a: {<<: [1]}\n", "bad-merge", "[1]}");
    is("a: &x [*x]\n", "recursive-alias", "*x]");
    is("a: *nobody\n", "yaml-syntax", "*nobody");
    is("a: &x 1\n---\nb: *x\n", "yaml-syntax", "*x");
    is("a: \"open\n", "yaml-syntax", "\"open");
    is("€: x\n a: 1\n", "yaml-syntax", ": 1");
    is("a: 1\n  \u{0}b: 2\n", "nul-byte", "\u{0}b: 2");
}

#[test]
fn what_is_wrong_inside_of_brackets_says_where_they_were_opened() {
    for (text, opened, words) in [
        ("stores: [", 8, "`[` is never closed"),
        ("a: 1\nstores: [{name: a}\n\n", 13, "`[` is never closed"),
        ("ü: [{name: b, c: [1, 2]", 5, "`{` is never closed"),
        ("a: &x [b, c\nx: 1\n", 6, "a `:` stands where no key can end"),
        ("{\"a\": [1, 2}", 6, "a `,` or `]` is missing"),
    ] {
        let mut sources = Sources::new();
        sources.add("a.yaml", text.to_owned()).unwrap();
        let (_, found) = parse(&sources, &Budget::default());
        assert_eq!(found.len(), 1, "{text:?}: {found:?}");
        assert_eq!(found[0].message, words, "{text:?}");
        let label = &found[0].secondary[0];
        assert_eq!((label.span.unwrap().start, label.text.as_str()), (opened, "opened here"), "{text:?}");
    }
    let mut sources = Sources::new();
    sources.add("a.yaml", "a: [b]\nc: \"open\n".to_owned()).unwrap();
    assert!(parse(&sources, &Budget::default()).1[0].secondary.is_empty());
}

#[test]
fn many_duplicates_are_found_without_comparing_all_pairs() {
    let mut text: String = (0..200_000).map(|i| format!("k{i}: 1\n")).collect();
    text.push_str("k77: 2\n");
    let (code, rest, line) = problem(&text);
    assert_eq!((code, rest.as_str(), line), ("duplicate-key", "k77: 2", 200_001));
}

#[test]
fn nesting_is_bounded_in_every_spelling() {
    for depth in [10_000, 1_000_000] {
        for unit in ["[", "- ", "{a: ", "{\"a\":[", "? ", "[[", "{", "- ? "] {
            let (found, _) = problems(&unit.repeat(depth), &Budget::default());
            assert_eq!(found.iter().filter(|p| p.code == "too-deep").count(), 1, "{unit:?}: {found:?}");
        }
    }
    let stairs: String = (0..3_000).map(|i| format!("{}a:\n", " ".repeat(i))).collect();
    assert_eq!(at(&stairs).0, "too-deep");
    let ok = format!("{}{}", "[".repeat(128), "]".repeat(128));
    assert_eq!(problems(&ok, &Budget::default()).0, []);
}

#[test]
fn aliases_cannot_multiply() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..60 {
        let aliases = vec![format!("*a{}", i - 1); 10].join(", ");
        bomb.push_str(&format!("a{i}: &a{i} [{aliases}]\n"));
    }
    let mut sources = Sources::new();
    sources.add("bomb.yaml", bomb).unwrap();
    let (tree, found) = parse(&sources, &Budget::default());
    assert_eq!(found.iter().map(|p| p.code).collect::<Vec<_>>(), ["alias-budget"]);
    let root = tree.documents().next().unwrap();
    assert_eq!(root.get("a59").unwrap().items().next().unwrap().kind(), Kind::Null);
}

#[test]
fn aliases_cannot_nest_past_the_depth() {
    let mut text = "a0: &a0 {k: v}\n".to_owned();
    for i in 1..1000 {
        text.push_str(&format!("a{i}: &a{i} {{k: *a{}}}\n", i - 1));
    }
    assert_eq!(problem(&text).0, "too-deep");
    let merges = text.replace("{k: *", "{<<: *");
    assert_eq!(problem(&merges).0, "too-deep");
}

#[test]
fn a_fault_keeps_the_documents_before_it() {
    let (found, documents) = problems("a: 1\n---\nb: 2\n---\nc: [\n", &Budget::default());
    assert_eq!((found.len(), found[0].code, documents), (1, "yaml-syntax", 2));
}

#[test]
fn size_and_number_of_problems_are_bounded() {
    let budget = Budget { max_bytes: 4, ..Budget::default() };
    let (found, documents) = problems("a: 12\n", &budget);
    assert_eq!((found[0].code, documents), ("too-large", 0));
    let (found, _) = problems(&"a: 1\n".repeat(5_000), &Budget::default());
    assert_eq!(found.len(), 1_000);
}

#[test]
fn templates_are_told_apart() {
    for text in [
        "{{- if .Values.x }}\na: 1\n{{- end }}\n",
        "a: {{ .Values.x }}\n",
        "a:\n  {{- toYaml .Values.x | nindent 2 }}\n",
        "{{ include \"x\" . }}\n",
        "a: 1\n{{ range $x := .y }}\nb: {{ . }}\n{{ end }}\n",
    ] {
        let (found, _) = problems(text, &Budget::default());
        let told = found
            .iter()
            .any(|p| p.code == "yaml-syntax" && p.fix.as_ref().unwrap().contains("helm template"));
        assert!(told, "{text:?}: {found:?}");
    }
}
