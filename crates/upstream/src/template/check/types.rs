//! Values of a template, as far as they are known before it runs.

use crate::template::functions::Type;

/// What is known of a value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Value {
    pub(super) of: Type,
    /// Whether it is written out, as a number, a text, or true or false. A number written out fits every number type.
    pub(super) literal: bool,
    /// Whether a literal number fits where a whole one is wanted.
    pub(super) whole: bool,
}

impl Value {
    pub(super) fn of(of: Type) -> Self {
        Self { of, literal: false, whole: false }
    }

    pub(super) fn literal(of: Type) -> Self {
        Self { of, literal: true, whole: of == Type::Int }
    }

    pub(super) fn number(whole: bool, fraction: bool) -> Self {
        let of = if fraction || !whole { Type::Float } else { Type::Int };
        Self { of, literal: true, whole }
    }

    /// Whether it may stand for a parameter of that type.
    pub(super) fn fits(self, wanted: Type) -> bool {
        if wanted == Type::Any {
            return true;
        }
        match (self.of, wanted) {
            (Type::Any, _) => true,
            (Type::Nothing, wanted) => {
                matches!(wanted, Type::Map | Type::Sequence | Type::List | Type::Version)
            }
            (Type::Int, Type::Float) => self.literal,
            (Type::Int | Type::Float, Type::Int | Type::Int64 | Type::Uint32) if self.literal => self.whole,
            (Type::Text, Type::Word) => self.literal,
            (Type::List | Type::Texts | Type::Ints, Type::Sequence) => true,
            // sprig asks for a list by `any`, and what it got is not known to be none.
            (Type::Sequence, Type::List) => true,
            (given, wanted) => given == wanted,
        }
    }
}

impl Type {
    /// What is inside of it.
    pub(super) fn element(self) -> Type {
        match self {
            Type::Data | Type::TextMap | Type::Texts => Type::Text,
            Type::Ints | Type::Int => Type::Int,
            Type::Int64 => Type::Int64,
            Type::Uint32 => Type::Uint32,
            Type::Any
            | Type::Nothing
            | Type::Text
            | Type::Word
            | Type::Float
            | Type::Bool
            | Type::Map
            | Type::Sequence
            | Type::List
            | Type::Time
            | Type::Certificate
            | Type::Version => Type::Any,
        }
    }

    /// How messages call it.
    pub(super) fn words(self) -> &'static str {
        match self {
            Type::Any => "a value",
            Type::Nothing => "`nil`",
            Type::Text => "text",
            Type::Word => "text that is written out",
            Type::Int => "a whole number",
            Type::Int64 => "an `int64` number",
            Type::Uint32 => "a whole number that is written out",
            Type::Float => "a number with a fraction",
            Type::Bool => "true or false",
            Type::Data => "the map of all fetched keys",
            Type::TextMap => "a map of texts",
            Type::Map => "a map",
            Type::Sequence | Type::List => "a list",
            Type::Texts => "a list of texts",
            Type::Ints => "a list of numbers",
            Type::Time => "a time",
            Type::Certificate => "a certificate",
            Type::Version => "a version",
        }
    }
}
