//! Which nodes are the items of an environment, before any of them is read.

use keyloom_syntax::tree::Kind;
use keyloom_syntax::{Diagnostic, Label, Node, NodeId, Tree};

use crate::document::ItemPlace;
use crate::finding::List;

/// The items of one environment, part by part.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    /// Its name; none for the base.
    pub(super) environment: Option<String>,
    /// Whether something could not be laid over the base, which is reported.
    pub(super) partial: bool,
    /// One part for each YAML document.
    pub(super) parts: Vec<Part>,
    /// `versions`, which stands once.
    pub(super) versions: Option<NodeId>,
    /// `infisical`, which stands once.
    pub(super) infisical: Option<NodeId>,
    /// `environments`, which stands once, and the part it stands in.
    pub(super) environments: Option<(NodeId, usize)>,
}

/// The items of one YAML document, which share its defaults.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    pub(super) defaults: Option<NodeId>,
    /// By the number of the list.
    lists: [Vec<ItemPlace>; List::OF_ITEMS.len()],
}

impl Part {
    pub(super) fn push(&mut self, list: List, item: ItemPlace) {
        if let Some(number) = list.number() {
            self.lists[number].push(item);
        }
    }

    pub(super) fn item_mut(&mut self, list: List, at: usize) -> Option<&mut ItemPlace> {
        self.lists[list.number()?].get_mut(at)
    }

    pub(super) fn list(&self, list: List) -> &[ItemPlace] {
        list.number().map_or(&[], |number| &self.lists[number])
    }
}

impl Plan {
    /// Whether there is no item at all.
    pub(super) fn is_empty(&self) -> bool {
        self.parts.iter().all(|part| part.lists.iter().all(Vec::is_empty))
    }

    /// What the documents say without any environment.
    pub(super) fn base(tree: &Tree<'_>, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let mut plan = Self::default();
        let mut substitution = None;
        for (number, root) in tree.documents().enumerate() {
            once("versions", root, &mut plan.versions, diagnostics);
            once("infisical", root, &mut plan.infisical, diagnostics);
            once("substitution", root, &mut substitution, diagnostics);
            let mut environments = plan.environments.map(|(node, _)| node);
            once("environments", root, &mut environments, diagnostics);
            plan.environments = plan.environments.or(environments.map(|node| (node, number)));
            let mut part = Part { defaults: root.get("defaults").map(Node::id), ..Part::default() };
            for list in List::OF_ITEMS {
                items(root, list).for_each(|item| part.push(list, item));
            }
            plan.parts.push(part);
        }
        plan
    }
}

/// The items of a list; a list that is none is reported by its shape.
pub(super) fn items<'t>(root: Node<'t>, list: List) -> impl Iterator<Item = ItemPlace> + 't {
    let node = root.get(list.as_str()).filter(|node| node.kind() == Kind::Sequence);
    node.into_iter().flat_map(Node::items).enumerate().map(|(index, node)| ItemPlace {
        node: node.id(),
        index,
        defaults: None,
    })
}

/// A section that stands once in all files.
fn once(key: &'static str, root: Node<'_>, first: &mut Option<NodeId>, diagnostics: &mut Vec<Diagnostic>) {
    let Some((name, node)) = root.entries().find(|(name, _)| name.as_str() == Some(key)) else { return };
    if first.is_none() {
        *first = Some(node.id());
        return;
    }
    diagnostics.push(
        Diagnostic::error("duplicate-section", format!("`{key}` stands once in all files"))
            .at(Label::at(name.span(), "again here"))
            .fix("merge the two into one"),
    );
}
