//! What texts are, where they are of the right kind and yet not what was meant: hosts, and secrets with a line break behind them.

use crate::field::Field;
use crate::host::{HostFault, is_host};
use crate::kind::{Kind, Rule};
use crate::problem::Problem;
use crate::shape::Shape;
use crate::value::Value;

pub(super) fn check(kind: &Kind, field: &Field, place: &str, value: &Value, problems: &mut Vec<Problem>) {
    if is_host(field.name) {
        match value {
            Value::List(list) => list.iter().enumerate().for_each(|(at, host)| {
                problems.extend(not_a_host(kind, &format!("{place}[{at}]"), host));
            }),
            host => problems.extend(not_a_host(kind, place, host)),
        }
    }
    if is_of_one_line(kind, field) && value.text().is_some_and(|text| ends_in_line_break(text.expose())) {
        problems.push(Problem::LineBreak { field: field.name });
    }
}

fn not_a_host(kind: &Kind, place: &str, host: &Value) -> Option<Problem> {
    let fault = HostFault::of(host.text()?.expose())?;
    Some(Problem::NotAHost { field: place.to_owned(), fault, has_port: kind.field("port").is_some() })
}

/// Whether it takes a secret that usually has one line; what is in a file ends as the file does.
pub(crate) fn is_of_one_line(kind: &Kind, field: &Field) -> bool {
    let is_json = |rule: &Rule| matches!(rule, Rule::Json(name) if *name == field.name);
    field.sensitive && field.shape == Shape::Text && !kind.rules.iter().any(is_json)
}

/// The same for an editor.
pub(crate) const ONE_LINE_AND_A_BREAK: &str = r"^[^\S\r\n]*[^\s{][^\r\n]*[\r\n]+$";

/// A text of several lines is what is in a file, and an object of JSON likely so.
fn ends_in_line_break(text: &str) -> bool {
    let line = text.trim_end_matches(['\r', '\n']);
    let is_line =
        !line.trim().is_empty() && !line.contains(['\r', '\n']) && !line.trim_start().starts_with('{');
    line.len() < text.len() && is_line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_and_its_break() {
        for text in ["x\n", " x y\r\n", "x\n\n"] {
            assert!(ends_in_line_break(text), "{text:?}");
        }
        for text in ["", "\n", " \n", "x", "x ", "-----BEGIN-----\nx\n", "{\"a\": 1}\n", "\nx\n"] {
            assert!(!ends_in_line_break(text), "{text:?}");
        }
    }
}
