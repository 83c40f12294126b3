//! Pieces against one go: every node, text and diagnostic the same.

mod texts;

use std::cell::Cell;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::Plan;
use crate::read::{Budget, parse_as};
use crate::{Diagnostic, Sources};

use texts::document;

thread_local! {
    /// Pieces that became part of a tree.
    pub(super) static TAKEN: Cell<usize> = const { Cell::new(0) };
}

/// Everything a tree holds.
fn whole(text: &str, pieces: usize, budget: &Budget) -> (String, Vec<Diagnostic>) {
    let mut sources = Sources::new();
    sources.add("before.yaml", "a: [\"\\x41\", b]\n".to_owned()).unwrap();
    sources.add("it.yaml", text.to_owned()).unwrap();
    sources.add("after.yaml", "- \"\\x41\"\n- &a b\n- *a\n".to_owned()).unwrap();
    let (tree, problems) = parse_as(&sources, budget, &Plan { least_bytes: 20, pieces });
    (format!("{:?}\n{:?}\n{:?}", tree.nodes, tree.owned, tree.roots), problems)
}

/// How many pieces were taken of up to five, having compared the results.
fn same_within(text: &str, budget: &Budget) -> usize {
    let expected = whole(text, 1, budget);
    (2..6)
        .map(|pieces| {
            TAKEN.set(0);
            let found = whole(text, pieces, budget);
            assert!(expected == found, "in {pieces} pieces:\n{text}\n{expected:#?}\n{found:#?}");
            TAKEN.get()
        })
        .max()
        .unwrap_or(0)
}

fn same(text: &str) -> usize {
    same_within(text, &Budget::default())
}

const NOISE: &[&str] = &[
    "\n",
    "\n- ",
    "- ",
    "\"",
    "'",
    "[",
    "]",
    "{",
    "}",
    ":",
    ": ",
    "\t",
    "\r",
    "#",
    " #",
    "|\n",
    "&a ",
    "*a",
    "? ",
    "---\n",
    "\n...\n",
    "\n%TAG ! x\n",
    "\u{feff}",
    "ü",
    "  ",
    "\nk:\n- a\n",
    "\n  - a\n",
    "!x ",
    "<<: ",
    "\"\\uD83D\\uDE00\"",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn pieces_make_the_same_tree(text in document()) {
        same(&text);
    }

    #[test]
    fn and_so_for_damaged_texts(
        text in document(),
        cuts in vec((any::<prop::sample::Index>(), 0..4_usize, select(NOISE)), 1..4),
        end in any::<prop::sample::Index>(),
        truncated in any::<bool>(),
    ) {
        let mut chars: Vec<char> = text.chars().collect();
        for (at, gone, noise) in cuts {
            let at = at.index(chars.len() + 1);
            let to = (at + gone).min(chars.len());
            chars.splice(at..to, noise.chars());
        }
        if truncated {
            chars.truncate(end.index(chars.len() + 1));
        }
        same(&chars.iter().collect::<String>());
    }

    #[test]
    fn and_within_a_small_budget(text in document(), max_nodes in 0..6_u64, max_depth in 1..6_u32) {
        same_within(&text, &Budget { max_nodes, max_depth, ..Budget::default() });
    }
}

/// A mapping with two long lists, indented so.
fn two_lists(by: usize) -> String {
    let item = format!(
        "{0}- name: \"n\\x41\"\n{0}  data:\n{0}  - key: ü\n{0}    path: |\n{0}      - a\n",
        " ".repeat(by)
    );
    format!("first: # c\n{}second:\n{}third: {{a: b}}\n", item.repeat(20), item.repeat(20))
}

#[test]
fn lists_of_a_root_mapping_are_taken_in_pieces() {
    for by in [0, 1, 2, 4] {
        assert_eq!(same(&two_lists(by)), 4, "{by}");
        assert_eq!(same(&two_lists(by).replace('\n', "\r\n")), 4, "{by}");
        assert_eq!(same(&format!("\u{feff}---\n# c\n{}---\nb: [*a]\n", two_lists(by))), 0, "unknown alias");
        assert_eq!(same(&format!("{}---\nb: [&a 1, *a]\n", two_lists(by))), 4, "another document");
    }
}

#[test]
fn keys_are_compared_across_pieces() {
    let text = format!("{}first: 1\n<<: {{z: 1}}\n", two_lists(2));
    assert!(same(&text) > 0);
    let (_, problems) = whole(&text, 3, &Budget::default());
    assert_eq!(problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["duplicate-key"]);
}

#[test]
fn where_the_state_is_another_no_piece_is_taken() {
    let list = "- name: x\n".repeat(30);
    for text in [
        list.clone(),
        format!("a:\n  b:\n  {}", list.replace("\n-", "\n  -")),
        format!(" a:\n {}", list.replace("\n-", "\n -")),
        format!("%TAG !e! tag:yaml.org,2002:\n---\na:\n{list}"),
        format!("? a\n? \n{list}"),
        format!("a: |2\n  {}", list.replace("\n-", "\n  -")),
        format!("a: \"\n  {}\"\n", list.replace("\n-", "\n  -")),
        format!("---\nb: 1\n---\na:\n{list}"),
        format!("a: &x\n{list}- b: &y 1\nc: [*x]\n"),
    ] {
        assert_eq!(same(&text), 0, "{text}");
    }
}
