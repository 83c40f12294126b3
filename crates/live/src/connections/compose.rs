//! A connection that is made of single fields, and what changes when one takes the place of another.

use std::fmt;

use keyloom_connections::{Connection, Field, Kind, Secret, Shape, may_show};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

/// A field that was said.
#[derive(Debug)]
pub struct Part {
    /// Its name.
    pub field: String,
    /// Its value.
    pub value: Secret,
    /// Whether everybody on this machine could have read it, as an argument.
    pub open: bool,
}

/// Why there is no connection of fields.
#[derive(Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such type.
    Type {
        /// The word, where it is like one.
        word: Option<String>,
        /// What was most likely meant.
        meant: Option<&'static str>,
    },
    /// The type has no such field.
    Field {
        /// The type.
        kind: &'static str,
        /// The field.
        field: String,
        /// What was most likely meant.
        meant: Option<&'static str>,
    },
    /// A secret that everybody could read.
    Open(String),
    /// An address with a user in it, and likely a password, that everybody could read.
    OpenAddress(String),
    /// A field that is said twice.
    Twice(String),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let near = |meant: &Option<&str>| meant.map(|meant| format!("; did you mean `{meant}`?"));
        match self {
            Self::Type { word, meant } => {
                let word = word.as_ref().map(|word| format!(" `{word}`")).unwrap_or_default();
                let near = near(meant).unwrap_or_default();
                write!(
                    f,
                    "there is no type of connection{word} (docs/connection-types.md has all of them){near}"
                )
            }
            Self::Field { kind, field, meant } => {
                write!(f, "`{kind}` has no field `{field}`{}", near(meant).unwrap_or_default())
            }
            Self::Open(field) => write!(
                f,
                "`{field}` is secret, and every process can read arguments; write `--set-from-env {field}=VARIABLE`, or hand the \
                 connection over as JSON on standard input"
            ),
            Self::OpenAddress(field) => write!(
                f,
                "the address in `{field}` names a user and maybe a password (`://…@`), and every process can read arguments; write \
                 `--set-from-env {field}=VARIABLE`, or hand the connection over as JSON on standard input"
            ),
            Self::Twice(field) => write!(f, "`{field}` is said twice; say it once"),
        }
    }
}

/// The JSON of a connection of these fields; whether it is a good one, [`Connection::parse`] says.
///
/// # Errors
/// All that cannot be said like this.
pub fn compose(word: &str, parts: &[Part]) -> Result<Secret, Vec<Refused>> {
    let Some(kind) = Kind::of(word).or_else(|| Kind::aliased(word)) else {
        let meant = Kind::suggest(word);
        let shown = meant.is_some() || may_show(word);
        return Err(vec![Refused::Type { word: shown.then(|| word.to_owned()), meant }]);
    };
    let mut refused = Vec::new();
    let mut fields: Vec<(&Field, &Secret)> = Vec::new();
    for part in parts {
        match kind.field(&part.field) {
            None => refused.push(Refused::Field {
                kind: kind.word,
                field: part.field.clone(),
                meant: kind.suggest_field(&part.field),
            }),
            Some(field) if field.sensitive && part.open => refused.push(Refused::Open(part.field.clone())),
            Some(_) if part.open && names_user(part.value.expose()) => {
                refused.push(Refused::OpenAddress(part.field.clone()));
            }
            Some(field) if fields.iter().any(|(it, _)| it.name == field.name) => {
                refused.push(Refused::Twice(part.field.clone()));
            }
            Some(field) => fields.push((field, &part.value)),
        }
    }
    if refused.is_empty() { Ok(Secret::of_json(&Composed { kind, fields: &fields })) } else { Err(refused) }
}

/// Whether there is an address in it that says who asks.
fn names_user(text: &str) -> bool {
    text.split_once("://").is_some_and(|(_, rest)| rest.contains('@'))
}

/// A connection as it is written.
struct Composed<'a> {
    kind: &'a Kind,
    fields: &'a [(&'a Field, &'a Secret)],
}

impl Serialize for Composed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("type", self.kind.word)?;
        map.serialize_entry("details", &Details(self.fields))?;
        map.end()
    }
}

struct Details<'a>(&'a [(&'a Field, &'a Secret)]);

impl Serialize for Details<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (field, value) in self.0 {
            match as_it_stands(field.shape, value.expose()) {
                Some(json) => map.serialize_entry(field.name, json)?,
                None => map.serialize_entry(field.name, value.expose())?,
            }
        }
        map.end()
    }
}

/// A text is written as one, anything else as it stands where it is JSON. What is not stays a text, which is then told to be one.
fn as_it_stands(shape: Shape, value: &str) -> Option<&RawValue> {
    shape.is_json().then(|| serde_json::from_str(value).ok()).flatten()
}

