//! [`Handed`]: a [`Text`] of any kind on its way through serde, from a deserializer that has it to the type that wants it.

use std::fmt;
use std::marker::PhantomData;

use secrecy::SecretString;
use serde::de::value::StrDeserializer;
use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, SeqAccess, VariantAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;

use super::{Origins, PLACEHOLDER_VARIANT, State, Text};

/// Variants that carry everything a text is: its value, the Construct call of its origins, and their numbers.
const PLAIN: &str = "plain";
const SECRET: &str = "secret";
const UNKNOWN: &str = "unknown";
const UNKNOWN_SECRET: &str = "unknownSecret";
const VARIANTS: [&str; 5] = [PLACEHOLDER_VARIANT, PLAIN, SECRET, UNKNOWN, UNKNOWN_SECRET];

/// The deserializer of one text. A [`Text`] and a [`Block`](crate::Block) get it whole: secret or not known yet, with
/// its origins. Whoever wants a word, a length of time or any other string gets known text that is not secret, and an
/// error for what is not.
///
/// ```
/// use keyloom_syntax::{Origins, Text, text::Handed};
/// use serde::{Deserialize, de::value::Error};
/// let unknown = Text::unknown(true, Origins::of(1, vec![4]));
/// let handed: Handed<'_, Error> = Handed::new(&unknown);
/// assert_eq!(Text::deserialize(handed).unwrap(), unknown);
/// ```
pub struct Handed<'t, E> {
    text: &'t Text,
    error: PhantomData<E>,
}

impl<'t, E> Handed<'t, E> {
    /// Hands that text over.
    pub fn new(text: &'t Text) -> Self {
        Self { text, error: PhantomData }
    }
}

impl<'t, 'de, E: de::Error> IntoDeserializer<'de, E> for &'t Text {
    type Deserializer = Handed<'t, E>;

    fn into_deserializer(self) -> Handed<'t, E> {
        Handed::new(self)
    }
}

impl<E: de::Error> Handed<'_, E> {
    /// The text for whoever wants characters.
    fn word(&self) -> Result<&str, E> {
        let missing = || {
            E::custom(if self.text.is_secret() {
                "a secret cannot stand here: it must be read as it is"
            } else {
                "it is not known yet, and must be known here"
            })
        };
        self.text.written().ok_or_else(missing)
    }
}

impl<'de, E: de::Error> Deserializer<'de> for Handed<'_, E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.text.known().filter(|_| self.text.origins().is_empty()) {
            Some(plain) => visitor.visit_str(plain),
            None => visitor.visit_enum(Whole(self)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, E> {
        if name == super::TEXT_NEWTYPE {
            self.deserialize_any(visitor)
        } else {
            visitor.visit_newtype_struct(self)
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_some(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, E> {
        visitor.visit_enum(StrDeserializer::new(self.word()?))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_str(self.word()?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_str(self.word()?)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier
    }
}

/// The text as an enum that says what kind it is.
struct Whole<'t, E>(Handed<'t, E>);

impl<E> Whole<'_, E> {
    fn kind(&self) -> &'static str {
        let text = self.0.text;
        match (text.known(), text.expose_secret()) {
            (Some(_), _) => PLAIN,
            (None, Some(_)) => SECRET,
            (None, None) if text.is_placeholder() => PLACEHOLDER_VARIANT,
            (None, None) if text.is_secret() => UNKNOWN_SECRET,
            (None, None) => UNKNOWN,
        }
    }
}

impl<'t, 'de, E: de::Error> EnumAccess<'de> for Whole<'t, E> {
    type Error = E;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), E> {
        Ok((seed.deserialize(StrDeserializer::new(self.kind()))?, self))
    }
}

impl<'de, E: de::Error> VariantAccess<'de> for Whole<'_, E> {
    type Error = E;

    fn unit_variant(self) -> Result<(), E> {
        Err(E::custom("a text has content"))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, E> {
        seed.deserialize(StrDeserializer::new(self.0.text.written().unwrap_or_default()))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, E> {
        visitor.visit_seq(Members { text: self.0.text, next: 0, error: PhantomData })
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, E> {
        Err(E::custom("a text has no fields"))
    }
}

/// What a variant carries, one after another.
struct Members<'t, E> {
    text: &'t Text,
    next: usize,
    error: PhantomData<E>,
}

impl<'de, E: de::Error> SeqAccess<'de> for Members<'_, E> {
    type Error = E;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, E> {
        self.next += 1;
        let origins = self.text.origins().0.as_deref();
        match self.next {
            1 => seed.deserialize(StrDeserializer::new(self.text.any().unwrap_or_default())).map(Some),
            2 => seed.deserialize(origins.map_or(0, |set| set.construct).into_deserializer()).map(Some),
            3 => {
                let ids = origins.map_or_else(Vec::new, |set| set.ids.clone());
                seed.deserialize(ids.into_deserializer()).map(Some)
            }
            _ => Ok(None),
        }
    }
}

