//! Helpers of the reader's tests.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use keyloom_syntax::{Budget, Diagnostic, Node, Sources, parse};

/// Reads one file and hands its first document on; the file must be free of problems.
pub(crate) fn with_root<T>(text: &str, then: impl FnOnce(Node<'_>, &Sources) -> T) -> T {
    let mut sources = Sources::new();
    sources.add("a.yaml", text.to_owned()).unwrap();
    let (tree, problems) = parse(&sources, &Budget::default());
    assert_eq!(problems, [], "{text:?}");
    let root = tree.documents().next().unwrap_or_else(|| panic!("no document in {text:?}"));
    then(root, &sources)
}

/// The first document as a JSON value.
pub(crate) fn json(text: &str) -> serde_json::Value {
    with_root(text, |root, _| keyloom_syntax::De::new(root).read().unwrap())
}

/// All problems of one file, and how many documents it contributed.
pub(crate) fn problems(text: &str, budget: &Budget) -> (Vec<Diagnostic>, usize) {
    let mut sources = Sources::new();
    sources.add("a.yaml", text.to_owned()).unwrap();
    let (tree, problems) = parse(&sources, budget);
    let documents = tree.documents().count();
    (problems, documents)
}

/// The only problem of a file: its code, the text at its place and after it on that line, and the line number.
pub(crate) fn problem(text: &str) -> (&'static str, String, u32) {
    let mut sources = Sources::new();
    sources.add("a.yaml", text.to_owned()).unwrap();
    let (_, problems) = parse(&sources, &Budget::default());
    assert_eq!(problems.len(), 1, "{text:?} gave {problems:#?}");
    let span = problems[0].primary.span.unwrap();
    let (_, range) = sources.resolve(span).unwrap();
    let rest = text[range.start..].lines().next().unwrap_or_default().to_owned();
    (problems[0].code, rest, sources.locate(span).unwrap().line)
}

/// The source text of a node.
pub(crate) fn source<'s>(sources: &'s Sources, node: Node<'_>) -> &'s str {
    let (file, range) = sources.resolve(node.span()).unwrap();
    &file.text[range]
}
