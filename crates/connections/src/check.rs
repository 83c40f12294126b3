//! Checks the text of a secret: what is wrong is told all at once.

use serde_json::error::Category;

use crate::field::{Field, FieldType, Shape};
use crate::kind::{Kind, Rule};
use crate::object::Object;
use crate::problem::Problem;
use crate::secret::Secret;
use crate::value::Value;

/// A longer word is no typing error but something pasted, and is not repeated.
const LONGEST_WORD: usize = 40;

type Checked = (&'static Kind, Object, Vec<Problem>);

/// Kind, details and warnings of a text, or all that is wrong with it.
pub(crate) fn text(text: &Secret) -> Result<Checked, Vec<Problem>> {
    let root = parse(text.expose()).map_err(|problem| vec![problem])?;
    let Value::Object(root) = root else {
        return Err(vec![Problem::NotAnObject { found: root.kind() }]);
    };
    let mut problems = Vec::new();
    twice(&root, &mut problems);
    let kind = kind_of(&root, &mut problems);
    let details = details_of(&root, &mut problems);
    if let (Some(kind), Some(details)) = (kind, details) {
        fields(kind, details, &mut problems);
        if problems.iter().all(Problem::is_warning) {
            return Ok((kind, filled(kind, details), problems));
        }
    }
    Err(problems)
}

/// What serde says would quote what it read.
fn parse(text: &str) -> Result<Value, Problem> {
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| Problem::NotJson {
        line: error.line(),
        column: error.column(),
        why: match error.classify() {
            Category::Eof => "it ends too early",
            Category::Syntax | Category::Data | Category::Io => "this is not JSON",
        },
    })
}

fn is_said(value: Option<&Value>) -> bool {
    !matches!(value, None | Some(Value::Null))
}

fn kind_of(root: &Object, problems: &mut Vec<Problem>) -> Option<&'static Kind> {
    let empty = |word: &Secret| word.is_blank();
    let word = root.get("type");
    if !is_said(word) || word.and_then(Value::text).is_some_and(empty) {
        problems.push(Problem::Incomplete { missing: missing(root) });
        return None;
    }
    let Some(word) = word.and_then(Value::text) else {
        problems.push(Problem::TypeNotText { found: word.map_or("null", Value::kind) });
        return None;
    };
    let word = word.expose().trim();
    if let Some(kind) = Kind::of(word) {
        return Some(kind);
    }
    if let Some(kind) = Kind::aliased(word) {
        problems.push(Problem::AliasedType { alias: word.to_owned(), meant: kind.word });
        return Some(kind);
    }
    problems.push(Problem::UnknownType { word: shown(word), meant: Kind::suggest(word) });
    None
}

fn missing(root: &Object) -> &'static str {
    match (root.get("type"), is_said(root.get("details"))) {
        (Some(Value::Text(_)), true) => "`type` is empty",
        (Some(Value::Text(_)), false) => "`type` is empty and `details` is missing",
        (_, true) => "`type` is missing",
        (_, false) => "`type` and `details` are missing",
    }
}

/// A word that may be shown: one that somebody typed.
fn shown(word: &str) -> Option<String> {
    let plain = word.len() <= LONGEST_WORD
        && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.'));
    plain.then(|| word.to_owned())
}

fn details_of<'a>(root: &'a Object, problems: &mut Vec<Problem>) -> Option<&'a Object> {
    match root.get("details") {
        Some(Value::Object(details)) => Some(details),
        None | Some(Value::Null) => {
            // Where the type is missing too, both are told at once.
            if !problems.iter().any(|problem| matches!(problem, Problem::Incomplete { .. })) {
                problems.push(Problem::Incomplete { missing: "`details` is missing" });
            }
            None
        }
        Some(other) => {
            problems.push(Problem::DetailsNotAMap { found: other.kind() });
            None
        }
    }
}

fn twice(object: &Object, problems: &mut Vec<Problem>) {
    if let Some(name) = object.twice() {
        problems.push(Problem::Twice { name: shown(name).unwrap_or_else(|| "a name".to_owned()) });
    }
}

fn fields(kind: &'static Kind, details: &Object, problems: &mut Vec<Problem>) {
    twice(details, problems);
    for field in kind.fields {
        match details.get(field.name) {
            None | Some(Value::Null) if field.required => {
                problems.push(Problem::missing(kind.word, field, false));
            }
            None | Some(Value::Null) => {}
            Some(Value::Text(text)) if field.required && text.is_blank() => {
                problems.push(Problem::missing(kind.word, field, true));
            }
            Some(value) => shape(field, value, problems),
        }
    }
    for rule in kind.rules {
        rule.check(kind, details, problems);
    }
    let unknown = details.iter().filter(|(name, _)| *name != "name" && kind.field(name).is_none());
    problems.extend(unknown.map(|(name, _)| Problem::UnknownField {
        kind: kind.word,
        field: shown(name).unwrap_or_else(|| "…".to_owned()),
        meant: kind.suggest_field(name),
    }));
}

