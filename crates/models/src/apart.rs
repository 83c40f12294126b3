//! A mapping taken apart while it is read: some of its fields as blocks, and a type of everything else.

use std::fmt;
use std::marker::PhantomData;

use keyloom_syntax::Block;
use serde::de::value::{MapAccessDeserializer, StringDeserializer};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};

/// Fields that are taken, in their order.
pub(crate) type Taken = Vec<(String, Block)>;

/// Reads a `T` of everything else, and the fields that are taken.
pub(crate) fn read<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
    taken: impl Fn(&str) -> bool,
) -> Result<(T, Taken), D::Error> {
    deserializer.deserialize_map(Apart { taken, rest: PhantomData })
}

struct Apart<F, T> {
    taken: F,
    rest: PhantomData<T>,
}

impl<'de, F: Fn(&str) -> bool, T: Deserialize<'de>> Visitor<'de> for Apart<F, T> {
    type Value = (T, Taken);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let mut blocks = Taken::new();
        let rest = Rest { map, taken: self.taken, blocks: &mut blocks };
        let rest = T::deserialize(MapAccessDeserializer::new(rest))?;
        Ok((rest, blocks))
    }
}

/// The entries that are not taken.
struct Rest<'b, A, F> {
    map: A,
    taken: F,
    blocks: &'b mut Taken,
}

impl<'de, A: MapAccess<'de>, F: Fn(&str) -> bool> MapAccess<'de> for Rest<'_, A, F> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(key) = self.map.next_key::<String>()? {
            if (self.taken)(&key) {
                let block = self.map.next_value::<Block>()?;
                self.blocks.push((key, block));
            } else {
                let key: StringDeserializer<A::Error> = key.into_deserializer();
                return seed.deserialize(key).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}
