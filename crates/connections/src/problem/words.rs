//! What is said of a problem, and what to do about it. No value is in any of these words.

use std::fmt;

use super::Problem;
use crate::kind::listed;
use crate::shape::Found;

impl Problem {
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
                "write one of the types in docs/connection-types.md, such as `postgres` or `generic`".to_owned()
            }
            Self::UnknownWord { meant: Some(meant), .. } => format!("did you mean `{meant}`?"),
            Self::UnknownWord { meant: None, .. } => "write one of these".to_owned(),
            Self::TooSmall { least, .. } => format!("write {least} or more"),
            Self::NotAHost { fault, has_port, .. } => fault.remedy(*has_port).to_owned(),
            Self::LineBreak { .. } => "take it out, unless it is a part of the secret; `printf %s` writes none, `echo` does".to_owned(),
            Self::NameEmpty => "write one, such as `my-postgres`".to_owned(),
            Self::NameBroken => "write letters, digits, `-`, `_` and `.` alone".to_owned(),
            Self::NameOdd { .. } => "rename it: letters, digits, `-`, `_` and `.`, the first and the last one no `-` and no `.`".to_owned(),
            Self::NameShared { .. } => "rename one of them".to_owned(),
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
            Self::UnknownWord { field, words, .. } => {
                write!(f, "`details.{field}` is none of {}", listed(words, ", "))
            }
            Self::TooSmall { field, least } => write!(f, "`details.{field}` is less than {least}"),
            Self::NotAHost { field, fault, .. } => write!(f, "`{field}` {fault}"),
            Self::LineBreak { field } => {
                write!(f, "`details.{field}` ends in a line break, which counts as a part of it")
            }
            Self::NameEmpty => f.write_str("the name of the connection is empty"),
            Self::NameBroken => f.write_str("the name has a line break or another control character in it"),
            Self::NameOdd { variable } => {
                write!(f, "a declaration refuses this name, and in variables it is `{variable}`")
            }
            Self::NameShared { other, variable } => write!(
                f,
                "in variables it is `{variable}`, as '{other}' is, and neither `keyloom run` nor the backend `environment` can tell them apart"
            ),
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
