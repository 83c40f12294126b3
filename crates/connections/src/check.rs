//! Checks the text of a secret: what is wrong is told all at once.

use crate::ignored::{BESIDE_TYPE, is_one};
use crate::json::{Stop, stop};
use crate::kind::Kind;
use crate::object::Object;
use crate::problem::Problem;
use crate::secret::Secret;
use crate::shape::Found;
use crate::suggest::suggest;
use crate::value::Value;

mod fields;
mod many;
mod names;
mod rules;
mod texts;

pub(crate) use fields::found;
pub use names::may_show;
pub(crate) use texts::{ONE_LINE_AND_A_BREAK, is_of_one_line};

/// A text that is longer is none that somebody wrote for a connection; the certificates and keys of one are far shorter.
const LONGEST: usize = 1024 * 1024;

type Checked = (&'static Kind, Object, Vec<Problem>);

/// Kind, details and warnings of a text, or all that is wrong with it.
pub(crate) fn text(text: &Secret) -> Result<Checked, Vec<Problem>> {
    if text.expose().len() > LONGEST {
        return Err(vec![Problem::TooLong]);
    }
    let root = parse(text.expose()).map_err(|problem| vec![problem])?;
    let Value::Object(root) = root else {
        return Err(vec![Problem::NotAnObject { found: fields::found(&root) }]);
    };
    let mut problems = Vec::new();
    names::twice(&root, &mut problems);
    let kind = kind_of(&root, &mut problems);
    let details = details_of(&root, &mut problems);
    beside(&root, kind, &mut problems);
    if let (Some(kind), Some(details)) = (kind, details) {
        fields::check(kind, details, &mut problems);
        if problems.iter().all(Problem::is_warning) {
            return Ok((kind, fields::filled(kind, details), many::first(problems)));
        }
    }
    Err(many::first(problems))
}

fn parse(text: &str) -> Result<Value, Problem> {
    let text = text.trim_start_matches('\u{feff}');
    serde_json::from_str(text).map_err(|error| {
        let Stop { line, column, why, .. } = stop(text, &error);
        Problem::NotJson { line, column, why }
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
        problems.push(Problem::TypeNotText { found: word.map_or(Found::Null, Found::of) });
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
    let meant = Kind::suggest(word);
    problems.push(Problem::UnknownType { word: names::shown(word, meant).map(str::to_owned), meant });
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
            problems.push(Problem::DetailsNotAMap { found: fields::found(other) });
            None
        }
    }
}

/// What stands beside `type` is not read: a field that belongs in `details`, or a word of nobody's.
fn beside(root: &Object, kind: Option<&'static Kind>, problems: &mut Vec<Problem>) {
    let is_read = |name: &&str| matches!(*name, "type" | "details") || is_one(name, &BESIDE_TYPE);
    for (at, name) in names::each(root).filter(|name| !is_read(name)).enumerate() {
        // What is not told needs no meaning.
        let kind = kind.filter(|_| at < many::MOST);
        let field = kind.and_then(|kind| Some((kind.word, kind.meant(name)?)));
        problems.push(match field {
            Some((kind, field)) => {
                Problem::Misplaced { kind, field, name: names::or_dots(name, Some(field)) }
            }
            None => {
                let meant = suggest(name, ["type", "details"].into_iter());
                let there = meant.is_some_and(|meant| root.get(meant).is_some());
                Problem::Beside { name: names::or_dots(name, meant), meant, there }
            }
        });
    }
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
        assert_eq!(
            told(r#"{"a": 1e999}"#),
            ["failed to parse secret as JSON: line 1, column 11: this number is too large"]
        );
        assert_eq!(
            told("{} canary"),
            ["failed to parse secret as JSON: line 1, column 4: something follows the JSON"]
        );
        assert_eq!(
            told(&"[".repeat(200)),
            ["failed to parse secret as JSON: line 1, column 128: it is nested too deeply"]
        );
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
    fn what_was_encoded_twice_is_seen() {
        assert_eq!(
            told(r#""{\"type\": \"generic\"}""#),
            ["failed to parse secret as JSON: it is a text that holds JSON, not an object"]
        );
        assert_eq!(
            told(r#"{"type": "generic", "details": "{\"value\": \"canary\"}"}"#),
            ["details is not a map: it is a text that holds JSON"]
        );
    }

    #[test]
    fn what_stands_beside_the_type() {
        assert_eq!(
            told(r#"{"type": "postgres", "name": "db", "host": "canary", "userName": "canary", "note": 1}"#),
            [
                "no details or type found: `details` is missing",
                "`host` stands beside `type`, not in `details`",
                "`username` stands beside `type`, not in `details`",
                "`note` is neither `type` nor `details`",
            ]
        );
    }

    #[test]
    fn what_is_near_type_and_details_is_told_as_such() {
        let remedies = |text: &str| -> Vec<String> {
            let problems = match Connection::parse("db", &Secret::new(text.to_owned())) {
                Ok(read) => read.warnings,
                Err(problems) => problems,
            };
            problems.iter().skip(1).map(|problem| problem.remedy()).collect()
        };
        assert_eq!(
            remedies(r#"{"typ": "generic", "detials": {"value": "canary"}}"#),
            ["did you mean `type`?", "did you mean `details`?"]
        );
        assert_eq!(
            remedies(
                r#"{"type": "generic", "details": {"valeu": "", "value": "canary"}, "detials": {}, "x": 1}"#
            ),
            ["take it out, or move it into `details`", "did you mean `value`?"]
        );
    }

    #[test]
    fn every_name_that_stands_twice() {
        let all = told(
            r#"{"type": "generic", "type": "generic", "details": {"value": "a", "value": "b", "value": "c"},
                "details": {"a": {"b": 1, "b": 2}, "value": "a", "value": "b"}}"#,
        );
        assert_eq!(all, ["`type` stands twice", "`details` stands twice", "`details.value` stands 3 times"]);
        let deep = r#"{"type": "iceberg", "details": {"catalog": {"auth": {"b": 1, "b": 2}, "x": [{"c": 1, "c": 2}]}}}"#;
        assert_eq!(
            told(deep),
            ["`details.catalog.auth.b` stands twice", "`details.catalog.x[0].c` stands twice"]
        );
    }

    #[test]
    fn of_very_many_names_the_first_are_told() {
        let names: String = (0..100_000).map(|at| format!(r#","{at:x}":0"#)).collect();
        let all = told(&format!(r#"{{"type":"generic","details":{{"value":"canary"{names}}}}}"#)).join("\n");
        assert_eq!(all.lines().count(), 20, "{all}");
        assert!(all.ends_with("`generic` has no field `13`, and 99980 more like this"), "{all}");
        let twice: String = (0..40_000).map(|at| format!(r#","k{at}":0,"k{at}":1"#)).collect();
        let all = told(&format!(r#"{{"type":"generic","details":{{"value":"canary"}}{twice}}}"#));
        assert_eq!(all.len(), 40);
        assert_eq!(all[19], "`k19` stands twice, and 39980 more like this");
        assert_eq!(all[39], "`k19` is neither `type` nor `details`, and 39980 more like this");
        let headers: Vec<_> = (0..100_000).map(|at| at.to_string()).collect();
        let all =
            told(&format!(r#"{{"type":"kafka","details":{{"bootstrap_servers":[{}]}}}}"#, headers.join(",")));
        assert!(all.len() <= 21, "{}", all.len());
    }

    #[test]
    fn a_text_beyond_all_measure_is_refused() {
        let text = |length| format!(r#"{{"type":"generic","details":{{"value":"{}"}}}}"#, "x".repeat(length));
        assert!(told(&text(1_000_000)).is_empty());
        assert_eq!(told(&text(1_048_576)), ["failed to parse secret as JSON: it is longer than 1 MiB"]);
    }

    #[test]
    fn an_alias_is_a_warning() {
        let text = r#"{"type": "mongodb", "details": {"host": "h", "username": "u", "password": "p"}}"#;
        assert_eq!(told(text), ["the type is called `mongo`, not `mongodb`"]);
    }
}
