//! The walk itself: one node of the schema against one view.

use super::out::{Match, Out, Silent};
use super::path::Frame;
use super::{Problem, hidden, words};
use crate::schema::{Keyword, ListRules, Node, NodeId, Schema, Types};
use crate::view::{View, ViewKind};

pub(super) struct Walk<'s, O> {
    pub(super) schema: &'s Schema,
    pub(super) out: O,
}

/// Whether a view fits, found out without words.
pub(super) fn matches<V: View>(schema: &Schema, id: NodeId, view: V) -> Match {
    let mut walk = Walk { schema, out: Silent::default() };
    walk.node(id, view, &Frame::root(""));
    match walk.out {
        Silent { failed: true, .. } => Match::No,
        Silent { unsure: true, .. } => Match::Open,
        Silent { .. } => Match::Yes,
    }
}

impl<O> Walk<'_, O> {
    pub(super) fn node<V: View>(&mut self, id: NodeId, view: V, at: &Frame<'_, V::At>)
    where
        O: Out<V::At>,
    {
        let schema = self.schema;
        let mut node = schema.node(id);
        let mut secret = node.secret;
        while let Some(target) = node.reference {
            node = schema.node(target);
            secret |= node.secret;
        }
        if secret && !at.secret {
            self.rules(node, view, &at.as_secret());
        } else {
            self.rules(node, view, at);
        }
    }

    fn rules<V: View>(&mut self, node: &Node, view: V, at: &Frame<'_, V::At>)
    where
        O: Out<V::At>,
    {
        let kind = view.kind();
        if kind == ViewKind::Unknown {
            self.out.unsure();
            return;
        }
        if node.never {
            let place = at.key_at.clone().unwrap_or_else(|| view.at());
            self.report(node, Keyword::Not, view, at, || {
                Problem::error("not-allowed", place, format!("{} is not allowed here", at.name()))
            });
            return;
        }
        if !node.types.has(Types::of(view)) {
            return self.wrong_type(node, node.types, view, at);
        }
        if !self.values(node, view, at) {
            return;
        }
        match kind {
            ViewKind::Text => self.text(node, view, at),
            ViewKind::Int | ViewKind::Float => self.range(node, view, at),
            ViewKind::Sequence => {
                if let Some(rules) = &node.list {
                    self.list(node, rules, view, at);
                }
            }
            ViewKind::Mapping => {
                if let Some(rules) = &node.object {
                    self.object(node, rules, view, at);
                }
            }
            ViewKind::Null | ViewKind::Bool | ViewKind::Unknown => {}
        }
        if let Some(choice) = &node.choice
            && !self.out.done()
        {
            self.choice(node, choice, view, at);
        }
    }

    /// Reports a problem in the words the schema has for it, if it has any.
    pub(super) fn report<V: View>(
        &mut self,
        node: &Node,
        keyword: Keyword,
        view: V,
        at: &Frame<'_, V::At>,
        problem: impl FnOnce() -> Problem<V::At>,
    ) where
        O: Out<V::At>,
    {
        self.out.push(|| {
            let mut problem = problem();
            if problem.path.is_empty() {
                problem.path = at.path();
            }
            if at.secret {
                hidden::scalars(view, &mut problem.hidden);
            }
            let Some(remark) = node.remarks.as_ref().and_then(|remarks| remarks.for_keyword(keyword)) else {
                return problem;
            };
            let fill = |text: &String| fill(text, view, at);
            problem.code = remark.code.unwrap_or(problem.code);
            problem.message = remark.message.as_ref().map_or(problem.message, fill);
            problem.why = remark.why.as_ref().map(fill).or(problem.why);
            problem.fix = remark.fix.as_ref().map(fill).or(problem.fix);
            problem
        });
    }

    fn list<V: View>(&mut self, node: &Node, rules: &ListRules, view: V, at: &Frame<'_, V::At>)
    where
        O: Out<V::At>,
    {
        let mut count = 0;
        for item in view.items() {
            if let Some(schema) = rules.items {
                self.node(schema, item, &at.index(count));
                if self.out.done() {
                    return;
                }
            }
            count += 1;
        }
        let many = |count| words::plural(count, "item", "items");
        self.bounds((node, Keyword::Items), (rules.min, rules.max), count as u64, view, at, many);
        if rules.unique {
            self.unique(node, view, at);
        }
    }

    /// Reports a count outside of its bounds.
    pub(super) fn bounds<V: View>(
        &mut self,
        (node, keyword): (&Node, Keyword),
        (min, max): (Option<u64>, Option<u64>),
        count: u64,
        view: V,
        at: &Frame<'_, V::At>,
        many: impl Fn(u64) -> String,
    ) where
        O: Out<V::At>,
    {
        let (code, bound, limit) = match (min, max) {
            (Some(min), _) if count < min => ("too-few", min, "at least"),
            (_, Some(max)) if count > max => ("too-many", max, "at most"),
            _ => return,
        };
        self.report(node, keyword, view, at, || {
            let message = format!("{} wants {limit} {}, found {count}", at.name(), many(bound));
            Problem::error(code, view.at(), message)
        });
    }
}

/// `{field}` and `{value}` in a message of the schema.
fn fill<V: View>(text: &str, view: V, at: &Frame<'_, V::At>) -> String {
    if !text.contains('{') {
        return text.to_owned();
    }
    let value = || if at.secret { None } else { words::value(view) };
    // The value goes in last: braces that it holds stay as they are.
    text.replace("{field}", &at.name()).replace("{value}", &value().unwrap_or_else(|| "the value".to_owned()))
}
