//! The programs of `docs/pulumi/` are those that the end-to-end checks run or compile: a block under a comment with the
//! path of a file stands in that file, word for word.

use std::fs;
use std::path::{Path, PathBuf};

/// Pages whose programs are run or compiled.
const PAGES: [&str; 6] = ["../secret-syncs.md", "go.md", "python.md", "rust.md", "typescript.md", "yaml.md"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A text without the indentation that all its lines have.
fn dedented(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let least = text.lines().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or(0);
    let lines = text.lines().map(|line| line.get(least..).unwrap_or_default().trim_end());
    lines.collect::<Vec<_>>().join("\n")
}

/// Whether a file has those lines, one after the other, at any depth.
fn holds(file: &str, block: &str) -> bool {
    let (lines, block) = (file.lines().collect::<Vec<_>>(), dedented(block));
    lines.windows(block.lines().count()).any(|window| dedented(&window.join("\n")) == block)
}

/// Blocks of a page that name a file.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for part in page.split("<!-- ").skip(1) {
        let Some((file, rest)) = part.split_once(" -->\n```") else { continue };
        let block = rest.split_once('\n').and_then(|(_, rest)| rest.split_once("\n```"));
        found.extend(block.map(|(block, _)| (file, block)));
    }
    found
}

#[test]
fn programs_in_pages_are_those_that_are_run() {
    for name in PAGES {
        let page = fs::read_to_string(root().join("docs/pulumi").join(name)).unwrap();
        let blocks = blocks(&page);
        assert!(!blocks.is_empty(), "{name} shows no program");
        for (file, block) in blocks {
            let text = fs::read_to_string(root().join(file)).unwrap_or_default();
            assert!(holds(&text, block), "docs/pulumi/{name}: {file} has no such lines:\n{block}");
        }
    }
}

#[test]
fn every_page_is_linked() {
    let home = root().join("docs/pulumi");
    let index = fs::read_to_string(home.join("README.md")).unwrap();
    for entry in fs::read_dir(&home).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name == "README.md" || index.contains(&format!("({name})")), "{name}");
    }
}

#[test]
fn a_block_is_found_at_any_depth() {
    let file = "def f():\n    a = {\n        b\n    }\n\n    c\n";
    assert!(holds(file, "a = {\n    b\n}\n\nc"));
    assert!(!holds(file, "a = {\n  b\n}"));
    assert_eq!(blocks("x\n<!-- a/b.py -->\n```python\na\nb\n```\n<!-- note -->\n"), [("a/b.py", "a\nb")]);
}
