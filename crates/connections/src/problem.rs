//! What is wrong with a connection, or odd about it. No value is in any of its words.

mod words;

use crate::field::Field;
use crate::host::HostFault;
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
    /// A field of a few words holds another one.
    UnknownWord {
        /// The field.
        field: &'static str,
        /// The words.
        words: &'static [&'static str],
        /// What was most likely meant.
        meant: Option<&'static str>,
    },
    /// A number is less than makes sense.
    TooSmall {
        /// The field.
        field: &'static str,
        /// The least one.
        least: i64,
    },
    /// A warning: a field that takes a host holds more than one.
    NotAHost {
        /// The field, with where in it.
        field: String,
        /// What it holds.
        fault: HostFault,
        /// Whether the kind has a field for the port.
        has_port: bool,
    },
    /// A warning: a secret of one line ends in a line break, as one does that `echo` wrote into a file.
    LineBreak {
        /// The field.
        field: &'static str,
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
    /// The name of the connection is empty.
    NameEmpty,
    /// The name of the connection has a control character in it.
    NameBroken,
    /// A warning: a declaration refuses the name, and variables do not show it.
    NameOdd {
        /// The variable that it becomes.
        variable: String,
    },
    /// A warning: variables cannot tell the name from another one.
    NameShared {
        /// The other name.
        other: String,
        /// The variable that both become.
        variable: String,
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
                    | Self::NotAHost { .. }
                    | Self::LineBreak { .. }
                    | Self::NameOdd { .. }
                    | Self::NameShared { .. }
            ),
        }
    }

    /// Every code that there is, in order.
    pub const CODES: [&'static str; 13] = [
        "connection-alias",
        "connection-details-kind",
        "connection-field-kind",
        "connection-field-missing",
        "connection-field-place",
        "connection-field-twice",
        "connection-field-unknown",
        "connection-fields-both",
        "connection-incomplete",
        "connection-name",
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
            Self::WrongShape { .. }
            | Self::FieldNotJson { .. }
            | Self::FieldNotPath { .. }
            | Self::UnknownWord { .. }
            | Self::TooSmall { .. }
            | Self::NotAHost { .. }
            | Self::LineBreak { .. } => "connection-field-kind",
            Self::NameEmpty | Self::NameBroken | Self::NameOdd { .. } | Self::NameShared { .. } => {
                "connection-name"
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
            | Self::Beside { .. }
            | Self::NameEmpty
            | Self::NameBroken
            | Self::NameOdd { .. }
            | Self::NameShared { .. } => Stage::Parts,
            Self::TypeNotText { .. } | Self::UnknownType { .. } | Self::AliasedType { .. } => Stage::Type,
            Self::MissingField { .. }
            | Self::EmptyPassword { .. }
            | Self::WrongShape { .. }
            | Self::NoneOf { .. }
            | Self::Both { .. }
            | Self::FieldNotJson { .. }
            | Self::FieldNotPath { .. }
            | Self::UnknownWord { .. }
            | Self::TooSmall { .. }
            | Self::NotAHost { .. }
            | Self::LineBreak { .. }
            | Self::Alone { .. }
            | Self::Twice { .. }
            | Self::UnknownField { .. } => Stage::Fields,
            Self::AndMore { last, .. } => last.stage(),
        }
    }

    /// A field that is missing or empty.
    pub(crate) fn missing(kind: &'static str, field: &Field, empty: bool) -> Self {
        Self::MissingField { kind, field: field.name, empty }
    }
}