/// The text that a deserializer answered with as an enum.
pub(super) fn take<'de, A: EnumAccess<'de>>(data: A) -> Result<Text, A::Error> {
    let (variant, content): (String, _) = data.variant()?;
    if variant == PLACEHOLDER_VARIANT {
        return Ok(Text::placeholder(content.newtype_variant::<String>()?));
    }
    let state: fn(SecretString) -> State = match variant.as_str() {
        PLAIN => |value| State::Plain(secrecy::ExposeSecret::expose_secret(&value).into()),
        SECRET => State::Secret,
        UNKNOWN => |_| State::Unknown { secret: false },
        UNKNOWN_SECRET => |_| State::Unknown { secret: true },
        other => return Err(de::Error::unknown_variant(other, &VARIANTS)),
    };
    let (value, origins) = content.tuple_variant(3, Parts)?;
    Ok(Text::rare(state(value), origins))
}

struct Parts;

impl<'de> Visitor<'de> for Parts {
    type Value = (SecretString, Origins);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the parts of a text")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Self::Value, A::Error> {
        let missing = |at| de::Error::invalid_length(at, &"the parts of a text");
        let Hidden(value) = parts.next_element()?.ok_or_else(|| missing(0))?;
        let construct = parts.next_element()?.ok_or_else(|| missing(1))?;
        let ids = parts.next_element()?.ok_or_else(|| missing(2))?;
        Ok((value, Origins::of(construct, ids)))
    }
}

/// A value that may be secret: copied once, into memory that is wiped.
struct Hidden(SecretString);

impl<'de> Deserialize<'de> for Hidden {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct V;
        impl Visitor<'_> for V {
            type Value = Hidden;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_str<E: de::Error>(self, value: &str) -> Result<Hidden, E> {
                Ok(Hidden(SecretString::from(value)))
            }
        }
        deserializer.deserialize_str(V)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Block;
    use proptest::prelude::*;
    use serde::de::value::Error;

    fn handed<'de, T: Deserialize<'de>>(text: &Text) -> Result<T, Error> {
        T::deserialize(Handed::new(text))
    }

    prop_compose! {
        fn texts()(
            value in "\\PC{0,8}",
            kind in 0..5,
            construct in any::<u64>(),
            ids in proptest::collection::vec(0u32..5, 0..4),
        ) -> Text {
            let origins = Origins::of(construct, ids);
            match kind {
                0 => Text::plain(value).with_origins(origins),
                1 => Text::secret(SecretString::from(value), origins),
                2 => Text::unknown(false, origins),
                3 => Text::unknown(true, origins),
                _ => Text::placeholder(value),
            }
        }
    }

    proptest! {
        #[test]
        fn a_text_arrives_as_it_was(text in texts()) {
            prop_assert_eq!(&handed::<Text>(&text).unwrap(), &text);
            prop_assert_eq!(&handed::<Option<Text>>(&text).unwrap().unwrap(), &text);
            let block = handed::<Block>(&text).unwrap();
            prop_assert_eq!(block.text(), Some(&text));
            prop_assert_eq!(Text::deserialize(&block).unwrap(), text);
        }
    }

    #[test]
    fn a_word_must_be_known_and_the_error_shows_nothing() {
        let origins = || Origins::of(1, vec![2]);
        let known = Text::plain("prod").with_origins(origins());
        assert_eq!(handed::<String>(&known).unwrap(), "prod");
        for text in [
            Text::secret(SecretString::from("canary"), origins()),
            Text::unknown(false, origins()),
            Text::unknown(true, Origins::NONE),
        ] {
            let error = handed::<String>(&text).unwrap_err().to_string();
            assert!(!error.contains("canary"), "{error}");
            assert!(handed::<u32>(&text).is_err() && handed::<Vec<Text>>(&text).is_err());
        }
    }
}
