//! Reading a [`Block`] once more, into a type: for a part whose type only its neighbours tell.

use serde::de::value::{Error, MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::Block;
use crate::scalar::Number;

impl<'de> IntoDeserializer<'de, Error> for &'de Block {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for &'de Block {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Block::Null => visitor.visit_unit(),
            Block::Bool(value) => visitor.visit_bool(*value),
            Block::Number(Number::Signed(value)) => visitor.visit_i64(*value),
            Block::Number(Number::Unsigned(value)) => visitor.visit_u64(*value),
            Block::Number(Number::Float(value)) => visitor.visit_f64(*value),
            Block::Text(text) => text.into_deserializer().deserialize_any(visitor),
            Block::List(items) => visitor.visit_seq(SeqDeserializer::new(items.iter())),
            Block::Map(entries) => {
                let entries = entries.iter().map(|(key, value)| (key.as_str(), value));
                visitor.visit_map(MapDeserializer::new(entries))
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Block::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Block::Text(text) => text.into_deserializer().deserialize_newtype_struct(name, visitor),
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Block::Text(text) => text.into_deserializer().deserialize_enum(name, variants, visitor),
            Block::Map(entries) if entries.len() == 1 => {
                let entries = entries.iter().map(|(key, value)| (key.as_str(), value));
                visitor.visit_enum(MapAccessDeserializer::new(MapDeserializer::new(entries)))
            }
            _ => Err(Error::custom("expected a word, or a mapping of exactly one key")),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Block::Text(text) => text.into_deserializer().deserialize_str(visitor),
            _ => self.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;
    use crate::Text;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase", deny_unknown_fields)]
    struct Part {
        name: Text,
        length: Option<i64>,
        word: Option<Word>,
        choice: Option<Choice>,
        labels: Option<BTreeMap<String, Text>>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase")]
    enum Word {
        One,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase")]
    enum Choice {
        Names(Vec<Text>),
    }

    #[test]
    fn a_type_is_read_of_a_block() {
        let json =
            r#"{"name": "a", "length": 3, "word": "one", "choice": {"names": ["x"]}, "labels": {"l": "v"}}"#;
        let mut block: Block = serde_json::from_str(json).unwrap();
        let part = Part::deserialize(&block).unwrap();
        assert_eq!(part, serde_json::from_str(json).unwrap());
        let Block::Map(entries) = &mut block else { panic!("a mapping") };
        entries[0].1 = Block::Text(Text::placeholder("${NAME}"));
        entries[1].1 = Block::Null;
        let part = Part::deserialize(&block).unwrap();
        assert_eq!((part.name, part.length), (Text::placeholder("${NAME}"), None));
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let read = |json: &str| Part::deserialize(&serde_json::from_str::<Block>(json).unwrap()).is_ok();
        assert!(
            !read(r#"{"nme": "a"}"#) && !read(r#"{"name": 1}"#) && !read(r#"{"name": "a", "word": "two"}"#)
        );
        assert!(!read("[]") && !read(r#"{"name": "a", "choice": {"names": [], "other": 1}}"#));
    }
}
