use proptest::prelude::*;

use super::*;
use crate::read::{Budget, parse};

fn texts(text: &str) -> Vec<(String, String)> {
    let mut sources = Sources::new();
    sources.add("other.yaml", "a: 1\n".to_owned()).unwrap();
    sources.add("a.yaml", text.to_owned()).unwrap();
    let (tree, problems) = parse(&sources, &Budget::default());
    assert!(problems.is_empty(), "{text}: {problems:?}");
    let slice = |span| {
        let (file, bytes) = sources.resolve(span).unwrap();
        file.text[bytes].trim().to_owned()
    };
    let found = comments(&sources, &tree, "tool:");
    found.iter().map(|comment| (comment.text.to_owned(), slice(comment.line))).collect()
}

fn found(text: &str) -> Vec<String> {
    texts(text).into_iter().map(|(text, _)| text).collect()
}

#[test]
fn comments_are_about_their_line_or_the_next() {
    let one = |text: &str| {
        let found = texts(text);
        assert_eq!(found.len(), 1, "{text}");
        found.into_iter().next().unwrap()
    };
    for (text, words, line) in [
        ("a: 1 # tool: x", "x", "a: 1 # tool: x"),
        ("a: 1 #tool:x\nb: 2\n", "x", "a: 1 #tool:x"),
        ("# tool: x\na: 1\n", "x", "a: 1"),
        ("\u{feff}# tool: x\na: 1\n", "x", "a: 1"),
        ("# tool: x\r\na: 1\r\n", "x", "a: 1"),
        ("# tool: x\n\n  # more\n---\na: 1\n", "x", "a: 1"),
        ("a:\n  # tool: x\n- b: 1\n- c\n", "x", "- b: 1"),
        ("a: 1\n# tool: x\n", "x", ""),
        ("a: 1 # about # tool: x\n", "x", "a: 1 # about # tool: x"),
        ("a: [b, # tool: x y -- z\n  c]", "x y -- z", "a: [b, # tool: x y -- z"),
        ("a: b\n  c # tool: x\n", "x", "c # tool: x"),
        ("a: &b # tool: x\n  c: 1\n", "x", "a: &b # tool: x"),
        ("a: | # tool: x\n  b\n", "x", "a: | # tool: x"),
        ("a: |\n  b\n# tool: x\nc: 1\n", "x", "c: 1"),
        ("a:\n  - |\n    b\n  # tool: x\n  - c\n", "x", "- c"),
        ("a: >-\n  b\n\n # tool: x\nc: 1\n", "x", "c: 1"),
        ("a: \"b\" # tool: x\nc: 1\n", "x", "a: \"b\" # tool: x"),
        ("%YAML 1.2\n# tool: x\n---\na: 1\n", "x", "a: 1"),
    ] {
        assert_eq!(one(text), (words.to_owned(), line.to_owned()), "{text}");
    }
    assert_eq!(found("a: 1 # tool: x # tool: y\n"), ["x", "y"]);
}

#[test]
fn text_is_no_comment() {
    for text in [
        "a: \"b # tool: x\"\n",
        "a: 'b # tool: x'\n",
        "a: 'b\n  # tool: x\n  c'\n",
        "a: &c \"b\n  # tool: x\"\n",
        "a: !!str 'b # tool: x'\n",
        "\"b # tool: x\": 1\n",
        "a: |\n  # tool: x\n",
        "a: |\n  b\n  # tool: x\nc: 1\n",
        "a: >\n  b\n\n    # tool: x\n\nc: 1\n",
        "- |\n b\n # tool: x\n",
        "a: b#tool:x\n",
        "a: {b: [\"c # tool: x\", 'd '' # tool: x', \"e \\\" # tool: x\"]}\n",
        "a: # tool\n  b\n",
    ] {
        assert_eq!(found(text), [""; 0], "{text}");
    }
}

proptest! {
    /// However texts and comments are mixed, exactly the comments are found.
    #[test]
    fn comments_are_told_from_text(parts in prop::collection::vec(0usize..8, 0..12)) {
        let mut text = String::from("start: 0\n");
        let mut wanted = Vec::new();
        for (n, part) in parts.into_iter().enumerate() {
            let (written, is_comment) = match part {
                0 => (format!("k{n}: v # tool: {n}\n"), true),
                1 => (format!("# tool: {n}\nk{n}: v\n"), true),
                2 => (format!("k{n}: \"v # tool: {n}\"\n"), false),
                3 => (format!("k{n}: |\n  v\n  # tool: {n}\n"), false),
                4 => (format!("k{n}: |\n  v\n # tool: {n}\n"), true),
                5 => (format!("k{n}: ['v\n  # tool: {n}\n  ', b]\n"), false),
                6 => (format!("k{n}: >+ # tool: {n}\n  v\n\n"), true),
                _ => (format!("k{n}:\n  - v\n    w # tool: {n}\n  - 'x'\n"), true),
            };
            text.push_str(&written);
            if is_comment {
                wanted.push(n.to_string());
            }
        }
        prop_assert_eq!(found(&text), wanted);
    }
}
