//! A store's mapping taken apart while it is read: the blocks of carried providers, and everything else.

use std::fmt;
use std::marker::PhantomData;

use keyloom_syntax::Block;
use serde::de::value::{MapAccessDeserializer, StringDeserializer};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, Visitor};

use super::super::carried::{Carried, CarriedConfig};

/// Reads a `T` of everything else, and the blocks.
pub(super) fn read<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<(T, Vec<CarriedConfig>), D::Error> {
    deserializer.deserialize_map(Apart(PhantomData))
}

struct Apart<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Apart<T> {
    type Value = (T, Vec<CarriedConfig>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a store")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let mut blocks = Vec::new();
        let rest = T::deserialize(MapAccessDeserializer::new(Rest { map, blocks: &mut blocks }))?;
        Ok((rest, blocks))
    }
}

/// The entries that are no block of a carried provider.
struct Rest<'b, A> {
    map: A,
    blocks: &'b mut Vec<CarriedConfig>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Rest<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(key) = self.map.next_key::<String>()? {
            match Carried::at_key(&key) {
                Some(provider) => {
                    self.blocks.push(CarriedConfig::new(provider, self.map.next_value::<Block>()?))
                }
                None => {
                    let key: StringDeserializer<A::Error> = key.into_deserializer();
                    return seed.deserialize(key).map(Some);
                }
            }
        }
        Ok(None)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}
