//! `allOf`, `anyOf`, `oneOf`, `not`, `if`: which branch was meant, and what to say when none fits.

use super::branch::{accepted, choices, likeness, present, required, target, unmade_choice};
use super::out::{Match, Out};
use super::path::Frame;
use super::walk::{Walk, matches};
use super::{Problem, words};
use crate::schema::{Branches, Choice, Keyword, Node, NodeId, Types};
use crate::view::{View, ViewKind};

impl<O> Walk<'_, O> {
    pub(super) fn choice<V: View>(&mut self, node: &Node, choice: &Choice, view: V, at: &Frame<'_, V::At>)
    where
        O: Out<V::At>,
    {
        for schema in &choice.all {
            self.node(*schema, view, at);
            if self.out.done() {
                return;
            }
        }
        if let Some(branches) = &choice.any {
            self.any(node, branches, view, at);
        }
        if let Some(branches) = &choice.one {
            self.one(node, branches, view, at);
        }
        if let Some(not) = choice.not {
            self.not(node, not, view, at);
        }
        if let Some(condition) = choice.condition {
            let branch = match matches(self.schema, condition, view) {
                Match::Yes => choice.then,
                Match::No => choice.otherwise,
                Match::Open => return self.out.unsure(),
            };
            if let Some(branch) = branch {
                self.conditional(node, branch, view, at);
            }
        }
    }

    /// `then` or `else`: in the schema's own words if it has some, otherwise what fails in it.
    fn conditional<V: View>(&mut self, node: &Node, branch: NodeId, view: V, at: &Frame<'_, V::At>)
    where
        O: Out<V::At>,
    {
        let remark = node.remarks.as_ref().and_then(|remarks| remarks.for_keyword(Keyword::If));
        if O::SILENT || remark.is_none_or(|remark| remark.message.is_none()) {
            return self.node(branch, view, at);
        }
        if matches(self.schema, branch, view) == Match::No {
            self.report(node, Keyword::If, view, at, || Problem::error("not-allowed", view.at(), ""));
        } else {
            self.node(branch, view, at);
        }
    }

    fn any<V: View>(&mut self, node: &Node, branches: &Branches, view: V, at: &Frame<'_, V::At>)
    where
        O: Out<V::At>,
    {
        match asked(branches, view) {
            Some(0) => return self.none(node, Keyword::AnyOf, branches, view, at),
            Some(_) => return,
            None => {}
        }
        let mut open = false;
        for branch in &branches.list {
            match matches(self.schema, *branch, view) {
                Match::Yes => return self.warnings(*branch, view, at),
                Match::Open => open = true,
                Match::No => {}
            }
        }
        if open {
            return self.out.unsure();
        }
        self.none(node, Keyword::AnyOf, branches, view, at);
    }

    fn one<V: View>(&mut self, node: &Node, branches: &Branches, view: V, at: &Frame<'_, V::At>)
    where
        O: Out<V::At>,
    {
        match asked(branches, view) {
            Some(0) => return self.none(node, Keyword::OneOfNone, branches, view, at),
            Some(1) => return,
            Some(_) => return self.too_many(node, branches, view, at),
            None => {}
        }
        let mut fitting: Option<NodeId> = None;
        let (mut sure, mut open) = (0, false);
        for branch in &branches.list {
            match matches(self.schema, *branch, view) {
                Match::Yes => {
                    sure += 1;
                    fitting = Some(*branch);
                    if O::SILENT && sure > 1 {
                        break;
                    }
                }
                Match::Open => open = true,
                Match::No => {}
            }
        }
        match (sure, open, fitting) {
            (2.., ..) => self.too_many(node, branches, view, at),
            (_, true, _) => self.out.unsure(),
            (1, _, Some(branch)) => self.warnings(branch, view, at),
            _ => self.none(node, Keyword::OneOfNone, branches, view, at),
        }
    }

    /// A fitting branch has no errors, but may have warnings.
    fn warnings<V: View>(&mut self, branch: NodeId, view: V, at: &Frame<'_, V::At>)
    where
        O: Out<V::At>,
    {
        if !O::SILENT && self.schema.node(branch).warns {
            self.node(branch, view, at);
        }
    }

    /// More than one branch of a `oneOf` fits: points at the fields that ask for them.
    fn too_many<V: View>(&mut self, node: &Node, branches: &Branches, view: V, at: &Frame<'_, V::At>)
    where
        O: Out<V::At>,
    {
        let schema = self.schema;
        self.report(node, Keyword::OneOf, view, at, || {
            let fitting = branches.list.iter().filter(|id| matches(schema, **id, view) == Match::Yes);
            let asked: Vec<&str> = fitting.filter_map(|id| present(schema, *id, view)).collect();
            let mut places: Vec<(V::At, String)> = view
                .entries()
                .filter(|(key, _, _)| asked.contains(key))
                .map(|(key, key_at, _)| (key_at, words::quoted(key)))
                .collect();
            if places.len() < 2 {
                let message = format!("{} fits more than one of the forms it may have", at.name());
                return Problem::error("exactly-one", view.at(), message);
            }
            let names: Vec<String> = places.iter().map(|(_, name)| name.clone()).collect();
            let message = format!("only one of {} may stand here", words::both(&names));
            let (second, _) = places.remove(1);
            let mut problem = Problem::error("exactly-one", second, message);
            problem.label = "and here".to_owned();
            let mut others = places.into_iter().map(|(at, _)| at);
            problem.other.extend(others.next().map(|at| (at, "first here".to_owned())));
            problem.other.extend(others.map(|at| (at, "and here".to_owned())));
            problem
        });
    }

    fn not<V: View>(&mut self, node: &Node, not: NodeId, view: V, at: &Frame<'_, V::At>)
    where
        O: Out<V::At>,
    {
        match matches(self.schema, not, view) {
            Match::No => return,
            Match::Open => return self.out.unsure(),
            Match::Yes => {}
        }
        let schema = self.schema;
        self.report(node, Keyword::Not, view, at, || {
            let place = at.key_at.clone().unwrap_or_else(|| view.at());
            let names: Vec<&str> = required(schema, not).collect();
            let mut present = view.entries().filter(|(key, _, _)| names.contains(key));
            let quoted: Vec<_> = names.iter().map(|name| words::quoted(name)).collect();
            match (present.next(), present.next()) {
                (Some((_, only, _)), None) => Problem::error(
                    "not-allowed",
                    only,
                    format!("{} is not allowed here", words::both(&quoted)),
                ),
                (Some((_, first, _)), Some((_, second, _))) => {
                    let message = format!("{} cannot stand together", words::both(&quoted));
                    let mut problem = Problem::error("not-allowed", second, message);
                    problem.label = "and here".to_owned();
                    problem.other.push((first, "first here".to_owned()));
                    problem
                }
                _ => Problem::error("not-allowed", place, format!("{} is not allowed here", at.name())),
            }
        });
    }

    /// No branch fits: asks for a choice, or reports the problems of the branch that was most likely meant.
    fn none<V: View>(
        &mut self,
        node: &Node,
        keyword: Keyword,
        branches: &Branches,
        view: V,
        at: &Frame<'_, V::At>,
    ) where
        O: Out<V::At>,
    {
        if O::SILENT {
            return self.out.push(|| Problem::error("not-allowed", view.at(), ""));
        }
        if let Some(names) = unmade_choice(self.schema, branches, view) {
            if names.iter().any(|name| self.out.is_meant(|| at.path(), name.trim_matches('`'))) {
                return;
            }
            return self.report(node, keyword, view, at, || {
                let (code, number) = match keyword {
                    Keyword::AnyOf => ("missing-field", "at least"),
                    _ => ("exactly-one", "exactly"),
                };
                let message = format!("missing field: {number} one of {}", choices(&names));
                Problem::error(code, view.at(), message)
            });
        }
        let own = node.remarks.as_ref().and_then(|remarks| remarks.for_keyword(keyword));
        if own.is_some_and(|remark| remark.message.is_some()) {
            return self.report(node, keyword, view, at, || Problem::error("not-allowed", view.at(), ""));
        }
        self.nearest_branch(node, keyword, branches, view, at);
    }

    /// Reports the problems of the branch that was most likely meant.
    fn nearest_branch<V: View>(
        &mut self,
        node: &Node,
        keyword: Keyword,
        branches: &Branches,
        view: V,
        at: &Frame<'_, V::At>,
    ) where
        O: Out<V::At>,
    {
        let schema = self.schema;
        let kind = Types::of(view);
        let mut alike = branches.list.iter().copied().filter(|id| accepted(schema, *id).has(kind));
        match (alike.next(), alike.next()) {
            (None, _) => {
                let wanted = branches.list.iter().fold(Types::NONE, |all, id| all.or(accepted(schema, *id)));
                self.wrong_type(node, wanted, view, at);
            }
            (Some(only), None) => self.node(only, view, at),
            (Some(first), Some(_)) if view.kind() == ViewKind::Mapping => {
                let rest = branches.list.iter().copied().filter(|id| accepted(schema, *id).has(kind));
                let best = rest.fold((first, i64::MIN), |best, id| {
                    let score = likeness(schema, id, view);
                    if score > best.1 { (id, score) } else { best }
                });
                self.node(best.0, view, at);
            }
            _ => self.report(node, keyword, view, at, || {
                let secret = at.secret || branches.list.iter().any(|id| target(schema, *id).secret);
                let shown = if secret { None } else { words::value(view) };
                let subject = shown.unwrap_or_else(|| at.name());
                let message = format!("{subject} has none of the forms allowed for {}", at.name());
                Problem::error("bad-format", view.at(), message)
            }),
        }
    }
}

/// How many branches fit, when all they ask for is that a field is there: one look at each field then tells.
fn asked<V: View>(branches: &Branches, view: V) -> Option<u32> {
    let keys = branches.keys.as_ref().filter(|_| view.kind() == ViewKind::Mapping)?;
    let mut fitting = 0u64;
    for (key, _, _) in view.entries().filter(|(_, _, value)| !value.is_absent()) {
        if let Some((_, branch)) = keys.iter().find(|(known, _)| **known == *key) {
            fitting |= 1 << branch;
        }
    }
    Some(fitting.count_ones())
}
