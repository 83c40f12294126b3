//! Variables whose names somebody chose, each for one field of a connection: `PGHOST=my-postgres.host`.

use std::fmt;
use std::sync::Arc;

use keyloom_connections::{Connection, Kind, Secret, suggest};

use crate::variables::steers;

/// A variable for a field of a connection, as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The variable.
    pub variable: String,
    /// The connection.
    pub connection: String,
    /// Its field.
    pub field: String,
}

/// A variable for a field of a connection, with its value.
#[derive(Debug)]
pub struct ChosenValue {
    /// The variable.
    pub variable: String,
    /// What the command gets.
    pub value: Secret,
}

/// Why a variable that was chosen is none. What was written in place of a connection is not repeated, for it may be a value.
#[derive(Debug)]
pub enum Mischosen {
    /// It is not written as one; the variable, where that is a name.
    Form(Option<String>),
    /// What stands for the variable is no name.
    NoName,
    /// It says which programs run, or what is loaded into them: why, and what to do.
    Steers(String, &'static str),
    /// It is chosen twice.
    Twice(String),
    /// Its connection is none of those that are named; the one that was most likely meant.
    Elsewhere(String, Option<String>),
    /// The type of its connection has no such field.
    NoField {
        /// The variable.
        variable: String,
        /// The type.
        kind: &'static Kind,
        /// The field.
        field: String,
    },
    /// Its connection does not say that field, and there is no default.
    Unsaid {
        /// The variable.
        variable: String,
        /// The connection.
        connection: String,
        /// The field.
        field: &'static str,
    },
}

impl fmt::Display for Mischosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(variable) => {
                let of = variable.as_ref().map(|variable| format!(" {variable}")).unwrap_or_default();
                write!(f, "--env{of} names no field; write VARIABLE=CONNECTION.FIELD, such as PGHOST=my-postgres.host")
            }
            Self::NoName => f.write_str(
                "what --env has before its `=` is no name of a variable; write letters, digits, `_`, `-` and `.`, and no digit first",
            ),
            Self::Steers(variable, why) => write!(f, "the variable {variable} of --env {why}"),
            Self::Twice(variable) => write!(f, "--env says the variable {variable} twice; say it once"),
            Self::Elsewhere(variable, meant) => {
                write!(f, "--env {variable} is of a connection that is not in --connections; ")?;
                match meant {
                    Some(meant) => write!(f, "did you mean `{meant}`?"),
                    None => f.write_str("add it there"),
                }
            }
            Self::NoField { variable, kind, field } => {
                write!(f, "--env {variable}: {}", no_field(kind, field))
            }
            Self::Unsaid { variable, connection, field } => write!(
                f,
                "--env {variable}: connection '{connection}' does not say its field `{field}`, which has no default; add it there, or leave the \
                 variable out"
            ),
        }
    }
}

/// That a type has no such field, with the one that was meant, or all that there are.
pub fn no_field(kind: &Kind, field: &str) -> String {
    let hint = match kind.suggest_field(field) {
        Some(near) => format!("did you mean `{near}`?"),
        None if kind.fields.is_empty() => "it has no fields".to_owned(),
        None => {
            let known: Vec<_> = kind.fields.iter().map(|field| field.name).collect();
            format!("it has {}", known.join(", "))
        }
    };
    format!("`{}` has no field `{field}`; {hint}", kind.word)
}

/// What was chosen, as `VARIABLE=CONNECTION.FIELD` each, and all that is wrong with it as far as it is known before a connection is
/// read. `connections` are those that may be named; all may, where there are none.
pub fn chosen(said: &[String], connections: &[String]) -> (Vec<Chosen>, Vec<Mischosen>) {
    let (mut all, mut wrong): (Vec<Chosen>, _) = (Vec::new(), Vec::new());
    for said in said {
        match one(said, connections) {
            Ok(one) if all.iter().any(|it| it.variable == one.variable) => {
                wrong.push(Mischosen::Twice(one.variable));
            }
            Ok(one) => all.push(one),
            Err(why) => wrong.push(why),
        }
    }
    (all, wrong)
}

fn one(said: &str, connections: &[String]) -> Result<Chosen, Mischosen> {
    let (variable, of) = said.split_once('=').ok_or(Mischosen::Form(None))?;
    if !is_name(variable) {
        return Err(Mischosen::NoName);
    }
    let variable = variable.to_owned();
    if let Some(why) = steers(&variable) {
        return Err(Mischosen::Steers(variable, why));
    }
    // Names of connections may have dots, fields have none.
    let (connection, field) = match of.rsplit_once('.') {
        Some((connection, field)) if !connection.trim().is_empty() && !field.is_empty() => {
            (connection, field)
        }
        _ => return Err(Mischosen::Form(Some(variable))),
    };
    if !connections.is_empty() && !connections.iter().any(|it| it == connection) {
        let meant = suggest(connection, connections.iter().map(String::as_str)).map(str::to_owned);
        return Err(Mischosen::Elsewhere(variable, meant));
    }
    Ok(Chosen { variable, connection: connection.to_owned(), field: field.to_owned() })
}

