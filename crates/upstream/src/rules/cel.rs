//! `x-kubernetes-validations`: the rules that CRDs state in CEL (Common Expression Language), evaluated by kube-cel.
//!
//! A rule that reads a value which is not known yet is skipped; `has` asks only whether a field is there.

mod rule;
mod value;

use keyloom_syntax::check::Problem;
use keyloom_syntax::spot::Spot;
use keyloom_syntax::view::View;
use serde_json::Value;

use crate::Cursor;

use rule::Rule;

/// The code of a problem that a rule of a CRD reports.
pub const CODE: &str = "crd-rule";
const WHY: &str =
    "it is a rule of the operator's own definition of this object, and the API server holds to it";
/// CRDs do not refer to themselves; this ends the walk if one ever does.
const DEEPEST: usize = 64;

/// The rules of a schema and of all that is below it.
#[derive(Debug, Default)]
pub struct Rules {
    own: Vec<(Rule, String)>,
    fields: Vec<(String, Rules)>,
    items: Option<Box<Rules>>,
    values: Option<Box<Rules>>,
}

impl Rules {
    /// Compiles the rules of a schema. One that cannot be compiled is left out: no such rule is condensed, a test looks.
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
            let message = message.map_or_else(|| format!("failed rule: {rule}"), str::to_owned);
            Some((Rule::compile(rule).ok()?, message))
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
        for (rule, message) in &self.own {
            if rule.holds(spot.view()) == Some(false) {
                let problem = spot.error_at_key(CODE, lower(message)).why(WHY);
                sink.push(match remedy(rule.asked(), spot) {
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

/// Whether one rule holds of a value; nothing when that is not known.
///
/// # Errors
/// What is wrong with a rule that is no CEL.
pub fn holds<V: View>(rule: &str, view: V) -> Result<Option<bool>, String> {
    Ok(Rule::compile(rule).map_err(|errors| errors.to_string())?.holds(view))
}

/// The rules that stand at a schema, with what upstream says when one is broken.
fn written<'s>(schema: Cursor<'s>) -> impl Iterator<Item = (&'s str, Option<&'s str>)> {
    let list = schema.keyword("x-kubernetes-validations").and_then(Value::as_array).into_iter().flatten();
    list.filter_map(|entry| {
        Some((entry.get("rule")?.as_str()?, entry.get("message").and_then(Value::as_str)))
    })
}

/// What to do where a rule is about which fields are there: none of them, or several.
fn remedy<V: View>(fields: &[String], spot: &Spot<'_, V>) -> Option<String> {
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
