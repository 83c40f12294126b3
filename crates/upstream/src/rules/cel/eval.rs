//! What an expression comes to, with a third answer beside yes and no: not known.

use std::cmp::Ordering;

use keyloom_syntax::view::{View, ViewKind};

use super::parse::{Comparison, Expression, Macro};

/// A value of CEL.
#[derive(Clone)]
enum Value<V> {
    Bool(bool),
    Int(i64),
    Text(String),
    List(Vec<Value<V>>),
    /// A list or mapping of the tree.
    Tree(V),
    /// Not known yet, or an error, which the API server would have reported as one of structure.
    Unknown,
}

/// What a name stands for.
struct Scope<'s, V> {
    name: &'s str,
    value: Value<V>,
    outer: Option<&'s Scope<'s, V>>,
}

/// Whether the rule holds of `self`; nothing when it is not known.
pub(super) fn holds<V: View>(rule: &Expression, view: V) -> Option<bool> {
    truth(&eval(rule, &Scope { name: "self", value: read(view), outer: None }))
}

fn truth<V>(value: &Value<V>) -> Option<bool> {
    match value {
        Value::Bool(value) => Some(*value),
        Value::Int(_) | Value::Text(_) | Value::List(_) | Value::Tree(_) | Value::Unknown => None,
    }
}

fn answer<V>(truth: Option<bool>) -> Value<V> {
    truth.map_or(Value::Unknown, Value::Bool)
}

fn read<V: View>(view: V) -> Value<V> {
    match view.kind() {
        ViewKind::Bool => answer(view.boolean()),
        // A number of the tree is a float to the view; whole ones are compared as such.
        ViewKind::Int => view.number().map_or(Value::Unknown, |number| Value::Int(number as i64)),
        ViewKind::Text => view.text().map_or(Value::Unknown, |text| Value::Text(text.to_owned())),
        ViewKind::Sequence | ViewKind::Mapping => Value::Tree(view),
        ViewKind::Null | ViewKind::Float | ViewKind::Unknown => Value::Unknown,
    }
}

fn eval<V: View>(expression: &Expression, scope: &Scope<'_, V>) -> Value<V> {
    let logic = |expression| truth(&eval(expression, scope));
    match expression {
        Expression::Bool(value) => Value::Bool(*value),
        Expression::Int(number) => Value::Int(*number),
        Expression::Text(text) => Value::Text(text.clone()),
        Expression::List(items) => Value::List(items.iter().map(|item| eval(item, scope)).collect()),
        Expression::Name(name) => lookup(name, scope),
        Expression::Field(of, field) => match eval(of, scope) {
            Value::Tree(view) => view.get(field).map_or(Value::Unknown, |(_, value)| read(value)),
            _ => Value::Unknown,
        },
        Expression::Has(of, field) => answer(has(&eval(of, scope), field)),
        Expression::Size(of) => size(&eval(of, scope)).map_or(Value::Unknown, Value::Int),
        Expression::Not(inner) => answer(logic(inner).map(|value| !value)),
        Expression::And(left, right) => answer(match (logic(left), logic(right)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), Some(true)) => Some(true),
            _ => None,
        }),
        Expression::Or(left, right) => answer(match (logic(left), logic(right)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), Some(false)) => Some(false),
            _ => None,
        }),
        Expression::Compare(comparison, left, right) => {
            answer(compare(*comparison, &eval(left, scope), &eval(right, scope)))
        }
        Expression::In(item, all) => answer(contains(&eval(item, scope), &eval(all, scope))),
        Expression::Each(each, list, name, condition) => {
            let items = items(eval(list, scope));
            let inner = |value: Value<V>| truth(&eval(condition, &Scope { name, value, outer: Some(scope) }));
            items.map_or(Value::Unknown, |items| every(*each, items, inner))
        }
    }
}

fn lookup<V: View>(name: &str, scope: &Scope<'_, V>) -> Value<V> {
    let mut at = Some(scope);
    while let Some(scope) = at {
        if scope.name == name {
            return scope.value.clone();
        }
        at = scope.outer;
    }
    Value::Unknown
}

fn has<V: View>(value: &Value<V>, field: &str) -> Option<bool> {
    match value {
        Value::Tree(view) if view.kind() == ViewKind::Mapping => {
            Some(view.get(field).is_some_and(|(_, value)| value.kind() != ViewKind::Null))
        }
        _ => None,
    }
}

fn size<V: View>(value: &Value<V>) -> Option<i64> {
    let count = match value {
        Value::Text(text) => text.chars().count(),
        Value::List(items) => items.len(),
        Value::Tree(view) if view.kind() == ViewKind::Sequence => view.items().count(),
        Value::Tree(view) => view.entries().count(),
        Value::Bool(_) | Value::Int(_) | Value::Unknown => return None,
    };
    i64::try_from(count).ok()
}

/// The items of a list, or the keys of a mapping.
fn items<V: View>(value: Value<V>) -> Option<Vec<Value<V>>> {
    match value {
        Value::List(items) => Some(items),
        Value::Tree(view) if view.kind() == ViewKind::Sequence => Some(view.items().map(read).collect()),
        Value::Tree(view) => Some(view.entries().map(|(key, _, _)| Value::Text(key.to_owned())).collect()),
        Value::Bool(_) | Value::Int(_) | Value::Text(_) | Value::Unknown => None,
    }
}

fn contains<V: View>(item: &Value<V>, all: &Value<V>) -> Option<bool> {
    let all = items(all.clone())?;
    let equal: Vec<_> = all.iter().map(|one| compare(Comparison::Equal, item, one)).collect();
    match () {
        () if equal.contains(&Some(true)) => Some(true),
        () if equal.contains(&None) => None,
        () => Some(false),
    }
}

fn compare<V: View>(comparison: Comparison, left: &Value<V>, right: &Value<V>) -> Option<bool> {
    let order = match (left, right) {
        (Value::Bool(left), Value::Bool(right)) => left.cmp(right),
        (Value::Int(left), Value::Int(right)) => left.cmp(right),
        (Value::Text(left), Value::Text(right)) => left.cmp(right),
        _ => return None,
    };
    Some(match comparison {
        Comparison::Equal => order == Ordering::Equal,
        Comparison::Unequal => order != Ordering::Equal,
        Comparison::Less => order == Ordering::Less,
        Comparison::AtMost => order != Ordering::Greater,
        Comparison::More => order == Ordering::Greater,
        Comparison::AtLeast => order != Ordering::Less,
    })
}

fn every<V: View>(each: Macro, items: Vec<Value<V>>, holds: impl Fn(Value<V>) -> Option<bool>) -> Value<V> {
    let answers: Vec<(Value<V>, Option<bool>)> =
        items.into_iter().map(|item| (item.clone(), holds(item))).collect();
    let any = |wanted: Option<bool>| answers.iter().any(|(_, answer)| *answer == wanted);
    match each {
        Macro::Filter if any(None) => Value::Unknown,
        Macro::Filter => Value::List(
            answers.into_iter().filter(|(_, kept)| *kept == Some(true)).map(|(item, _)| item).collect(),
        ),
        Macro::All if any(Some(false)) => Value::Bool(false),
        Macro::Exists if any(Some(true)) => Value::Bool(true),
        Macro::All | Macro::Exists if any(None) => Value::Unknown,
        Macro::All => Value::Bool(true),
        Macro::Exists => Value::Bool(false),
    }
}
