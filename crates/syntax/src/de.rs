//! [`De`]: a node of the tree as a serde deserializer.

mod access;
mod error;

use serde::de::{Deserialize, Deserializer, Error as _, Visitor};
use serde::forward_to_deserialize_any;

use crate::scalar::Number;
use crate::text::TEXT_NEWTYPE;
use crate::tree::{Kind, Node};

use access::{Entry, Items, Placeholder, Values, Variant};
pub use error::ReadError;

/// Reads typed values from a [`Node`].
///
/// Strings are borrowed from the text where they need no decoding. Enums are tagged from outside: a string is a
/// unit variant, a mapping of one key a variant with content. A [`Text`](crate::Text) is read from strings alone.
#[derive(Clone, Copy, Debug)]
pub struct De<'t> {
    node: Node<'t>,
    substitution: bool,
}

impl<'t> De<'t> {
    /// Reads from that node; `${NAME}` is ordinary text.
    pub fn new(node: Node<'t>) -> Self {
        Self { node, substitution: false }
    }

    /// With `true`, a [`Text`](crate::Text) that holds `${` is read as a placeholder for a later tool, `$${` included.
    /// A type that asks for anything at all and gets such text is told the same way, as an enum.
    #[must_use]
    pub fn substitution(mut self, on: bool) -> Self {
        self.substitution = on;
        self
    }

    /// Reads a `T`.
    ///
    /// # Errors
    /// [`ReadError`] at the innermost node that does not fit.
    pub fn read<T: Deserialize<'t>>(self) -> Result<T, ReadError> {
        T::deserialize(self)
    }

    fn on(self, node: Node<'t>) -> Self {
        Self { node, ..self }
    }

    fn number<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.node.number() {
            Some(Number::Signed(value)) => visitor.visit_i64(value),
            Some(Number::Unsigned(value)) => visitor.visit_u64(value),
            Some(Number::Float(value)) => visitor.visit_f64(value),
            None => Err(ReadError::custom("expected a number")),
        }
    }

    fn text<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.node.as_str() {
            Some(text) if self.substitution && text.contains("${") => visitor.visit_enum(Placeholder(text)),
            Some(text) => visitor.visit_borrowed_str(text),
            None => {
                Err(ReadError::custom(format!("expected a string, found {}", error::noun(self.node.kind()))))
            }
        }
    }

    fn any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, ReadError> {
        match self.node.kind() {
            Kind::Null => visitor.visit_unit(),
            Kind::Bool => visitor.visit_bool(self.node.as_bool().unwrap_or_default()),
            Kind::Int | Kind::Float => self.number(visitor),
            Kind::String => match self.node.scalar().unwrap_or_default() {
                text if self.substitution && text.contains("${") => visitor.visit_enum(Placeholder(text)),
                text => visitor.visit_borrowed_str(text),
            },
            Kind::Sequence => {
                let mut items = Items::new(self, self.node);
                let value = visitor.visit_seq(&mut items)?;
                items.end()?;
                Ok(value)
            }
            Kind::Mapping => visitor.visit_map(Values::new(self, self.node)),
        }
    }

    fn variant<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, ReadError> {
        if self.node.kind() == Kind::String {
            return visitor.visit_enum(Variant { name: self.node, content: None, de: self });
        }
        let mut entries = self.node.entries();
        match (entries.next(), entries.next()) {
            (Some((name, content)), None) => {
                visitor.visit_enum(Variant { name, content: Some(content), de: self })
            }
            _ => Err(ReadError::custom("expected a word, or a mapping of exactly one key")),
        }
    }
}

/// Where a whole number is wanted, `8e1` and `80.0` are one: JSON Schema says so, and so does the checker.
macro_rules! whole_numbers {
    ($($method:ident)+) => { $(
        fn $method<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, ReadError> {
            let number = self.node.as_f64().filter(|_| self.node.kind() == Kind::Float);
            match number.filter(|number| number.fract() == 0.0 && number.abs() < LARGEST_EXACT) {
                #[expect(clippy::cast_possible_truncation, reason = "whole, and small enough to be exact")]
                Some(number) => visitor.visit_i64(number as i64).map_err(|fault: ReadError| fault.or_at(self.node.id())),
                None => self.deserialize_any(visitor),
            }
        }
    )+ };
}

/// Up to here every whole number has a floating-point number of its own.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

impl<'t> Deserializer<'t> for De<'t> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.any(visitor).map_err(|fault| fault.or_at(self.node.id()))
    }

    fn deserialize_option<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let value =
            if self.node.kind() == Kind::Null { visitor.visit_none() } else { visitor.visit_some(self) };
        value.map_err(|fault| fault.or_at(self.node.id()))
    }

    fn deserialize_newtype_struct<V: Visitor<'t>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        let value =
            if name == TEXT_NEWTYPE { self.text(visitor) } else { visitor.visit_newtype_struct(self) };
        value.map_err(|fault| fault.or_at(self.node.id()))
    }

    fn deserialize_enum<V: Visitor<'t>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.variant(visitor).map_err(|fault| fault.or_at(self.node.id()))
    }

    fn deserialize_ignored_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, ReadError> {
        visitor.visit_unit()
    }

    fn deserialize_str<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.substitution(false).deserialize_any(visitor)
    }

    fn deserialize_string<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, ReadError> {
        self.substitution(false).deserialize_any(visitor)
    }

    whole_numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
    }

    forward_to_deserialize_any! {
        <V: Visitor<'t>>
        bool f32 f64 char bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier
    }
}

/// A key: its text, whatever it looks like.
pub(crate) struct Key<'t>(Node<'t>);

impl<'t> Deserializer<'t> for Key<'t> {
    type Error = ReadError;

    fn deserialize_any<V: Visitor<'t>>(self, visitor: V) -> Result<V::Value, ReadError> {
        let text = self.0.scalar().unwrap_or_default();
        visitor.visit_borrowed_str(text).map_err(|fault: ReadError| fault.or_at(self.0.id()))
    }

    fn deserialize_newtype_struct<V: Visitor<'t>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        if name == TEXT_NEWTYPE { self.deserialize_any(visitor) } else { visitor.visit_newtype_struct(self) }
    }

    fn deserialize_enum<V: Visitor<'t>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        let id = self.0.id();
        visitor.visit_enum(Entry(self)).map_err(|fault| fault.or_at(id))
    }

    forward_to_deserialize_any! {
        <V: Visitor<'t>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}
