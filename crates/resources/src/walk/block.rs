//! Blocks, which are written as they were read.

use keyloom_syntax::Block;

use super::{Sink, Walk, map};

impl Walk for Block {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        match self {
            Self::Null => sink.null(),
            Self::Bool(value) => sink.bool(*value),
            Self::Number(value) => sink.number(*value),
            Self::Text(text) => sink.text(text),
            Self::List(items) => items.walk(sink),
            Self::Map(entries) => {
                map(sink, |m| entries.iter().try_for_each(|(key, value)| m.field(key, value)))
            }
        }
    }
}
