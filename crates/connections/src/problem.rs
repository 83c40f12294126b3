//! What is wrong with a connection, or odd about it. No value is in any of its words.

use std::fmt;

use crate::field::Field;
use crate::shape::{Found, Shape};

/// What is wrong with a connection, or odd about it. No value is in any of its words: a name that is written where a field belongs
/// is shown, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// It is no JSON.
    NotJson {
        /// Line, from 1.
        line: usize,
        /// Column, from 1, in bytes.
        column: usize,
        /// Why.
        why: &'static str,
    },
    /// It is longer than 1 MiB.
    TooLong,
    /// It is JSON, but no object.
    NotAnObject {
        /// What it is.
        found: Found,
    },
    /// `type` or `details` is missing, or `type` is empty.
    Incomplete {
        /// Which, in words.
        missing: &'static str,
    },
    /// `details` is no object.
    DetailsNotAMap {
        /// What it is.
        found: Found,
    },
    /// `type` is no text.
    TypeNotText {
        /// What it is.
        found: Found,
    },
    /// No kind of connection has this word.
    UnknownType {
        /// The word, where it is short enough for one.
        word: Option<String>,
        /// What was most likely meant.
        meant: Option<&'static str>,
    },
    /// A warning: a word that means another one.
    AliasedType {
        /// What was written.
        alias: String,
        /// What it means.
        meant: &'static str,
    },
    /// A field that is needed is not there, or empty.
    MissingField {
        /// The kind of connection.
        kind: &'static str,
        /// The field.
        field: &'static str,
        /// Whether it is there and empty.
        empty: bool,
    },
    /// A warning: a password that is needed is empty, or of spaces alone. Some users have none.
    EmptyPassword {
        /// The kind of connection.
        kind: &'static str,
        /// The field.
        field: &'static str,
    },
    /// A field holds another kind of value.
    WrongShape {
        /// The field, with where in it.
        field: String,
        /// What it takes.
        wanted: Shape,
        /// What it holds.
        found: Found,
    },
    /// None of the groups of fields is there.
    NoneOf {
        /// The kind of connection.
        kind: &'static str,
        /// The groups, in words.
        groups: String,
    },
    /// Two groups of fields exclude each other.
    Both {
        /// The kind of connection.
        kind: &'static str,
        /// One field that is there.
        one: &'static str,
        /// The other.
        other: &'static str,
    },
    /// A field that takes JSON holds something else.
    FieldNotJson {
        /// The field.
        field: &'static str,
    },
    /// A field that takes the path of a file holds JSON.
    FieldNotPath {
        /// The field.
        field: &'static str,
    },
    /// Some of several fields are there, and belong together.
    Alone {
        /// The kind of connection.
        kind: &'static str,
        /// One field that is there.
        is: &'static str,
        /// One that is not.
        field: &'static str,
    },
    /// A name stands in one mapping more than once.
    Twice {
        /// The field, with where it is.
        field: String,
        /// How often it stands there.
        times: usize,
    },
    /// A warning: a field stands beside `type`, where it is not read.
    Misplaced {
        /// The kind of connection.
        kind: &'static str,
        /// The field that is meant.
        field: &'static str,
        /// Its name there.
        name: String,
    },
    /// A warning: something stands beside `type` and `details` that nobody reads.
    Beside {
        /// Its name.
        name: String,
        /// Which of the two was most likely meant.
        meant: Option<&'static str>,
        /// Whether that one stands there too.
        there: bool,
    },
    /// A warning: a field that the kind does not have.
    UnknownField {
        /// The kind of connection.
        kind: &'static str,
        /// The field.
        field: String,
        /// What was most likely meant.
        meant: Option<&'static str>,
    },
    /// The last of a kind that is told, and how many more there are.
    AndMore {
        /// The last one.
        last: Box<Problem>,
        /// How many more of its code.
        more: usize,
    },
}

/// What of a secret's text a problem is about; each hangs on the ones before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Whether it is an object of JSON.
    Json,
    /// Whether it has `type` and `details`, and nothing else.
    Parts,
    /// Whether the type is one.
    Type,
    /// Whether the fields are those of the type.
    Fields,
}

