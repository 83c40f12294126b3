//! What a field takes, and what stands there instead.

use crate::value::Value;

/// What a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A text.
    Text,
    /// A whole number of 64 bits.
    Integer,
    /// A number from 1 to 65535.
    Port,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// A list of texts.
    Texts,
    /// Texts by name.
    TextMap,
    /// Lists of texts by name.
    TextsMap,
    /// A mapping that is handed on as it is.
    Object,
}

impl Shape {
    /// Whether a value is written as JSON where its field is alone; a text is written as it is.
    pub fn is_json(self) -> bool {
        match self {
            Self::Text => false,
            Self::Integer
            | Self::Port
            | Self::Number
            | Self::Bool
            | Self::Texts
            | Self::TextMap
            | Self::TextsMap
            | Self::Object => true,
        }
    }
}

/// What stands where something else belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool,
    /// A number.
    Number,
    /// A number that is not whole.
    Fraction,
    /// A whole number that is no port.
    OutOfRange,
    /// A whole number that 64 bits do not hold.
    Beyond64Bits,
    /// A text.
    Text,
    /// A text that is what belongs there, in quotes: `"5432"`.
    Quoted,
    /// A text that holds JSON: somebody encoded it twice.
    Encoded,
    /// A list.
    List,
    /// A mapping.
    Object,
}

impl Found {
    /// What a value is.
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(_) => Self::Bool,
            Value::Number(_) => Self::Number,
            Value::Text(_) => Self::Text,
            Value::List(_) => Self::List,
            Value::Object(_) => Self::Object,
        }
    }

    /// What it is, in words: `a text`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::Fraction => "a fraction",
            Self::OutOfRange => "a number out of range",
            Self::Beyond64Bits => "a number beyond 64 bits",
            Self::Text | Self::Quoted => "a text",
            Self::Encoded => "a text that holds JSON",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }
}

impl Shape {
    /// What it takes, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Integer => "a whole number",
            Self::Port => "a port (a number from 1 to 65535)",
            Self::Number => "a number",
            Self::Bool => "a boolean",
            Self::Texts => "a list of texts",
            Self::TextMap => "an object of texts",
            Self::TextsMap => "an object of lists of texts",
            Self::Object => "an object",
        }
    }

    /// What to do where something else was found.
    pub(crate) fn remedy(self, found: Found) -> String {
        match (self, found) {
            (Self::Object | Self::Texts | Self::TextMap | Self::TextsMap, Found::Encoded) => {
                "it was encoded twice: write the JSON itself, without quotes around it".to_owned()
            }
            (Self::Integer, Found::Beyond64Bits) => {
                "write one from -9223372036854775808 to 9223372036854775807".to_owned()
            }
            (Self::Text, Found::Object) => "write it as a text, with its quotes escaped".to_owned(),
            (Self::Text, Found::Number | Found::Bool) => "write it in quotes".to_owned(),
            (_, Found::Quoted) => "write it without quotes".to_owned(),
            (Self::Bool, _) => "write true or false".to_owned(),
            _ => format!("write {}", self.words()),
        }
    }
}
