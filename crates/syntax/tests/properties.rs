//! Whatever is read: no panic, places inside the text, values back as they were.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{source, with_root};
use keyloom_syntax::{Budget, De, Kind, Node, Sources, decode, parse};
use proptest::prelude::*;
use serde_json::Value;

/// Visits every node: places lie inside their parents, plain and verbatim scalars are their source.
fn inspect(node: Node<'_>, sources: &Sources) {
    let span = node.span();
    assert!(span.start <= span.end && sources.resolve(span).is_some());
    let text = source(sources, node);
    if node.kind() != Kind::String && !node.scalar().unwrap_or_default().is_empty() && node.is_plain() {
        assert_eq!(node.scalar().unwrap(), text);
    }
    node.items().for_each(|item| inspect(item, sources));
    for (key, value) in node.entries() {
        assert!(key.scalar().is_some());
        inspect(value, sources);
    }
}

fn survives(text: &str) {
    let mut sources = Sources::new();
    sources.add("any.yaml", text.to_owned()).unwrap();
    let (tree, problems) = parse(&sources, &Budget::default());
    for problem in problems {
        assert!(sources.resolve(problem.primary.span.unwrap()).is_some());
    }
    for root in tree.documents() {
        inspect(root, &sources);
        let _: Value = De::new(root).read().unwrap();
    }
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[ -~\\n\\t\u{80}-\u{100}\u{feff}\u{e800}-\u{e810}]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..8)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// JSON with every character above ASCII escaped, so pairs of surrogates occur.
fn escaped(value: &Value) -> String {
    let mut out = String::new();
    for c in serde_json::to_string(value).unwrap().chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        }
    }
    out
}

/// What serde_json itself reads back: it may round a float's last digit.
fn reread(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn close(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) if a.is_f64() && b.is_f64() => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            a == b || (a - b).abs() <= a.abs() * 1e-15
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| close(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| close(a, b)))
        }
        _ => a == b,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        survives(&text);
    }

    #[test]
    fn fragments_never_panic(parts in prop::collection::vec(prop::sample::select(FRAGMENTS), 0..40)) {
        survives(&parts.concat());
    }

    #[test]
    fn arbitrary_bytes_decode_or_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        if let Ok(text) = decode("x", bytes, &Budget::default()) {
            survives(&text);
        }
    }

    #[test]
    fn json_reads_back_as_it_was(value in values()) {
        for text in [serde_json::to_string(&value).unwrap(), serde_json::to_string_pretty(&value).unwrap(), escaped(&value)] {
            let back = with_root(&text, |root, sources| {
                inspect(root, sources);
                De::new(root).read::<Value>().unwrap()
            });
            prop_assert!(close(&back, &reread(&text)), "{text}\n{back}");
        }
    }

    #[test]
    fn scalars_lie_where_they_are_written(before in "[a-z€😀ü]{0,9}", words in prop::collection::vec("[a-z€😀ü]{1,9}", 1..9)) {
        let mut text = format!("# {before}\nlist: # {before}\n");
        for (i, word) in words.iter().enumerate() {
            let line = match i % 4 {
                0 => format!("- {word} # {before}\r\n"),
                1 => format!("- '{word}' # {before}\n"),
                2 => format!("- \"{word}\\t\"\n"),
                _ => format!("- {{{word}: {word}}} # {before}\n"),
            };
            text.push_str(&line);
        }
        with_root(&text, |root, sources| {
            for (i, (item, word)) in root.get("list").unwrap().items().zip(&words).enumerate() {
                let expected = match i % 4 {
                    0 => word.clone(),
                    1 => format!("'{word}'"),
                    2 => format!("\"{word}\\t\""),
                    _ => format!("{{{word}: {word}}}"),
                };
                assert_eq!(source(sources, item), expected);
            }
        });
    }
}

const FRAGMENTS: &[&str] = &[
    "a: ",
    "b",
    "- ",
    "-",
    "? ",
    ": ",
    "\n",
    "\n  ",
    "\n\t",
    "\r\n",
    " ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "&x ",
    "*x",
    "&x",
    "<<: ",
    "!!str ",
    "!foo ",
    "! ",
    "!",
    "'",
    "\"",
    "\\",
    "\\u",
    "\\uD83D\\uDE00",
    "|",
    ">-",
    "|2",
    "#",
    " # c",
    "---",
    "--- ",
    "...",
    "\n---\n",
    "%YAML 1.2\n",
    "%TAG ! a\n",
    "ü",
    "😀",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "~",
    "null",
    "1",
    ".inf",
    "{{ .x }}",
    "%",
    "@",
    "`",
    "\0",
];
