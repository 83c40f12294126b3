//! `x-kubernetes-validations`: the rules that CRDs state in CEL (Common Expression Language).
//!
//! The part of CEL that the operator's CRDs use: `has`, `size`, `filter`, `all`, `exists`, `in`, comparisons and logic over
//! fields. A rule whose answer depends on something that is not known yet is not broken; so logic has three values here,
//! which no evaluator of the whole language has. Tests hold it against one that is made for Kubernetes.

mod eval;
mod lex;
mod parse;

use keyloom_syntax::check::Problem;
use keyloom_syntax::spot::Spot;
use keyloom_syntax::view::View;
use serde_json::Value;

use crate::Cursor;

pub use parse::SyntaxError;

/// The code of a problem that a rule of a CRD reports.
pub const CODE: &str = "crd-rule";
const WHY: &str =
    "it is a rule of the operator's own definition of this object, and the API server holds to it";
/// CRDs do not refer to themselves; this ends the walk if one ever does.
const DEEPEST: usize = 64;

/// The rules of a schema and of all that is below it.
#[derive(Debug, Default)]
pub struct Rules {
    own: Vec<Rule>,
    fields: Vec<(String, Rules)>,
    items: Option<Box<Rules>>,
    values: Option<Box<Rules>>,
}

#[derive(Debug)]
struct Rule {
    program: parse::Expression,
    message: String,
}

impl Rules {
    /// Reads the rules of a schema. A rule in a part of CEL that is not known here is left out; see [`unread`].
    pub fn of(schema: Cursor<'_>) -> Self {
        Self::below(schema, DEEPEST)
    }

    fn below(schema: Cursor<'_>, depth: usize) -> Self {
        let Some(depth) = depth.checked_sub(1) else { return Self::default() };
        let some = |schema: Option<Cursor<'_>>| {
            let rules = Self::below(schema?, depth);
            (!rules.is_empty()).then(|| Box::new(rules))
        };
        let own = written(schema).filter_map(|(rule, message)| {
            let program = parse::parse(rule).ok()?;
            Some(Rule {
                program,
                message: message.map_or_else(|| format!("failed rule: {rule}"), str::to_owned),
            })
        });
        let fields = schema.properties().map(|(name, field)| (name.to_owned(), Self::below(field, depth)));
        Self {
            own: own.collect(),
            fields: fields.filter(|(_, rules)| !rules.is_empty()).collect(),
            items: some(schema.item()),
            values: some(schema.value()),
        }
    }

    /// Whether there is no rule at all.
    pub fn is_empty(&self) -> bool {
        self.own.is_empty() && self.fields.is_empty() && self.items.is_none() && self.values.is_none()
    }

    /// Appends every broken rule, at the node it is about.
    pub fn check<V: View>(&self, spot: &Spot<'_, V>, sink: &mut Vec<Problem<V::At>>) {
        for rule in &self.own {
            if eval::holds(&rule.program, spot.view()) == Some(false) {
                let problem = spot.error_at_key(CODE, lower(&rule.message)).why(WHY);
                sink.push(match remedy(&rule.program, spot) {
                    Some(fix) => problem.fix(fix),
                    None => problem,
                });
            }
        }
        for (name, rules) in &self.fields {
            if let Some(field) = spot.get(name) {
                rules.check(&field, sink);
            }
        }
        if let Some(rules) = &self.items {
            spot.items().for_each(|item| rules.check(&item, sink));
        }
        if let Some(rules) = &self.values {
            spot.entries().for_each(|(_, value)| rules.check(&value, sink));
        }
    }
}

/// Rules of a schema, or below it, that cannot be read, each with the reason.
pub fn unread(schema: Cursor<'_>) -> Vec<(String, SyntaxError)> {
    fn below(schema: Cursor<'_>, depth: usize, found: &mut Vec<(String, SyntaxError)>) {
        let Some(depth) = depth.checked_sub(1) else { return };
        let errors =
            written(schema).filter_map(|(rule, _)| Some((rule.to_owned(), parse::parse(rule).err()?)));
        found.extend(errors);
        schema.properties().for_each(|(_, field)| below(field, depth, found));
        [schema.item(), schema.value()].into_iter().flatten().for_each(|part| below(part, depth, found));
    }
    let mut found = Vec::new();
    below(schema, DEEPEST, &mut found);
    found
}

/// Whether one rule holds of a value; nothing when that is not known.
///
/// # Errors
/// [`SyntaxError`] when the rule is not in the part of CEL that is known here.
pub fn holds<V: View>(rule: &str, view: V) -> Result<Option<bool>, SyntaxError> {
    Ok(eval::holds(&parse::parse(rule)?, view))
}

/// The rules that stand at a schema, with what upstream says when one is broken.
fn written<'s>(schema: Cursor<'s>) -> impl Iterator<Item = (&'s str, Option<&'s str>)> {
    let list = schema.keyword("x-kubernetes-validations").and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|entry| {
        Some((entry.get("rule")?.as_str()?, entry.get("message").and_then(Value::as_str)))
    })
}

/// What to do where a rule is about which fields are there: none of them, or several.
fn remedy<V: View>(program: &parse::Expression, spot: &Spot<'_, V>) -> Option<String> {
    let mut fields = Vec::new();
    program.fields(&mut fields);
    let quoted: Vec<String> = fields.iter().map(|field| format!("`{field}`")).collect();
    match fields.iter().filter(|field| spot.has(field)).count() {
        _ if fields.len() < 2 => None,
        0 => Some(format!("add {}", quoted.join(" or "))),
        1 => None,
        _ => Some(format!("keep one of {}", quoted.join(" and "))),
    }
}

/// A message as a fragment: names in backticks, no capital, no full stop.
fn lower(message: &str) -> String {
    let message = message.trim().trim_end_matches('.').replace('\'', "`");
    let mut letters = message.chars();
    let second_is_capital = letters.clone().nth(1).is_some_and(char::is_uppercase);
    match letters.next() {
        Some(first) if !second_is_capital => first.to_lowercase().chain(letters).collect(),
        _ => message,
    }
}
