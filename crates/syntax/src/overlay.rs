//! One mapping laid over another, as environments are laid over the base.

use std::collections::BTreeMap;

use crate::tree::{Kind, NodeId, Raw, RawKind, Tree, index};

impl Tree<'_> {
    /// The mapping that `over` makes of `base`: mappings merge key by key, `null` removes a key, and anything else
    /// is replaced whole. Every node below keeps its own place; the merged mappings have that of `over`.
    ///
    /// When one of the two is no mapping the answer is `over` itself.
    pub fn overlay(&mut self, base: NodeId, over: NodeId) -> NodeId {
        let (base, over) = (self.node(base).id(), self.node(over).id());
        if !self.both_mappings(base, over) {
            return over;
        }
        let id = NodeId(index(self.nodes.len()));
        self.lay(base, over);
        id
    }

    fn both_mappings(&self, base: NodeId, over: NodeId) -> bool {
        self.node(base).kind() == Kind::Mapping && self.node(over).kind() == Kind::Mapping
    }

    /// Appends the merged mapping; as deep as the shallower of the two, which the reader has bounded.
    fn lay(&mut self, base: NodeId, over: NodeId) {
        let span = self.node(over).span();
        let at = self.nodes.len();
        let kind = RawKind::Value(Kind::Mapping);
        self.nodes.push(Raw { start: span.start, end: span.end, payload: 0, kind, flags: 0 });
        for step in self.steps(base, over) {
            match step {
                Step::Keep(key, value) => {
                    self.point_at(key);
                    self.point_at(value);
                }
                Step::Merge(key, below, above) => {
                    self.point_at(key);
                    self.lay(below, above);
                }
            }
        }
        let end = index(self.nodes.len());
        if let Some(raw) = self.nodes.get_mut(at) {
            raw.payload = end;
        }
    }

    /// Keys of the base in their order, then those that only `over` has.
    fn steps(&self, base: NodeId, over: NodeId) -> Vec<Step> {
        let (base, over) = (self.node(base), self.node(over));
        let mut above: BTreeMap<_, _> =
            over.entries().enumerate().map(|(i, (key, value))| (key.scalar(), (i, key, value))).collect();
        let mut steps = Vec::new();
        for (key, value) in base.entries() {
            match above.remove(&key.scalar()) {
                None => steps.push(Step::Keep(key.id(), value.id())),
                Some((_, _, new)) if new.kind() == Kind::Null => {}
                Some((_, name, new)) if self.both_mappings(value.id(), new.id()) => {
                    steps.push(Step::Merge(name.id(), value.id(), new.id()));
                }
                Some((_, name, new)) => steps.push(Step::Keep(name.id(), new.id())),
            }
        }
        let mut added: Vec<_> = above.into_values().filter(|(_, _, new)| new.kind() != Kind::Null).collect();
        added.sort_by_key(|(i, ..)| *i);
        steps.extend(added.into_iter().map(|(_, key, value)| Step::Keep(key.id(), value.id())));
        steps
    }

    fn point_at(&mut self, target: NodeId) {
        let span = self.node(target).span();
        self.nodes.push(Raw {
            start: span.start,
            end: span.end,
            payload: target.0,
            kind: RawKind::Alias,
            flags: 0,
        });
    }
}

enum Step {
    Keep(NodeId, NodeId),
    Merge(NodeId, NodeId, NodeId),
}
