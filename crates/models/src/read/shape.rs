//! The structural checker with the document schema: sections as a whole, then item by item.

use keyloom_syntax::check::{Problem, check, check_under, fits};
use keyloom_syntax::schema::Schema;
use keyloom_syntax::{Node, Span, TreeView};
use serde_json::{Value, json};

use crate::code::CODES;
use crate::finding::List;
use crate::schema::document_schema;
use crate::store::carried::{Carried, Shape};

/// The parts of the document schema that are checked one by one: the document as a whole, the items of each list, and
/// the overlays of each.
const PARTS: usize = 1 + 2 * List::OF_ITEMS.len();

/// Those parts, compiled.
pub(super) struct Shapes {
    parts: [Schema; PARTS],
}

impl Shapes {
    /// Compiles the parts together: most of a schema is what they have in common.
    pub(super) fn new() -> Self {
        let items = List::definitions();
        let overlays = items.iter().map(|name| format!("#/definitions/Partial{name}"));
        let items = items.iter().map(|name| format!("#/definitions/{name}"));
        let names: Vec<_> = std::iter::once("#".to_owned()).chain(items).chain(overlays).collect();
        Self { parts: compile(std::array::from_fn(|at| names[at].as_str())) }
    }

    fn root_schema(&self) -> &Schema {
        &self.parts[0]
    }

    fn item_schema(&self, list: List) -> Option<&Schema> {
        self.parts.get(1 + list.number()?)
    }

    fn overlay_schema(&self, list: List) -> Option<&Schema> {
        self.parts.get(1 + List::OF_ITEMS.len() + list.number()?)
    }

    /// Checks a document but for the items of its lists.
    pub(super) fn root(&self, root: Node<'_>, substitution: bool) -> Vec<Problem<Span>> {
        let mut problems = Vec::new();
        check(TreeView::new(root, substitution), self.root_schema(), &mut problems);
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

/// The document schema with lists of anything, and with blocks of anything in stores: each provider's is compiled when
/// a store has it.
fn sections() -> Value {
    let mut schema = document_schema().clone();
    if let Some(stores) = schema["definitions"]["SecretStoreConfig"]["properties"].as_object_mut() {
        for provider in Carried::all() {
            stores.insert(provider.as_str().to_owned(), json!({}));
        }
    }
    for list in List::OF_ITEMS {
        if let Some(property) = schema["properties"][list.as_str()].as_object_mut() {
            property.insert("items".to_owned(), json!({}));
        }
    }
    schema
}

/// The schema is made by this crate, and a test compiles every part of it.
#[expect(clippy::expect_used, reason = "a test compiles every part")]
fn compile(parts: [&str; PARTS]) -> [Schema; PARTS] {
    Schema::compile_parts(&sections(), parts, CODES).expect("the document schema")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_and_every_pattern_compiles() {
        for schema in Shapes::new().parts {
            schema.compile_patterns().unwrap();
        }
    }
}
