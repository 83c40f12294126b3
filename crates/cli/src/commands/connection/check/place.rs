//! Where in a connection a problem is, as near as its text says.

use std::ops::Range;

use keyloom_connections::Problem;
use keyloom_connections::file::{Entries, elements, range};

/// A place: the bytes of a text, and the path of fields to it.
pub(super) struct Place {
    pub(super) bytes: Range<usize>,
    pub(super) path: String,
}

/// Where a problem of a connection is, of the connection's own text.
pub(super) fn of(problem: &Problem, text: &str) -> Place {
    match problem {
        Problem::AndMore { last, .. } => of(last, text),
        Problem::NotJson { line, column, .. } => at(text, *line, *column),
        Problem::Misplaced { name, .. } | Problem::Beside { name, .. } => key(text, &[], name),
        Problem::UnknownField { field, .. } => key(text, &["details"], field),
        _ => value(text, &steps(problem)),
    }
}

/// The names that lead to a value.
fn steps(problem: &Problem) -> Vec<&str> {
    match problem {
        Problem::TypeNotText { .. } | Problem::UnknownType { .. } | Problem::AliasedType { .. } => {
            vec!["type"]
        }
        Problem::DetailsNotAMap { .. } | Problem::NoneOf { .. } => vec!["details"],
        Problem::MissingField { field, empty: true, .. } => vec!["details", field],
        Problem::MissingField { .. } => vec!["details"],
        Problem::WrongShape { field, .. } | Problem::NotAHost { field, .. } => std::iter::once("details")
            .chain(field.split(['.', '[', ']']).filter(|it| !it.is_empty() && *it != "details"))
            .collect(),
        Problem::FieldNotJson { field }
        | Problem::FieldNotPath { field }
        | Problem::EmptyPassword { field, .. }
        | Problem::UnknownWord { field, .. }
        | Problem::TooSmall { field, .. }
        | Problem::LineBreak { field } => vec!["details", field],
        Problem::Both { one, .. } => vec!["details", one],
        _ => Vec::new(),
    }
}

/// A place that serde names: columns are bytes, and end behind what is wrong.
pub(super) fn at(text: &str, line: usize, column: usize) -> Place {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let at = (before + column.saturating_sub(1)).min(text.len());
    Place { bytes: at..at, path: String::new() }
}

/// The value that names and numbers of elements lead to, or what is nearest on the way.
fn value(text: &str, steps: &[&str]) -> Place {
    let (mut here, mut path) = (text, String::new());
    for step in steps {
        let next = match Entries::parse(here) {
            Ok(entries) => entries.get(step).map(|entry| entry.text),
            Err(_) => elements(here).and_then(|all| all.get(step.parse::<usize>().ok()?).copied()),
        };
        let Some(next) = next else { break };
        join(&mut path, step);
        here = next;
    }
    Place { bytes: range(text, here), path }
}

/// The name of an entry, in what other names lead to; all of that where there is none.
fn key(text: &str, steps: &[&str], name: &str) -> Place {
    let mut found = value(text, steps);
    let within = text.get(found.bytes.clone()).unwrap_or_default();
    if let Some(entry) = Entries::parse(within).ok().as_ref().and_then(|entries| entries.get(name)) {
        found.bytes = range(text, entry.key);
        join(&mut found.path, name);
    }
    found
}

fn join(path: &mut String, step: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(step);
}