/// Whether a program may ask for it. Some have dots and hyphens in theirs, which no shell reads.
fn is_name(text: &str) -> bool {
    let is_first = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
    text.as_bytes().first().is_some_and(is_first)
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

/// The values of what was chosen, as a connection's own variables have them, and all fields that are not there. What is chosen of a
/// connection that was not read is passed over: that it was not is told already.
pub fn values(chosen: &[Chosen], connections: &[Arc<Connection>]) -> (Vec<ChosenValue>, Vec<Mischosen>) {
    let (mut all, mut wrong) = (Vec::new(), Vec::new());
    for Chosen { variable, connection, field } in chosen {
        let Some(connection) = connections.iter().find(|it| it.name() == connection) else { continue };
        let (variable, kind) = (variable.clone(), connection.kind());
        let Some(known) = kind.field(field) else {
            wrong.push(Mischosen::NoField { variable, kind, field: field.clone() });
            continue;
        };
        match connection.field_text(known.name) {
            Some(value) => all.push(ChosenValue { variable, value }),
            None => {
                let connection = connection.name().to_owned();
                wrong.push(Mischosen::Unsaid { variable, connection, field: known.name });
            }
        }
    }
    (all, wrong)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(all: &[&str]) -> Vec<String> {
        all.iter().map(|it| (*it).to_owned()).collect()
    }

    fn words(wrong: &[Mischosen]) -> Vec<String> {
        wrong.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn all_that_is_wrong_before_reading_is_told_at_once_without_what_may_be_a_value() {
        let said = texts(&[
            "PGHOST=my-postgres.host",
            "canary",
            "PGPASSWORD=canary",
            "PGPASSWORD=.canary",
            "PGPASSWORD=my-postgres.",
            "1canary=my-postgres.host",
            "=my-postgres.host",
            "PG HOST=my-postgres.host",
            "LD_PRELOAD=my-postgres.host",
            "PGPORT=my-postgre.port",
            "PGPASSWORD=can.ary",
            "PGHOST=my-postgres.port",
        ]);
        let (chosen, wrong) = chosen(&said, &texts(&["my-postgres", "other"]));
        assert_eq!(chosen.len(), 1, "{chosen:?}");
        assert_eq!(
            words(&wrong),
            [
                "--env names no field; write VARIABLE=CONNECTION.FIELD, such as PGHOST=my-postgres.host",
                "--env PGPASSWORD names no field; write VARIABLE=CONNECTION.FIELD, such as PGHOST=my-postgres.host",
                "--env PGPASSWORD names no field; write VARIABLE=CONNECTION.FIELD, such as PGHOST=my-postgres.host",
                "--env PGPASSWORD names no field; write VARIABLE=CONNECTION.FIELD, such as PGHOST=my-postgres.host",
                "what --env has before its `=` is no name of a variable; write letters, digits, `_`, `-` and `.`, and no digit first",
                "what --env has before its `=` is no name of a variable; write letters, digits, `_`, `-` and `.`, and no digit first",
                "what --env has before its `=` is no name of a variable; write letters, digits, `_`, `-` and `.`, and no digit first",
                "the variable LD_PRELOAD of --env says how programs are found and begun; rename it",
                "--env PGPORT is of a connection that is not in --connections; did you mean `my-postgres`?",
                "--env PGPASSWORD is of a connection that is not in --connections; add it there",
                "--env says the variable PGHOST twice; say it once",
            ]
        );
    }

    #[test]
    fn names_may_have_dots_and_any_connection_is_meant_where_none_is_named() {
        let (all, wrong) = chosen(&texts(&["spring.datasource.url=my.db.v2.host"]), &[]);
        assert!(wrong.is_empty(), "{wrong:?}");
        let expected = ("spring.datasource.url", "my.db.v2", "host");
        assert_eq!((&*all[0].variable, &*all[0].connection, &*all[0].field), expected);
    }

    #[test]
    fn fields_are_looked_up_with_their_defaults() {
        let text = r#"{"type": "postgres", "details": {"host": "h", "username": "u", "password": "canary", "database": "d"}}"#;
        let read = Connection::parse("my-db", &Secret::new(text.to_owned())).unwrap().connection;
        let said = texts(&[
            "A=my-db.port",
            "B=my-db.password",
            "C=my-db.pasword",
            "D=my-db.banana",
            "E=my-db.schema",
            "F=unread.host",
        ]);
        let (values, wrong) = values(&chosen(&said, &[]).0, &[Arc::new(read)]);
        let given: Vec<_> = values.iter().map(|it| (&*it.variable, it.value.expose())).collect();
        assert_eq!(given, [("A", "5432"), ("B", "canary")]);
        assert!(!format!("{values:?}").contains("canary"));
        let known: Vec<_> = Kind::of("postgres").unwrap().fields.iter().map(|it| it.name).collect();
        assert_eq!(
            words(&wrong),
            [
                "--env C: `postgres` has no field `pasword`; did you mean `password`?".to_owned(),
                format!("--env D: `postgres` has no field `banana`; it has {}", known.join(", ")),
                "--env E: connection 'my-db' does not say its field `schema`, which has no default; add it there, or leave the variable out"
                    .to_owned(),
            ]
        );
    }

    proptest! {
        /// Whatever is written, the connection and field of what is taken are what stands behind the first equals sign.
        #[test]
        fn what_is_taken_is_what_was_written(said in "\\PC{0,40}|[A-Z_]{1,5}=[a-z.=]{0,20}") {
            let (all, wrong) = chosen(std::slice::from_ref(&said), &[]);
            prop_assert_eq!(all.len() + wrong.len(), 1);
            for one in all {
                prop_assert_eq!(format!("{}={}.{}", one.variable, one.connection, one.field), said.clone());
                prop_assert!(is_name(&one.variable) && !one.field.contains('.'));
            }
        }
    }
}
