//! `allOf`, `anyOf`, `oneOf`, `not`, `if`: which branch was meant, and what to say when none fits.

use super::out::{Match, Out};
use super::path::Frame;
use super::walk::{Walk, matches};
use super::{Problem, words};
use crate::schema::{Additional, Branches, Choice, Keyword, Node, NodeId, Schema, Types};
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
        match &branches.keys {
            Some(keys) => self.report(node, Keyword::AnyOf, view, at, || {
                let message = format!("missing field: at least one of {}", choices(keys));
                Problem::error("missing-field", view.at(), message)
            }),
            None => self.nearest_branch(node, Keyword::AnyOf, branches, view, at),
        }
    }

    fn one<V: View>(&mut self, node: &Node, branches: &Branches, view: V, at: &Frame<'_, V::At>)
    where
        O: Out<V::At>,
    {
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
            _ => match &branches.keys {
                Some(keys) => self.report(node, Keyword::OneOfNone, view, at, || {
                    let message = format!("missing field: exactly one of {}", choices(keys));
                    Problem::error("exactly-one", view.at(), message)
                }),
                None => self.nearest_branch(node, Keyword::OneOfNone, branches, view, at),
            },
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
            let asked: Vec<&str> = fitting.filter_map(|id| asks_for(schema, *id)).collect();
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

    /// Nothing fits: reports the problems of the branch that was most likely meant.
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
        if O::SILENT {
            return self.out.push(|| Problem::error("not-allowed", view.at(), ""));
        }
        let own = node.remarks.as_ref().and_then(|remarks| remarks.for_keyword(keyword));
        if own.is_some_and(|remark| remark.message.is_some()) {
            return self.report(node, keyword, view, at, || Problem::error("not-allowed", view.at(), ""));
        }
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
                let shown = if at.secret { None } else { words::value(view) };
                let subject = shown.unwrap_or_else(|| at.name());
                let message = format!("{subject} has none of the forms allowed for {}", at.name());
                Problem::error("bad-format", view.at(), message)
            }),
        }
    }
}

/// Names to choose from, the first few when there are many.
fn choices(keys: &[Box<str>]) -> String {
    let names: Vec<_> = keys.iter().take(words::MANY).map(|key| words::quoted(key)).collect();
    match keys.len().checked_sub(words::MANY) {
        None | Some(0) => words::either(&names),
        Some(more) => format!("{} or {more} more", names.join(", ")),
    }
}

/// The schema behind references.
fn target(schema: &Schema, id: NodeId) -> &Node {
    let mut node = schema.node(id);
    while let Some(next) = node.reference {
        node = schema.node(next);
    }
    node
}

/// The names a schema requires, if it does little else.
fn required(schema: &Schema, id: NodeId) -> impl Iterator<Item = &str> {
    let rules = target(schema, id).object.as_deref();
    rules.into_iter().flat_map(|rules| rules.required.iter().map(|slot| &*rules.slots[*slot as usize].name))
}

/// The field whose presence asks for this branch: the first that it requires.
fn asks_for(schema: &Schema, id: NodeId) -> Option<&str> {
    required(schema, id).next()
}

/// The types a schema lets through.
fn accepted(schema: &Schema, id: NodeId) -> Types {
    let node = target(schema, id);
    if node.never {
        return Types::NONE;
    }
    let mut types = node.types;
    if let Some(values) = &node.values {
        types = types.and(values.list.iter().fold(Types::NONE, |all, value| all.or(Types::of(value))));
    }
    if let Some(constant) = &node.constant {
        types = types.and(Types::of(&**constant));
    }
    let Some(choice) = &node.choice else { return types };
    for id in &choice.all {
        types = types.and(accepted(schema, *id));
    }
    for branches in choice.any.iter().chain(&choice.one) {
        types = types.and(branches.list.iter().fold(Types::NONE, |all, id| all.or(accepted(schema, *id))));
    }
    types
}

/// How much a mapping looks like one that a branch is for: a fitting constant speaks loudest, one that does not
/// fit speaks against, then count the fields it knows and those it misses.
fn likeness<V: View>(schema: &Schema, id: NodeId, view: V) -> i64 {
    let node = target(schema, id);
    let inner = node.choice.iter().flat_map(|choice| &choice.all).map(|id| likeness(schema, *id, view));
    let mut score: i64 = inner.sum();
    let Some(rules) = &node.object else { return score };
    for (key, _, value) in view.entries() {
        let known = rules.find(key).and_then(|slot| rules.slots[slot].schema);
        score += match known.map(|id| (id, target(schema, id))) {
            Some((id, field)) if field.values.is_some() || field.constant.is_some() => {
                if matches(schema, id, value) == Match::No { -100 } else { 100 }
            }
            Some((id, _)) if accepted(schema, id).has(Types::of(value)) => 4,
            Some(_) => 2,
            None if matches!(rules.additional, Additional::Nothing) => -1,
            None => 0,
        };
    }
    let missing = rules.required.iter().filter(|slot| view.get(&rules.slots[**slot as usize].name).is_none());
    score - 3 * i64::try_from(missing.count()).unwrap_or(i64::MAX / 4)
}