impl Problem {
    /// Whether the connection can be used all the same.
    pub fn is_warning(&self) -> bool {
        match self {
            Self::AndMore { last, .. } => last.is_warning(),
            _ => matches!(
                self,
                Self::AliasedType { .. }
                    | Self::EmptyPassword { .. }
                    | Self::UnknownField { .. }
                    | Self::Misplaced { .. }
                    | Self::Beside { .. }
            ),
        }
    }

    /// Every code that there is, in order.
    pub const CODES: [&'static str; 12] = [
        "connection-alias",
        "connection-details-kind",
        "connection-field-kind",
        "connection-field-missing",
        "connection-field-place",
        "connection-field-twice",
        "connection-field-unknown",
        "connection-fields-both",
        "connection-incomplete",
        "connection-not-json",
        "connection-password-empty",
        "connection-type",
    ];

    /// A word for it that does not change, one of [`Problem::CODES`]; `keyloom explain` has a page about each.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotJson { .. } | Self::TooLong | Self::NotAnObject { .. } => "connection-not-json",
            Self::Incomplete { .. } => "connection-incomplete",
            Self::DetailsNotAMap { .. } => "connection-details-kind",
            Self::TypeNotText { .. } | Self::UnknownType { .. } => "connection-type",
            Self::AliasedType { .. } => "connection-alias",
            Self::MissingField { .. } | Self::NoneOf { .. } | Self::Alone { .. } => {
                "connection-field-missing"
            }
            Self::EmptyPassword { .. } => "connection-password-empty",
            Self::WrongShape { .. } | Self::FieldNotJson { .. } | Self::FieldNotPath { .. } => {
                "connection-field-kind"
            }
            Self::Both { .. } => "connection-fields-both",
            Self::Twice { .. } => "connection-field-twice",
            Self::Misplaced { .. } => "connection-field-place",
            Self::UnknownField { .. } | Self::Beside { .. } => "connection-field-unknown",
            Self::AndMore { last, .. } => last.code(),
        }
    }

    /// What of the text it is about.
    pub fn stage(&self) -> Stage {
        match self {
            Self::NotJson { .. } | Self::TooLong | Self::NotAnObject { .. } => Stage::Json,
            Self::Incomplete { .. }
            | Self::DetailsNotAMap { .. }
            | Self::Misplaced { .. }
            | Self::Beside { .. } => Stage::Parts,
            Self::TypeNotText { .. } | Self::UnknownType { .. } | Self::AliasedType { .. } => Stage::Type,
            Self::MissingField { .. }
            | Self::EmptyPassword { .. }
            | Self::WrongShape { .. }
            | Self::NoneOf { .. }
            | Self::Both { .. }
            | Self::FieldNotJson { .. }
            | Self::FieldNotPath { .. }
            | Self::Alone { .. }
            | Self::Twice { .. }
            | Self::UnknownField { .. } => Stage::Fields,
            Self::AndMore { last, .. } => last.stage(),
        }
    }

    /// What to do about it.
    pub fn remedy(&self) -> String {
        match self {
            Self::NotAnObject { found: Found::Encoded } | Self::DetailsNotAMap { found: Found::Encoded } => {
                "it was encoded twice: write the JSON itself, without quotes around it".to_owned()
            }
            Self::NotJson { .. } | Self::NotAnObject { .. } | Self::Incomplete { .. } | Self::DetailsNotAMap { .. } => {
                r#"write {"type": "TYPE", "details": {"FIELD": …}}, such as {"type": "generic", "details": {"value": "…"}}"#
                    .to_owned()
            }
            Self::TypeNotText { .. } => "write the type as a text, such as \"postgres\"".to_owned(),
            Self::UnknownType { meant: Some(meant), .. } => format!("did you mean `{meant}`?"),
            Self::UnknownType { meant: None, .. } => {
                "write one of the types of connections, such as `postgres` or `generic`".to_owned()
            }
            Self::AliasedType { meant, .. } => format!("write `{meant}`"),
            Self::MissingField { field, empty: false, .. } => format!("add `{field}` to `details`"),
            Self::MissingField { field, empty: true, .. } => format!("write something in `{field}`"),
            Self::EmptyPassword { field, .. } => {
                format!("write the password in `{field}`, or leave it so where the user has none")
            }
            Self::WrongShape { wanted, found, .. } => wanted.remedy(*found),
            Self::NoneOf { groups, .. } => format!("add {groups}"),
            Self::Both { one, other, .. } => format!("take out `{one}` or `{other}`"),
            Self::FieldNotJson { .. } => "paste what is in the file; its path belongs in the field of that name with `_file`".to_owned(),
            Self::FieldNotPath { .. } => "write the path of a file; its content belongs in the field of that name with `_json`".to_owned(),
            Self::Alone { is, field, .. } => format!("add `{field}`, or take out `{is}`"),
            Self::Twice { field, .. } => format!("leave one `{field}`"),
            Self::Misplaced { field, .. } => format!("move it into `details`, as `{field}`"),
            Self::Beside { meant: Some(meant), there: false, .. } => format!("did you mean `{meant}`?"),
            Self::Beside { meant: Some(meant), there: true, .. } => format!("take it out: `{meant}` stands there too"),
            Self::Beside { meant: None, .. } => "take it out, or move it into `details`".to_owned(),
            Self::UnknownField { meant: Some(meant), .. } => format!("did you mean `{meant}`?"),
            Self::UnknownField { meant: None, .. } => "take it out".to_owned(),
            Self::TooLong => "write the connection alone; a file that it needs is named by its path".to_owned(),
            Self::AndMore { last, .. } => last.remedy(),
        }
    }

    /// A field that is missing or empty.
    pub(crate) fn missing(kind: &'static str, field: &Field, empty: bool) -> Self {
        Self::MissingField { kind, field: field.name, empty }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson { line, column, why } => {
                write!(f, "failed to parse secret as JSON: line {line}, column {column}: {why}")
            }
            Self::TooLong => f.write_str("failed to parse secret as JSON: it is longer than 1 MiB"),
            Self::NotAnObject { found } => {
                write!(f, "failed to parse secret as JSON: it is {}, not an object", found.words())
            }
            Self::Incomplete { missing } => write!(f, "no details or type found: {missing}"),
            Self::DetailsNotAMap { found } => write!(f, "details is not a map: it is {}", found.words()),
            Self::TypeNotText { found } => write!(f, "`type` is {}, not a text", found.words()),
            Self::UnknownType { word: Some(word), .. } => {
                write!(f, "there is no type of connection `{word}`")
            }
            Self::UnknownType { word: None, .. } => {
                write!(f, "`type` is not the word for a type of connection")
            }
            Self::AliasedType { alias, meant } => write!(f, "the type is called `{meant}`, not `{alias}`"),
            Self::MissingField { kind, field, empty } => {
                let how = if *empty { "is empty" } else { "is missing" };
                write!(f, "`details.{field}` {how}, which `{kind}` needs")
            }
            Self::EmptyPassword { kind, field } => {
                write!(f, "`details.{field}` is blank, and `{kind}` is asked with no other password")
            }
            Self::WrongShape { field, wanted, found } => {
                write!(f, "`{field}` is {}, not {}", found.words(), wanted.words())
            }
            Self::NoneOf { kind, groups } => write!(f, "`{kind}` needs {groups}"),
            Self::Both { kind, one, other } => write!(f, "`{kind}` takes `{one}` or `{other}`, not both"),
            Self::FieldNotJson { field } => write!(f, "`details.{field}` holds no object of JSON"),
            Self::FieldNotPath { field } => write!(f, "`details.{field}` is JSON, not the path of a file"),
            Self::Alone { kind, is, field } => {
                write!(f, "`details.{field}` is missing, which `{kind}` needs beside `{is}`")
            }
            Self::Twice { field, times: 2 } => write!(f, "`{field}` stands twice"),
            Self::Twice { field, times } => write!(f, "`{field}` stands {times} times"),
            Self::Misplaced { field, .. } => write!(f, "`{field}` stands beside `type`, not in `details`"),
            Self::Beside { name, .. } => write!(f, "`{name}` is neither `type` nor `details`"),
            Self::UnknownField { kind, field, .. } => write!(f, "`{kind}` has no field `{field}`"),
            Self::AndMore { last, more } => write!(f, "{last}, and {more} more like this"),
        }
    }
}
