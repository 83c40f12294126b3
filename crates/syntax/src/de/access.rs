//! The parts of a node as serde asks for them: items, entries, variants.

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use crate::text::PLACEHOLDER_VARIANT;
use crate::tree::{Children, Entries, Kind, Node};

use super::{De, Key, ReadError};

/// Items of a sequence.
pub(super) struct Items<'t> {
    de: De<'t>,
    left: Children<'t>,
}

impl<'t> Items<'t> {
    pub(super) fn new(de: De<'t>, node: Node<'t>) -> Self {
        Self { de, left: node.children() }
    }

    /// Refuses items that the visitor did not take.
    pub(super) fn end(&mut self) -> Result<(), ReadError> {
        match self.left.next() {
            None => Ok(()),
            Some(id) => Err(ReadError::custom("the list has too many items").or_at(id)),
        }
    }
}

impl<'t> SeqAccess<'t> for Items<'t> {
    type Error = ReadError;

    fn next_element_seed<T: DeserializeSeed<'t>>(&mut self, seed: T) -> Result<Option<T::Value>, ReadError> {
        let Some(id) = self.left.next() else { return Ok(None) };
        let node = self.de.node.tree.node(id);
        seed.deserialize(self.de.on(node)).map(Some).map_err(|fault| fault.or_at(node.id()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.left.clone().count())
    }
}

/// Entries of a mapping.
pub(super) struct Values<'t> {
    de: De<'t>,
    left: Entries<'t>,
    value: Option<Node<'t>>,
}

impl<'t> Values<'t> {
    pub(super) fn new(de: De<'t>, node: Node<'t>) -> Self {
        Self { de, left: node.entries(), value: None }
    }
}

impl<'t> MapAccess<'t> for Values<'t> {
    type Error = ReadError;

    fn next_key_seed<K: DeserializeSeed<'t>>(&mut self, seed: K) -> Result<Option<K::Value>, ReadError> {
        let Some((key, value)) = self.left.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(Key(key)).map(Some).map_err(|fault| fault.or_at(key.id()))
    }

    fn next_value_seed<V: DeserializeSeed<'t>>(&mut self, seed: V) -> Result<V::Value, ReadError> {
        let node =
            self.value.take().ok_or_else(|| ReadError::custom("a value was asked for before its key"))?;
        seed.deserialize(self.de.on(node)).map_err(|fault| fault.or_at(node.id()))
    }
}

/// A variant with its content, if it has some.
pub(super) struct Variant<'t> {
    pub(super) name: Node<'t>,
    pub(super) content: Option<Node<'t>>,
    pub(super) de: De<'t>,
}

impl<'t> Variant<'t> {
    fn content(&self) -> Result<De<'t>, ReadError> {
        let missing = || {
            ReadError::custom("this word needs content: write it as a mapping of one key")
                .or_at(self.name.id())
        };
        self.content.map(|node| self.de.on(node)).ok_or_else(missing)
    }
}

impl<'t> EnumAccess<'t> for Variant<'t> {
    type Error = ReadError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'t>>(self, seed: V) -> Result<(V::Value, Self), ReadError> {
        let name = seed.deserialize(Key(self.name)).map_err(|fault| fault.or_at(self.name.id()))?;
        Ok((name, self))
    }
}

impl<'t> VariantAccess<'t> for Variant<'t> {
    type Error = ReadError;

    fn unit_variant(self) -> Result<(), ReadError> {
        match self.content {
            Some(node) if node.kind() != Kind::Null => {
                Err(ReadError::custom("this word takes no content").or_at(node.id()))
            }
            _ => Ok(()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'t>>(self, seed: T) -> Result<T::Value, ReadError> {
        seed.deserialize(self.content()?)
    }

    fn tuple_variant<V: Visitor<'t>>(self, _: usize, visitor: V) -> Result<V::Value, ReadError> {
        self.content()?.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'t>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ReadError> {
        self.content()?.deserialize_any(visitor)
    }
}

/// A key read as an enum: a unit variant.
pub(super) struct Entry<'t>(pub(super) Key<'t>);

impl<'t> EnumAccess<'t> for Entry<'t> {
    type Error = ReadError;
    type Variant = UnitOnly;

    fn variant_seed<V: DeserializeSeed<'t>>(self, seed: V) -> Result<(V::Value, UnitOnly), ReadError> {
        Ok((seed.deserialize(self.0)?, UnitOnly))
    }
}

pub(super) struct UnitOnly;

impl<'t> VariantAccess<'t> for UnitOnly {
    type Error = ReadError;

    fn unit_variant(self) -> Result<(), ReadError> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'t>>(self, _: T) -> Result<T::Value, ReadError> {
        Err(ReadError::custom("a key is a word without content"))
    }

    fn tuple_variant<V: Visitor<'t>>(self, _: usize, _: V) -> Result<V::Value, ReadError> {
        Err(ReadError::custom("a key is a word without content"))
    }

    fn struct_variant<V: Visitor<'t>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, ReadError> {
        Err(ReadError::custom("a key is a word without content"))
    }
}

/// A text that holds `${`, for [`Text`](crate::Text).
pub(super) struct Placeholder<'t>(pub(super) &'t str);

impl<'t> EnumAccess<'t> for Placeholder<'t> {
    type Error = ReadError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'t>>(self, seed: V) -> Result<(V::Value, Self), ReadError> {
        Ok((seed.deserialize(BorrowedStrDeserializer::new(PLACEHOLDER_VARIANT))?, self))
    }
}

impl<'t> VariantAccess<'t> for Placeholder<'t> {
    type Error = ReadError;

    fn unit_variant(self) -> Result<(), ReadError> {
        Err(ReadError::custom("a placeholder has content"))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'t>>(self, seed: T) -> Result<T::Value, ReadError> {
        seed.deserialize(BorrowedStrDeserializer::new(self.0))
    }

    fn tuple_variant<V: Visitor<'t>>(self, _: usize, _: V) -> Result<V::Value, ReadError> {
        Err(ReadError::custom("a placeholder is one text"))
    }

    fn struct_variant<V: Visitor<'t>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, ReadError> {
        Err(ReadError::custom("a placeholder is one text"))
    }
}
