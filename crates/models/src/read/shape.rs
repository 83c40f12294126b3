//! The structural checker with the document schema: sections as a whole, then item by item.

use keyloom_syntax::check::{Problem, check, check_under, fits};
use keyloom_syntax::schema::Schema;
use keyloom_syntax::{Node, Span, TreeView};
use serde_json::{Value, json};

use crate::code::CODES;
use crate::finding::List;
use crate::schema::document_schema;

/// The parts of the document schema that are checked one by one.
pub(super) struct Shapes {
    root: Schema,
    stores: Schema,
    external_secrets: Schema,
    services: Schema,
    overlays: [Schema; 3],
}

impl Shapes {
    /// Compiles the parts together: most of a schema is what they have in common.
    pub(super) fn new() -> Self {
        let [root, stores, external_secrets, services, overlay_1, overlay_2, overlay_3] = compile([
            "#",
            "#/definitions/SecretStoreConfig",
            "#/definitions/ExternalSecretConfig",
            "#/definitions/ServiceConfig",
            "#/definitions/PartialSecretStoreConfig",
            "#/definitions/PartialExternalSecretConfig",
            "#/definitions/PartialServiceConfig",
        ]);
        Self { root, stores, external_secrets, services, overlays: [overlay_1, overlay_2, overlay_3] }
    }

    /// Checks a document but for the items of its lists.
    pub(super) fn root(&self, root: Node<'_>, substitution: bool) -> Vec<Problem<Span>> {
        let mut problems = Vec::new();
        check(TreeView::new(root, substitution), &self.root, &mut problems);
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
        let schema = self.schema(list);
        let view = TreeView::new(node, substitution);
        if fits(view, schema) {
            return true;
        }
        let before = problems.len();
        check_under(view, schema, &format!("{}[{index}]", list.as_str()), problems);
        let own = &mut problems[before..];
        own.iter_mut().for_each(zero_refresh);
        own.iter().all(|problem| problem.severity != keyloom_syntax::Severity::Error)
    }

    fn schema(&self, list: List) -> &Schema {
        match list {
            List::Stores => &self.stores,
            List::ExternalSecrets | List::Versions | List::Manifests => &self.external_secrets,
            List::Services => &self.services,
        }
    }

    /// Whether an item is complete and right.
    pub(super) fn fits(&self, list: List, node: Node<'_>) -> bool {
        fits(TreeView::new(node, false), self.schema(list))
    }

    /// Whether an overlay of an item can be laid; if not it is reported with its document.
    pub(super) fn fits_overlay(&self, list: List, node: Node<'_>) -> bool {
        let schema = match list {
            List::Stores => &self.overlays[0],
            List::ExternalSecrets | List::Versions | List::Manifests => &self.overlays[1],
            List::Services => &self.overlays[2],
        };
        fits(TreeView::new(node, false), schema)
    }
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

/// The document schema with lists of anything.
fn sections() -> Value {
    let mut schema = document_schema().clone();
    for list in ["stores", "externalSecrets", "services"] {
        if let Some(property) = schema["properties"][list].as_object_mut() {
            property.insert("items".to_owned(), json!({}));
        }
    }
    schema
}

/// The schema is made by this crate, and a test compiles every part of it.
#[expect(clippy::expect_used, reason = "a test compiles every part")]
fn compile<const N: usize>(parts: [&str; N]) -> [Schema; N] {
    Schema::compile_parts(&sections(), parts, CODES).expect("the document schema")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_and_every_pattern_compiles() {
        let shapes = Shapes::new();
        for schema in [&shapes.root, &shapes.stores, &shapes.external_secrets, &shapes.services] {
            schema.compile_patterns().unwrap();
        }
    }
}