/// What changes from one connection to another, without a value: the type, and the names of fields.
pub fn changes(from: &Connection, to: &Connection) -> Vec<String> {
    let mut all = Vec::new();
    if from.kind().word != to.kind().word {
        all.push(format!("type: {} becomes {}", from.kind().word, to.kind().word));
    }
    let mut names: Vec<&str> = from.kind().fields.iter().chain(to.kind().fields).map(|it| it.name).collect();
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(*name));
    for name in names {
        match (from.field_text(name), to.field_text(name)) {
            (Some(one), Some(other)) if !one.is_same(&other) => all.push(format!("{name}: changes")),
            (Some(_), None) => all.push(format!("{name}: goes")),
            (None, Some(_)) => all.push(format!("{name}: is new")),
            (Some(_), Some(_)) | (None, None) => {}
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part(field: &str, value: &str, open: bool) -> Part {
        Part { field: field.to_owned(), value: Secret::new(value.to_owned()), open }
    }

    fn parsed(text: &Secret) -> Connection {
        Connection::parse("db", text).unwrap().connection
    }

    #[test]
    fn fields_become_what_their_type_takes() {
        let parts = [
            part("host", "db.example", true),
            part("port", "5433", true),
            part("username", "007", true),
            part("password", "a\"b", false),
            part("database", "true", true),
        ];
        let text = compose("postgres", &parts).unwrap();
        assert_eq!(
            text.expose(),
            r#"{"type":"postgres","details":{"host":"db.example","port":5433,"username":"007","password":"a\"b","database":"true"}}"#
        );
        let wrong = [part("port", "a lot", true)];
        let problems = Connection::parse("db", &compose("postgres", &wrong).unwrap()).unwrap_err();
        assert!(
            problems.iter().any(|it| it.to_string().contains("`details.port` is a text")),
            "{problems:?}"
        );
    }

    #[test]
    fn secrets_are_no_arguments_and_names_are_looked_at() {
        let parts = [
            part("password", "canary", true),
            part("pasword", "canary", true),
            part("host", "a", true),
            part("host", "b", true),
            part("database", "postgres://a:canary@h/d", true),
        ];
        let refused = compose("postgres", &parts).unwrap_err();
        let said: Vec<_> = refused.iter().map(ToString::to_string).collect();
        assert_eq!(
            said,
            [
                "`password` is secret, and every process can read arguments; write `--set-from-env password=VARIABLE`, or hand the connection over as JSON on standard input",
                "`postgres` has no field `pasword`; did you mean `password`?",
                "`host` is said twice; say it once",
                "the address in `database` names a user and maybe a password (`://…@`), and every process can read arguments; write `--set-from-env database=VARIABLE`, or hand the connection over as JSON on standard input",
            ]
        );
        for (word, told) in [
            (
                "postgress",
                "there is no type of connection `postgress` (docs/connection-types.md has all of them); did you mean `postgres`?",
            ),
            (
                "nosuchtype",
                "there is no type of connection `nosuchtype` (docs/connection-types.md has all of them)",
            ),
            (
                "hunter2Hunter2AAAA",
                "there is no type of connection (docs/connection-types.md has all of them)",
            ),
        ] {
            assert_eq!(compose(word, &[]).unwrap_err()[0].to_string(), told);
        }
    }

    #[test]
    fn changes_name_fields_and_no_values() {
        let text = |type_, details: &str| {
            parsed(&Secret::new(format!(r#"{{"type": "{type_}", "details": {{{details}}}}}"#)))
        };
        let details = r#""host": "h", "username": "u", "password": "canary", "database": "d""#;
        let one = text("postgres", details);
        assert!(changes(&one, &one).is_empty());
        let other = text(
            "postgres",
            r#""host": "h", "username": "u", "password": "canary 2", "database": "d", "schema": "s""#,
        );
        assert_eq!(changes(&one, &other), ["password: changes", "schema: is new"]);
        let mysql = text("generic", r#""value": "canary""#);
        let all = changes(&one, &mysql).join(", ");
        assert!(
            all.starts_with("type: postgres becomes generic, ") && all.contains("value: is new"),
            "{all}"
        );
        assert!(!all.contains("canary"));
    }

    proptest! {
        /// Whatever a text is, it comes back as it was.
        #[test]
        fn texts_come_back(value in "\\PC{0,30}|[^\0]{1,30}") {
            prop_assume!(!value.trim().is_empty());
            let text = compose("generic", &[part("value", &value, false)]).unwrap();
            prop_assert_eq!(parsed(&text).field_text("value").unwrap().expose().to_owned(), value);
        }
    }
}