/// Each value at its own place, so that the third of a list is told as the third.
fn shape(field: &Field, value: &Value, problems: &mut Vec<Problem>) {
    let mut wrong = |place: String, wanted: Shape, value: &Value| {
        problems.push(Problem::WrongShape { field: place, wanted, found: value.kind() });
    };
    let fits = match field.shape {
        Shape::Text => String::read(value).is_some(),
        Shape::Integer => i64::read(value).is_some(),
        Shape::Port => u16::read(value).is_some(),
        Shape::Number => f64::read(value).is_some(),
        Shape::Bool => bool::read(value).is_some(),
        Shape::Texts => Vec::<String>::read(value).is_some(),
        Shape::TextMap => std::collections::BTreeMap::<String, String>::read(value).is_some(),
        Shape::TextsMap => std::collections::BTreeMap::<String, Vec<String>>::read(value).is_some(),
        Shape::Object => value.object().is_some(),
    };
    if !fits {
        wrong(field.name.to_owned(), field.shape, value);
    }
}

impl Rule {
    fn check(self, kind: &Kind, details: &Object, problems: &mut Vec<Problem>) {
        let there = |name: &str| match details.get(name) {
            None | Some(Value::Null | Value::Bool(false)) => false,
            Some(Value::Text(text)) => !text.is_blank(),
            Some(_) => true,
        };
        let text = |name: &str| details.get(name).and_then(Value::text).filter(|text| !text.is_blank());
        match self {
            Self::OneOf(groups) => {
                if !groups.iter().any(|group| group.iter().all(|name| there(name))) {
                    problems.push(Problem::NoneOf { kind: kind.word, groups: in_words(groups) });
                }
            }
            Self::NotBoth(one, other) => {
                let first = |group: &[&'static str]| group.iter().copied().find(|name| there(name));
                if let (Some(one), Some(other)) = (first(one), first(other)) {
                    problems.push(Problem::Both { kind: kind.word, one, other });
                }
            }
            Self::Json(field) => {
                let wrong =
                    |text: &&Secret| serde_json::from_str::<serde::de::IgnoredAny>(text.expose()).is_err();
                if text(field).filter(wrong).is_some() {
                    problems.push(Problem::FieldNotJson { field });
                }
            }
            Self::Path(field) => {
                if text(field).is_some_and(|text| text.expose().trim_start().starts_with('{')) {
                    problems.push(Problem::FieldNotPath { field });
                }
            }
        }
    }
}

/// `a`, or `b` with `c`.
fn in_words(groups: &[&[&str]]) -> String {
    let group =
        |group: &&[&str]| group.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" with ");
    groups.iter().map(group).collect::<Vec<_>>().join(" or ")
}

/// What was written, without the name that a connection has anyway and without unknown fields, then the defaults.
fn filled(kind: &Kind, details: &Object) -> Object {
    let mut fields = Vec::new();
    for field in kind.fields {
        let said = details.get(field.name).filter(|value| !matches!(value, Value::Null)).cloned();
        if let Some(value) = said.or_else(|| field.default.map(|literal| literal.value())) {
            fields.push((field.name.to_owned(), value));
        }
    }
    Object(fields)
}

#[cfg(test)]
mod tests {
    use crate::connection::Connection;
    use crate::secret::Secret;

    fn told(text: &str) -> Vec<String> {
        match Connection::parse("db", &Secret::new(text.to_owned())) {
            Ok(read) => read.warnings.iter().map(ToString::to_string).collect(),
            Err(problems) => problems.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn the_contract() {
        assert_eq!(told("canary"), ["failed to parse secret as JSON: line 1, column 1: this is not JSON"]);
        assert_eq!(told("{"), ["failed to parse secret as JSON: line 1, column 1: it ends too early"]);
        assert_eq!(told("\"canary\""), ["failed to parse secret as JSON: it is a text, not an object"]);
        assert_eq!(told("{}"), ["no details or type found: `type` and `details` are missing"]);
        assert_eq!(told(r#"{"type": "postgres"}"#), ["no details or type found: `details` is missing"]);
        assert_eq!(told(r#"{"details": {}}"#), ["no details or type found: `type` is missing"]);
        assert_eq!(told(r#"{"type": "", "details": {}}"#), ["no details or type found: `type` is empty"]);
        assert_eq!(told(r#"{"type": "generic", "details": []}"#), ["details is not a map: it is a list"]);
    }

    #[test]
    fn all_at_once_and_no_value() {
        let all = told(
            r#"{"type": "postgres", "details": {"host": "", "port": "canary", "username": 7, "pasword": "canary", "database": "d"}}"#,
        );
        assert_eq!(
            all,
            [
                "`details.username` is a number, not a text",
                "`details.password` is missing, which `postgres` needs",
                "`details.host` is empty, which `postgres` needs",
                "`details.port` is a text, not a port (a number from 1 to 65535)",
                "`postgres` has no field `pasword`",
            ]
        );
    }

    #[test]
    fn an_alias_is_a_warning() {
        let text = r#"{"type": "mongodb", "details": {"host": "h", "username": "u", "password": "p"}}"#;
        assert_eq!(told(text), ["the type is called `mongo`, not `mongodb`"]);
    }
}
