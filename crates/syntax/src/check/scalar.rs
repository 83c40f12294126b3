//! Types, values, formats and ranges.

use serde_json::Value;

use super::branch::target;
use super::equal::{equal, is_open, print};
use super::out::{Match, Out};
use super::path::Frame;
use super::walk::Walk;
use super::{Problem, hidden, words};
use crate::schema::{Keyword, Node, Schema, Types, Values};
use crate::suggest::nearest;
use crate::view::{View, ViewKind};

impl<O> Walk<'_, O> {
    /// Says what was wanted and what was found. Text is never repeated: where a mapping is wanted it may well be a
    /// pasted credential. A number or boolean is, where quoting it is the remedy.
    pub(super) fn wrong_type<V: View>(&mut self, node: &Node, wanted: Types, view: V, at: &Frame<'_, V::At>)
    where
        O: Out<V::At>,
    {
        self.report(node, Keyword::Type, view, at, || {
            let kind = view.kind();
            let scalar = matches!(kind, ViewKind::Bool | ViewKind::Int | ViewKind::Float);
            let unquoted = scalar && wanted.has(Types::TEXT);
            let shown = if unquoted && !at.secret { words::scalar(&view) } else { None };
            let found = match &shown {
                Some(text) if kind == ViewKind::Bool => format!("the boolean {text}"),
                Some(text) => format!("the number {text}"),
                None => words::kind(kind).to_owned(),
            };
            let wants = format!("{} wants {}, found {found}", at.name(), words::types(wanted));
            let mut problem = Problem::error("wrong-type", view.at(), wants);
            problem.fix = match shown {
                Some(text) => as_text(self.schema, node, &text, kind != ViewKind::Bool),
                None if unquoted => Some("quote it".to_owned()),
                None if kind == ViewKind::Null => Some("fill it in, or leave the field out".to_owned()),
                None => unquote(wanted, view),
            };
            if hidden::is_misshapen(view, wanted) {
                hidden::scalars(view, &mut problem.hidden);
            }
            problem
        });
    }

    /// Checks `enum` and `const`; whether the walk should go on.
    pub(super) fn values<V: View>(&mut self, node: &Node, view: V, at: &Frame<'_, V::At>) -> bool
    where
        O: Out<V::At>,
    {
        if let Some(values) = &node.values {
            match among(values, view) {
                Match::Yes => {}
                Match::Open => self.out.unsure(),
                Match::No => {
                    self.unknown_value(node, values, view, at);
                    return false;
                }
            }
        }
        let Some(constant) = &node.constant else { return true };
        match equal(view, &**constant) {
            Match::Yes => true,
            Match::Open => {
                self.out.unsure();
                true
            }
            Match::No => {
                self.report(node, Keyword::Const, view, at, || {
                    let message = format!("{} must be {}", at.name(), words::known(constant));
                    let found = if at.secret { None } else { words::value(view) };
                    let found = found.map(|found| format!(", found {found}")).unwrap_or_default();
                    Problem::error("unknown-value", view.at(), message + &found)
                });
                false
            }
        }
    }

    fn unknown_value<V: View>(&mut self, node: &Node, values: &Values, view: V, at: &Frame<'_, V::At>)
    where
        O: Out<V::At>,
    {
        if values.texts && view.kind() != ViewKind::Text {
            return self.wrong_type(node, Types::TEXT, view, at);
        }
        self.report(node, Keyword::Enum, view, at, || {
            let shown = if at.secret { None } else { words::value(view) };
            let subject = shown.unwrap_or_else(|| at.name());
            let text = if at.secret { None } else { view.text() };
            let near = text.map(|text| nearest(text, values.list.iter().filter_map(Value::as_str)));
            let near = near.unwrap_or_default();
            let message = if values.list.len() > words::MANY {
                format!("{subject} is not one of the {} known values", values.list.len())
            } else {
                let known: Vec<_> = values.list.iter().map(words::known).collect();
                format!("{subject} is not one of {}", known.join(", "))
            };
            let mut problem = Problem::error("unknown-value", view.at(), message);
            if let Some(first) = near.first() {
                problem.label = format!("did you mean `{first}`?");
            }
            if values.list.len() > words::MANY {
                let few: Vec<_> = match near.as_slice() {
                    [] => values.list.iter().take(words::MANY).map(words::known).collect(),
                    near => near.iter().take(3).map(|near| (*near).to_owned()).collect(),
                };
                let among = if near.is_empty() { "among them" } else { "the nearest" };
                problem.fix = Some(format!("{among}: {}", few.join(", ")));
            }
            problem
        });
    }

    pub(super) fn text<V: View>(&mut self, node: &Node, view: V, at: &Frame<'_, V::At>)
    where
        O: Out<V::At>,
    {
        let Some(rules) = &node.text else { return };
        let Some(text) = view.text() else { return self.out.unsure() };
        if rules.min.is_some() || rules.max.is_some() {
            let length = text.chars().count() as u64;
            let many = |count| words::plural(count, "character", "characters");
            let message = match (rules.min, rules.max) {
                (Some(min), _) if length < min && length == 0 => format!("{} is empty", at.name()),
                (Some(min), _) if length < min => {
                    format!("{} is too short: {length}, at least {}", at.name(), many(min))
                }
                (_, Some(max)) if length > max => {
                    format!("{} is too long: {length}, at most {}", at.name(), many(max))
                }
                _ => String::new(),
            };
            if !message.is_empty() {
                self.report(node, Keyword::Length, view, at, || {
                    Problem::error("bad-length", view.at(), message)
                });
                if text.is_empty() {
                    return;
                }
            }
        }
        let Some(pattern) = rules.pattern.map(|id| self.schema.pattern(id)) else { return };
        if !pattern.is_match(text) {
            self.report(node, Keyword::Pattern, view, at, || {
                let subject = if at.secret { at.name() } else { words::quoted(text) };
                let message = format!("{subject} does not have the form {}", pattern.source);
                Problem::error("bad-format", view.at(), message)
            });
        }
    }

    pub(super) fn range<V: View>(&mut self, node: &Node, view: V, at: &Frame<'_, V::At>)
    where
        O: Out<V::At>,
    {
        let Some(range) = &node.range else { return };
        let Some(number) = view.number() else { return self.out.unsure() };
        let limits = [
            (range.min, "at least", range.min.is_none_or(|min| number >= min)),
            (range.max, "at most", range.max.is_none_or(|max| number <= max)),
            (range.above, "more than", range.above.is_none_or(|above| number > above)),
            (range.below, "less than", range.below.is_none_or(|below| number < below)),
        ];
        for (bound, limit, fits) in limits {
            if let Some(bound) = bound
                && !fits
            {
                self.report(node, Keyword::Range, view, at, || {
                    let found = if at.secret { None } else { words::scalar(&view) };
                    let found = found.map(|found| format!(", found {found}")).unwrap_or_default();
                    let message = format!("{} must be {limit} {bound}{found}", at.name());
                    Problem::error("out-of-range", view.at(), message)
                });
            }
        }
    }

    /// Reports every item that equals an earlier one.
    pub(super) fn unique<V: View>(&mut self, node: &Node, view: V, at: &Frame<'_, V::At>)
    where
        O: Out<V::At>,
    {
        let items: Vec<V> = view.items().collect();
        let mut prints: Vec<(u64, usize)> =
            items.iter().enumerate().map(|(i, item)| (print(*item), i)).collect();
        prints.sort_unstable();
        // What is not known yet may turn out to be any other item, whatever its print is.
        let may_repeat = |i: usize| {
            is_open(items[i]) && (0..items.len()).any(|j| j != i && equal(items[i], items[j]) == Match::Open)
        };
        if (0..items.len()).any(may_repeat) {
            self.out.unsure();
        }
        let mut twins: Vec<(usize, usize)> = Vec::new();
        for group in prints.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
            // Equality within a group is certain but for a clash of prints, so the first is compared with the rest.
            for (n, (_, later)) in group.iter().enumerate().skip(1) {
                let twin = |(_, earlier): &&(u64, usize)| equal(items[*earlier], items[*later]);
                let mut same = group[..n].iter().filter(|one| twin(one) == Match::Yes);
                twins.extend(same.next().map(|(_, earlier)| (*later, *earlier)));
            }
        }
        twins.sort_unstable();
        for (later, earlier) in twins {
            self.report(node, Keyword::Unique, view, at, || {
                let message = format!("{} repeats an earlier item", at.index(later).name());
                let mut problem = Problem::error("duplicate-item", items[later].at(), message);
                problem.other.push((items[earlier].at(), "first here".to_owned()));
                problem.path = at.index(later).path();
                problem
            });
        }
    }
}

fn among<V: View>(values: &Values, view: V) -> Match {
    if values.texts {
        return match (view.kind(), view.text()) {
            (ViewKind::Text, Some(text)) if values.list.iter().any(|known| known == text) => Match::Yes,
            (ViewKind::Text, None) | (ViewKind::Unknown, _) => Match::Open,
            _ => Match::No,
        };
    }
    let mut result = Match::No;
    for known in &values.list {
        match equal(view, known) {
            Match::Yes => return Match::Yes,
            Match::Open => result = Match::Open,
            Match::No => {}
        }
    }
    result
}

/// The remedy where a number or boolean stands for text: the text that fits there.
fn as_text(schema: &Schema, node: &Node, text: &str, number: bool) -> Option<String> {
    // Of a choice the branch for text is what matters.
    let branches = node.choice.iter().flat_map(|choice| choice.any.iter().chain(&choice.one));
    let mut meant = branches.flat_map(|branches| &branches.list).map(|id| target(schema, *id));
    if node.text.is_none()
        && node.values.is_none()
        && let Some(branch) = meant.find(|branch| branch.types.has(Types::TEXT))
    {
        return as_text(schema, branch, text, number);
    }
    if let Some(values) = node.values.as_ref().filter(|values| values.texts) {
        let mut known = values.list.iter().filter_map(Value::as_str);
        let near = known.find(|known| known.ends_with(text))?;
        return Some(if near == text { format!("quote it: \"{text}\"") } else { format!("write `{near}`") });
    }
    let rules = node.text.as_deref();
    let fits = |text: &str| {
        let pattern = rules.and_then(|rules| rules.pattern);
        pattern.is_none_or(|id| schema.pattern(id).is_match(text))
    };
    let with_unit = rules.and_then(|rules| rules.unit.as_ref()).filter(|_| number);
    let with_unit = with_unit.map(|unit| format!("{text}{unit}")).filter(|text| fits(text));
    match with_unit {
        Some(text) => Some(format!("write \"{text}\"")),
        None => fits(text).then(|| format!("quote it: \"{text}\"")),
    }
}

/// The remedy where text stands for the number or boolean that is wanted.
fn unquote<V: View>(wanted: Types, view: V) -> Option<String> {
    let text = view.text()?;
    let number = wanted.has(Types::INT) && text.parse::<f64>().is_ok();
    let boolean = wanted.has(Types::BOOL) && matches!(text, "true" | "false");
    (number || boolean).then(|| "write it without quotes".to_owned())
}
