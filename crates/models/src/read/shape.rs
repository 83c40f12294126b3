//! The structural checker with the document schema: sections as a whole, then item by item.

use std::sync::OnceLock;

use keyloom_syntax::check::{Problem, check, check_under, fits};
use keyloom_syntax::schema::Schema;
use keyloom_syntax::{Node, Span, TreeView};
use serde_json::Value;

use crate::code::CODES;
use crate::finding::List;
use crate::schema::{self, outline};
use crate::store::carried::{Carried, Shape, open};

/// How many lists there are.
const LISTS: usize = List::OF_ITEMS.len();

/// The document schema, in the parts that are checked one by one. Each is compiled when a document has something for it.
#[derive(Default)]
pub(super) struct Shapes {
    /// A document as a whole, if it has no environments.
    frame: OnceLock<Schema>,
    /// The items of each list.
    items: [OnceLock<Schema>; LISTS],
    /// A document with environments, and the overlays of each list's items.
    overlaid: OnceLock<Overlaid>,
}

struct Overlaid {
    root: Schema,
    overlays: Vec<Schema>,
}

impl Shapes {
    fn root_schema(&self, root: Node<'_>) -> &Schema {
        match root.get("environments") {
            Some(_) => &self.overlaid().root,
            None => self.frame.get_or_init(|| compile(&schema::frame(), "#")),
        }
    }

    fn item_schema(&self, list: List) -> Option<&Schema> {
        Some(self.items.get(list.number()?)?.get_or_init(|| item(list)))
    }

    fn overlay_schema(&self, list: List) -> Option<&Schema> {
        self.overlaid().overlays.get(list.number()?)
    }

    fn overlaid(&self) -> &Overlaid {
        self.overlaid.get_or_init(overlaid)
    }

    /// Checks a document but for the items of its lists.
    pub(super) fn root(&self, root: Node<'_>, substitution: bool) -> Vec<Problem<Span>> {
        let mut problems = Vec::new();
        check(TreeView::new(root, substitution), self.root_schema(root), &mut problems);
        problems
    }

    /// Checks an item; whether it is clean.
    pub(super) fn item(
        &self,
        list: List,
        index: usize,
        node: Node<'_>,
        substitution: bool,
        problems: &mut Vec<Problem<Span>>,
    ) -> bool {
        let Some(schema) = self.item_schema(list) else { return false };
        let view = TreeView::new(node, substitution);
        // Written out only where there is something to say: most items are clean.
        let at = || format!("{}[{index}]", list.as_str());
        let before = problems.len();
        if schema.warns() || !fits(view, schema) {
            check_under(view, schema, &at(), problems);
        }
        for block in carried(list, node) {
            let at = [&*at(), ".", block.provider.as_str()].concat();
            problems.extend(block.shape.problems(TreeView::new(block.node, substitution), &at));
        }
        if problems.len() == before {
            return true;
        }
        let own = &mut problems[before..];
        own.iter_mut().for_each(zero_refresh);
        own.iter().all(|problem| problem.severity != keyloom_syntax::Severity::Error)
    }

    /// Whether an item is complete and right.
    pub(super) fn fits(&self, list: List, node: Node<'_>) -> bool {
        self.item_schema(list).is_some_and(|schema| fits(TreeView::new(node, false), schema))
            && carried(list, node)
                .iter()
                .all(|block| block.shape.problems(TreeView::new(block.node, false), "").is_empty())
    }

    /// Whether an overlay of an item can be laid; if not it is reported with its document.
    pub(super) fn fits_overlay(&self, list: List, node: Node<'_>) -> bool {
        self.overlay_schema(list).is_some_and(|schema| fits(TreeView::new(node, false), schema))
    }
}

/// The block of a carried provider in a store.
struct Block<'t> {
    provider: Carried,
    shape: &'static Shape,
    node: Node<'t>,
}

/// The blocks of carried providers in an item; only stores have any.
fn carried(list: List, node: Node<'_>) -> Vec<Block<'_>> {
    if list != List::Stores {
        return Vec::new();
    }
    let block = |(key, node): (Node<'_>, _)| {
        let provider = Carried::at_key(key.as_str()?)?;
        Some((provider, provider.shape()?, node))
    };
    let blocks = node.entries().filter_map(block);
    blocks.map(|(provider, shape, node)| Block { provider, shape, node }).collect()
}

/// Zero is seldom a length of time that is meant: the policy says what is.
fn zero_refresh<At>(problem: &mut Problem<At>) {
    let secret = problem.path.starts_with("externalSecrets[") && problem.path.ends_with("].refreshInterval");
    if secret && problem.fix.as_deref() == Some("write \"0s\"") {
        problem.fix = Some(
            "to read the values once, write `refreshPolicy: CreatedOnce` in its place; otherwise a time such as \"1h\""
                .to_owned(),
        );
    }
}

/// What is said of the items of a list. Stores may have blocks of anything: each provider's is compiled by itself.
fn item(list: List) -> Schema {
    let outline = list != List::Generators;
    let generator = if outline { outline::generator() } else { outline::whole() };
    let mut part = schema::part(generator, |generator| _ = list.schema(generator));
    if outline {
        open(&mut part);
    }
    compile(&part, &definition("", list))
}

fn overlaid() -> Overlaid {
    let mut schema = schema::outline();
    for list in List::OF_ITEMS {
        schema["properties"][list.as_str()]["items"] = Value::Bool(true);
    }
    let overlays = List::OF_ITEMS.map(|list| definition("Partial", list));
    let mut parts = ["#"; 1 + LISTS];
    for (part, overlay) in parts[1..].iter_mut().zip(&overlays) {
        *part = overlay;
    }
    let [root, overlays @ ..] = compile_parts(&schema, parts);
    Overlaid { root, overlays: overlays.into() }
}

fn definition(prefix: &str, list: List) -> String {
    ["#/definitions/", prefix, &list.definition().unwrap_or_default()].concat()
}

fn compile(schema: &Value, reference: &str) -> Schema {
    let [part] = compile_parts(schema, [reference]);
    part
}

/// The schema is made by this crate, and a test compiles every part of it.
#[expect(clippy::expect_used, reason = "a test compiles every part")]
fn compile_parts<const N: usize>(schema: &Value, parts: [&str; N]) -> [Schema; N] {
    Schema::compile_parts(schema, parts, CODES).expect("the document schema")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_and_every_pattern_compiles() {
        let shapes = Shapes::default();
        let Overlaid { root, overlays } = shapes.overlaid();
        overlays.iter().chain([root]).for_each(|schema| schema.compile_patterns().unwrap());
        compile(&schema::frame(), "#").compile_patterns().unwrap();
        for list in List::OF_ITEMS {
            shapes.item_schema(list).unwrap().compile_patterns().unwrap();
        }
    }
}
