//! [`Block`]: an owned tree whose leaves are [`Text`], for what is carried without a type of its own.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserializer, EnumAccess, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use smol_str::SmolStr;

use crate::scalar::Number;
use crate::text::{Text, TextVisitor};
use crate::view::{View, ViewKind};

mod build;
mod read;

/// A part of a declaration that is handed on as it was written: its structure is checked, its meaning is somebody else's.
///
/// Numbers, booleans and null stay what they are; all other leaves are [`Text`], so a placeholder or a text that is
/// secret or not known yet stays one. Keys keep their order.
///
/// ```
/// use keyloom_syntax::Block;
/// let block: Block = serde_json::from_str(r#"{"auth": {"ttl": 600}, "project": "infra"}"#).unwrap();
/// assert_eq!(block.get("project").and_then(Block::text).unwrap(), "infra");
/// ```
/// `Debug` shows the structure and the keys, never what stands at a leaf.
#[derive(Clone, Default, PartialEq)]
pub enum Block {
    /// Nothing.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number that JSON can hold: what is read is finite.
    Number(Number),
    /// Any other leaf.
    Text(Text),
    /// A list.
    List(Vec<Block>),
    /// Keys and values in their order.
    Map(Vec<(SmolStr, Block)>),
}

impl Block {
    /// The value under `key` of a mapping.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entries().iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Takes the value under `key` out of a mapping.
    pub fn take(&mut self, key: &str) -> Option<Self> {
        let Self::Map(entries) = self else { return None };
        let at = entries.iter().position(|(name, _)| name == key)?;
        Some(entries.remove(at).1)
    }

    /// The text of a leaf.
    pub fn text(&self) -> Option<&Text> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::Map(_) => &[],
        }
    }

    /// The entries of a mapping; none of anything else.
    pub fn entries(&self) -> &[(SmolStr, Self)] {
        match self {
            Self::Map(entries) => entries,
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::List(_) => &[],
        }
    }
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(_) => f.write_str("<bool>"),
            Self::Number(_) => f.write_str("<number>"),
            Self::Text(_) => f.write_str("<text>"),
            Self::List(items) => f.debug_list().entries(items).finish(),
            Self::Map(entries) => {
                f.debug_map().entries(entries.iter().map(|(key, value)| (key, value))).finish()
            }
        }
    }
}

/// Place of a node of a [`Block`]: the node itself, which is never printed.
#[derive(Clone, Copy)]
pub struct BlockAt<'b>(&'b Block);

impl BlockAt<'_> {
    /// The path (`auth.secretRef`, `data[0]`, empty at the root) of this place inside `root`; `None` if it is not in there.
    pub fn path_in(&self, root: &Block) -> Option<String> {
        if std::ptr::eq(self.0, root) {
            return Some(String::new());
        }
        let item =
            |(at, item): (usize, &Block)| self.path_in(item).map(|rest| joined(&format!("[{at}]"), &rest));
        let entry = |(key, value): &(SmolStr, Block)| self.path_in(value).map(|rest| joined(key, &rest));
        root.items().iter().enumerate().find_map(item).or_else(|| root.entries().iter().find_map(entry))
    }
}

fn joined(step: &str, rest: &str) -> String {
    let dot = if rest.is_empty() || rest.starts_with('[') { "" } else { "." };
    [step, dot, rest].concat()
}

impl fmt::Debug for BlockAt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BlockAt(..)")
    }
}

impl<'b> View for &'b Block {
    type At = BlockAt<'b>;

    fn at(&self) -> BlockAt<'b> {
        BlockAt(self)
    }

    fn kind(&self) -> ViewKind {
        match self {
            Block::Null => ViewKind::Null,
            Block::Bool(_) => ViewKind::Bool,
            Block::Number(Number::Signed(_) | Number::Unsigned(_)) => ViewKind::Int,
            Block::Number(Number::Float(_)) => ViewKind::Float,
            Block::Text(text) if text.is_unknown() => ViewKind::Unknown,
            Block::Text(_) => ViewKind::Text,
            Block::List(_) => ViewKind::Sequence,
            Block::Map(_) => ViewKind::Mapping,
        }
    }

    fn text(&self) -> Option<&str> {
        Block::text(self).and_then(Text::known)
    }

    fn number(&self) -> Option<f64> {
        match self {
            Block::Number(number) => Some(number.as_f64()),
            Block::Null | Block::Bool(_) | Block::Text(_) | Block::List(_) | Block::Map(_) => None,
        }
    }

    fn boolean(&self) -> Option<bool> {
        match self {
            Block::Bool(value) => Some(*value),
            Block::Null | Block::Number(_) | Block::Text(_) | Block::List(_) | Block::Map(_) => None,
        }
    }

    fn source(&self) -> Option<Cow<'_, str>> {
        match self {
            Block::Number(number) => Some(Cow::Owned(number.to_string())),
            Block::Bool(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
            Block::Null | Block::Text(_) | Block::List(_) | Block::Map(_) => None,
        }
    }

    fn items(&self) -> impl Iterator<Item = Self> {
        Block::items(self).iter()
    }

    fn entries(&self) -> impl Iterator<Item = (&str, BlockAt<'b>, Self)> {
        Block::entries(self).iter().map(|(key, value)| (key.as_str(), BlockAt(value), value))
    }
}

/// For `validator` alone, as with [`Text`]: always the same constant, never what is inside.
impl Serialize for Block {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("<block>")
    }
}

/// Asks for anything. A deserializer that knows more of a text than its characters answers with an enum, as it does to
/// [`Text`]. Numbers that JSON does not have are refused: no manifest could hold them.
impl<'de> Deserialize<'de> for Block {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BlockVisitor)
    }
}

struct BlockVisitor;

impl<'de> Visitor<'de> for BlockVisitor {
    type Value = Block;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Block, E> {
        Ok(Block::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Block, E> {
        Ok(Block::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Block, E> {
        Ok(Block::Number(Number::Signed(value)))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Block, E> {
        Ok(Block::Number(i64::try_from(value).map_or(Number::Unsigned(value), Number::Signed)))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Block, E> {
        match value.is_finite() {
            true => Ok(Block::Number(Number::Float(value))),
            false => Err(E::custom("this number has no place in a manifest: JSON cannot hold it")),
        }
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Block, E> {
        Ok(Block::Text(Text::plain(value)))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Block, A::Error> {
        TextVisitor.visit_enum(data).map(Block::Text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Block, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Block::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Block, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Block::Map(map))
    }
}

/// Anything at all, inlined; who carries a block puts the schema of its structure there.
impl schemars::JsonSchema for Block {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Block")
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({})
    }
}
