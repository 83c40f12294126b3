//! Fields: unknown ones, missing ones, deprecated ones.

use super::meant::Meant;
use super::out::Out;
use super::path::Frame;
use super::walk::Walk;
use super::{Problem, hidden, words};
use crate::diagnostic::Severity;
use crate::schema::{Additional, Keyword, Node, ObjectRules};
use crate::view::View;

impl<O> Walk<'_, O> {
    pub(super) fn object<V: View>(&mut self, node: &Node, rules: &ObjectRules, view: V, at: &Frame<'_, V::At>)
    where
        O: Out<V::At>,
    {
        let mut seen = Seen::new(rules.slots.len());
        let mut count = 0;
        for (key, key_at, value) in view.entries() {
            let slot = rules.find(key);
            let is_known = slot.is_some() || matches!(rules.additional, Additional::Schema(_));
            if is_known && value.is_absent() {
                continue;
            }
            count += 1;
            let frame = at.key(key, key_at);
            let mut known = false;
            if let Some(slot) = slot {
                seen.set(slot);
                if let Some(schema) = rules.slots[slot].schema {
                    known = true;
                    self.deprecated(schema, value, &frame);
                    self.node(schema, value, &frame);
                }
            }
            for (pattern, schema) in &rules.patterns {
                if self.schema.pattern(*pattern).is_match(key) {
                    known = true;
                    self.node(*schema, value, &frame);
                }
            }
            match rules.additional {
                Additional::Schema(schema) if !known => self.node(schema, value, &frame),
                Additional::Nothing if !known => {
                    let meant = if O::SILENT { Meant::default() } else { Meant::by(rules, key, value) };
                    meant.fields.iter().for_each(|name| self.out.stands_for(at.path(), name));
                    self.unknown(node, rules, &meant, (key, view, value), &frame);
                }
                _ => {}
            }
            if self.out.done() {
                return;
            }
        }
        for slot in rules.required.iter().map(|slot| *slot as usize).filter(|slot| !seen.has(*slot)) {
            let name = &*rules.slots[slot].name;
            if !self.out.is_meant(|| at.path(), name) {
                self.report(node, Keyword::Required, view, at, || {
                    let message = format!("missing field {}", words::quoted(name));
                    Problem::error("missing-field", view.at(), message)
                });
            }
        }
        let many = |count| words::plural(count, "field", "fields");
        self.bounds((node, Keyword::Fields), (rules.min, rules.max), count, view, at, many);
    }

    fn unknown<V: View>(
        &mut self,
        node: &Node,
        rules: &ObjectRules,
        meant: &Meant<'_>,
        (key, view, value): (&str, V, V),
        at: &Frame<'_, V::At>,
    ) where
        O: Out<V::At>,
    {
        let only_patterns = rules.slots.is_empty() && !rules.patterns.is_empty();
        let keyword = if only_patterns { Keyword::PatternProperties } else { Keyword::Unknown };
        self.report(node, keyword, view, at, || {
            let shown = words::quoted(key);
            let place = at.key_at.clone().unwrap_or_else(|| view.at());
            if only_patterns {
                let forms: Vec<_> =
                    rules.patterns.iter().map(|(id, _)| self.schema.pattern(*id).source.clone()).collect();
                let message = format!("the name {shown} does not have the form {}", words::either(&forms));
                let mut problem = Problem::error("bad-format", place, message);
                hidden::scalars(value, &mut problem.hidden);
                return problem;
            }
            let message = match &rules.noun {
                Some(noun) => format!("{shown} is not a field of {noun}"),
                None => format!("unknown field {shown}"),
            };
            let mut problem = Problem::error("unknown-field", place, message);
            hidden::scalars(value, &mut problem.hidden);
            match meant.words() {
                Some(words) => problem.label = words,
                None => problem.fix = Some(known_here(rules)),
            }
            problem
        });
    }

    fn deprecated<V: View>(&mut self, schema: crate::schema::NodeId, view: V, at: &Frame<'_, V::At>)
    where
        O: Out<V::At>,
    {
        let node = self.schema.node(schema);
        if O::SILENT || !node.deprecated {
            return;
        }
        self.report(node, Keyword::Deprecated, view, at, || {
            let place = at.key_at.clone().unwrap_or_else(|| view.at());
            let mut problem =
                Problem::error("deprecated-field", place, format!("{} is deprecated", at.name()));
            problem.severity = Severity::Warning;
            problem
        });
    }
}

/// The fields that may stand there, the first few when there are many.
fn known_here(rules: &ObjectRules) -> String {
    let known: Vec<_> = rules.known().map(words::quoted).collect();
    match known.get(words::MANY..) {
        _ if known.is_empty() => "no field may stand here".to_owned(),
        None | Some([]) => format!("known here: {}", known.join(", ")),
        Some(more) => format!("known here: {} and {} more", known[..words::MANY].join(", "), more.len()),
    }
}

/// Which slots were met; no allocation up to 128.
struct Seen {
    first: u128,
    rest: Vec<bool>,
}

impl Seen {
    fn new(slots: usize) -> Self {
        Self { first: 0, rest: vec![false; slots.saturating_sub(128)] }
    }

    fn set(&mut self, slot: usize) {
        match slot.checked_sub(128) {
            None => self.first |= 1 << slot,
            Some(slot) => self.rest[slot] = true,
        }
    }

    fn has(&self, slot: usize) -> bool {
        match slot.checked_sub(128) {
            None => self.first & (1 << slot) != 0,
            Some(slot) => self.rest[slot],
        }
    }
}
