//! One way to walk a typed body, used by every format: a body says its fields in canonical order, a [`Sink`] spells
//! them. Nothing is allocated on the way.
//!
//! A body's walk reads like its manifest:
//!
//! ```
//! use keyloom_resources::walk::{Sink, Walk, map, to_json};
//! use keyloom_syntax::Text;
//!
//! struct StoreRef { name: Text, kind: Option<Text>, tags: Vec<Text> }
//!
//! impl Walk for StoreRef {
//!     fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
//!         map(sink, |m| {
//!             m.field("name", &self.name)?;
//!             m.optional("kind", &self.kind)?;
//!             m.nonempty("tags", &self.tags)
//!         })
//!     }
//! }
//!
//! let store = StoreRef { name: "vault".into(), kind: None, tags: vec![] };
//! assert_eq!(to_json(&store).unwrap(), serde_json::json!({"name": "vault"}));
//! ```

use keyloom_syntax::{Number, Text};

mod block;
mod complete;
mod duration;
mod json;
mod values;

pub use complete::{Complete, Defaults};
pub use json::{NotWritten, to_completed_json, to_json};

/// Where a body is walked to: a writer of some format. Calls nest as the value does; between `begin_map` and
/// `end_map` every value follows its key.
pub trait Sink {
    /// What can go wrong: I/O for a writer.
    type Error;

    /// A mapping begins.
    fn begin_map(&mut self) -> Result<(), Self::Error>;
    /// The key of the value that follows.
    fn key(&mut self, key: &str) -> Result<(), Self::Error>;
    /// The mapping ends.
    fn end_map(&mut self) -> Result<(), Self::Error>;
    /// A sequence begins.
    fn begin_seq(&mut self) -> Result<(), Self::Error>;
    /// The sequence ends.
    fn end_seq(&mut self) -> Result<(), Self::Error>;
    /// A leaf of the declaration, which may be secret, or not known yet.
    fn text(&mut self, text: &Text) -> Result<(), Self::Error>;
    /// A word of upstream's or ours; never secret.
    fn str(&mut self, value: &str) -> Result<(), Self::Error>;
    /// True or false.
    fn bool(&mut self, value: bool) -> Result<(), Self::Error>;
    /// A number that JSON can hold.
    fn number(&mut self, value: Number) -> Result<(), Self::Error>;
    /// Nothing.
    fn null(&mut self) -> Result<(), Self::Error>;

    /// A whole number.
    fn int(&mut self, value: i64) -> Result<(), Self::Error> {
        self.number(Number::Signed(value))
    }
}

/// A value that can be walked. Maps with text keys, lists, texts, words and numbers are values too.
pub trait Walk {
    /// Tells the sink the whole value, in canonical order.
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error>;
}

/// Walks a mapping; `fields` says its fields.
pub fn map<S: Sink>(
    sink: &mut S,
    fields: impl FnOnce(&mut Map<'_, S>) -> Result<(), S::Error>,
) -> Result<(), S::Error> {
    sink.begin_map()?;
    fields(&mut Map { sink })?;
    sink.end_map()
}

/// The mapping that is being walked by [`map`].
pub struct Map<'s, S> {
    sink: &'s mut S,
}

impl<S: Sink> Map<'_, S> {
    /// A field that is always there.
    pub fn field<V: Walk + ?Sized>(&mut self, key: &str, value: &V) -> Result<(), S::Error> {
        self.sink.key(key)?;
        value.walk(self.sink)
    }

    /// A field that is left out when it is `None`.
    pub fn optional<V: Walk>(&mut self, key: &str, value: &Option<V>) -> Result<(), S::Error> {
        match value {
            Some(value) => self.field(key, value),
            None => Ok(()),
        }
    }

    /// A list or map that is left out when it is empty.
    pub fn nonempty<V: Walk + IsEmpty + ?Sized>(&mut self, key: &str, value: &V) -> Result<(), S::Error> {
        if value.is_empty() { Ok(()) } else { self.field(key, value) }
    }

    /// A mapping inside this one.
    pub fn map(
        &mut self,
        key: &str,
        fields: impl FnOnce(&mut Map<'_, S>) -> Result<(), S::Error>,
    ) -> Result<(), S::Error> {
        self.sink.key(key)?;
        map(self.sink, fields)
    }
}

/// What can hold nothing; see [`Map::nonempty`].
pub trait IsEmpty {
    /// Whether it holds nothing.
    fn is_empty(&self) -> bool;
}
