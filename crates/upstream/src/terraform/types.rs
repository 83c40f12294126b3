//! Types of attributes, and how they are spelled: `list(object({key=string}))`.

use super::Attribute;

/// What an attribute may be.
#[derive(Clone, Debug, PartialEq)]
pub enum Type {
    /// `string`
    String,
    /// `number`; whole numbers are not told apart
    Number,
    /// `bool`
    Bool,
    /// `list(...)`
    List(Box<Type>),
    /// `set(...)`: no order, and equal elements are one
    Set(Box<Type>),
    /// `map(...)`
    Map(Box<Type>),
    /// `object({...})`, whose fields are all required
    Object(Vec<(&'static str, Type)>),
    /// Nested attributes, each with flags of its own, sorted by name
    Nested(Nesting, Vec<Attribute>),
    /// A type that this crate cannot read; no schema has one
    Unknown,
}

/// How nested attributes stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nesting {
    /// One object
    Single,
    /// A list of objects
    List,
    /// A set of objects
    Set,
    /// A map of objects
    Map,
}

impl Nesting {
    /// The mode that a schema calls so; a single object when it calls it otherwise.
    pub(super) fn of(word: &str) -> Self {
        match word {
            "list" => Self::List,
            "set" => Self::Set,
            "map" => Self::Map,
            _ => Self::Single,
        }
    }
}

impl Type {
    /// Reads a spelled type.
    pub(super) fn of(text: &'static str) -> Self {
        let Some((name, rest)) = text.split_once('(') else {
            return match text {
                "string" => Self::String,
                "number" => Self::Number,
                "bool" => Self::Bool,
                _ => Self::Unknown,
            };
        };
        let inner = rest.strip_suffix(')').unwrap_or(rest);
        match name {
            "list" => Self::List(Self::of(inner).into()),
            "set" => Self::Set(Self::of(inner).into()),
            "map" => Self::Map(Self::of(inner).into()),
            "object" => {
                let fields = inner.trim_start_matches('{').trim_end_matches('}');
                // No schema has an object in an object's fields, so a comma always separates.
                let field =
                    |field: &'static str| field.split_once('=').map(|(name, inner)| (name, Self::of(inner)));
                Self::Object(fields.split(',').filter_map(field).collect())
            }
            _ => Self::Unknown,
        }
    }

    /// Nested attributes; none for any other type.
    pub fn nested(&self) -> &[Attribute] {
        match self {
            Self::Nested(_, attributes) => attributes,
            Self::String
            | Self::Number
            | Self::Bool
            | Self::List(_)
            | Self::Set(_)
            | Self::Map(_)
            | Self::Object(_)
            | Self::Unknown => &[],
        }
    }

    /// What to call it in a sentence, such as `a list of strings`.
    pub fn words(&self) -> String {
        match self {
            Self::String => "a string".into(),
            Self::Number => "a number".into(),
            Self::Bool => "a bool".into(),
            Self::List(inner) => format!("a list of {}", inner.plural()),
            Self::Set(inner) => format!("a set of {}", inner.plural()),
            Self::Map(inner) => format!("a map of {}", inner.plural()),
            Self::Object(_) | Self::Nested(Nesting::Single, _) => "an object".into(),
            Self::Nested(Nesting::List, _) => "a list of objects".into(),
            Self::Nested(Nesting::Set, _) => "a set of objects".into(),
            Self::Nested(Nesting::Map, _) => "a map of objects".into(),
            Self::Unknown => "a value".into(),
        }
    }

    fn plural(&self) -> &'static str {
        match self {
            Self::String => "strings",
            Self::Number => "numbers",
            Self::Bool => "bools",
            Self::List(_) | Self::Nested(Nesting::List, _) => "lists",
            Self::Set(_) | Self::Nested(Nesting::Set, _) => "sets",
            Self::Map(_) | Self::Nested(Nesting::Map, _) => "maps",
            Self::Object(_) | Self::Nested(Nesting::Single, _) => "objects",
            Self::Unknown => "values",
        }
    }
}
