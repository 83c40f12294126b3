//! Spells out what the API server would add, so that tools which compare a manifest with the cluster see no drift.

use keyloom_syntax::{Number, Text};
use serde_json::Value;

use super::Sink;

mod defaults;

pub use defaults::Defaults;
use defaults::Node;

/// Passes a walk on to another sink and adds, at the end of each mapping, the defaulted fields that were not said;
/// a default that is a mapping is completed by those below it. This is what [`fill_defaults`] does to a value.
///
/// Nothing is allocated where nothing is missing, besides a stack that serves every body after the first.
///
/// [`fill_defaults`]: keyloom_upstream::eso::fill_defaults
#[derive(Debug)]
pub struct Complete<'d, S> {
    sink: S,
    /// Of the body that is about to begin.
    object: Option<&'d Node>,
    /// The containers around, as far as there are defaults in or below them.
    open: Vec<Frame<'d>>,
    /// How many containers are open below the last of them, in parts without defaults.
    beyond: usize,
}

#[derive(Debug)]
struct Frame<'d> {
    node: &'d Node,
    /// What is known of the value that comes next.
    next: Option<&'d Node>,
    /// Fields that have a default and were said.
    said: u64,
}

impl<'d, S: Sink> Complete<'d, S> {
    /// Completes what is told to `sink`, from the first [`begin`](Self::begin) on.
    pub fn new(sink: S) -> Self {
        Self { sink, object: None, open: Vec::with_capacity(16), beyond: 0 }
    }

    /// The next walk is that of an object with these defaults.
    pub fn begin(&mut self, defaults: &'d Defaults) {
        self.open.clear();
        self.beyond = 0;
        self.object = Some(&defaults.object);
    }

    /// The sink inside.
    pub fn sink(&mut self) -> &mut S {
        &mut self.sink
    }

    /// Gives the sink back.
    pub fn into_sink(self) -> S {
        self.sink
    }

    fn enter(&mut self) -> Option<&'d Node> {
        let known = match self.open.last() {
            _ if self.beyond > 0 => None,
            Some(frame) => frame.next,
            None => self.object.take(),
        };
        if known.is_none() {
            self.beyond += 1;
        }
        known
    }

    /// Whether a container ends that is on the stack.
    fn leave(&mut self) -> bool {
        let known = self.beyond == 0;
        self.beyond = self.beyond.saturating_sub(1);
        known
    }

    fn add_missing(&mut self) -> Result<(), S::Error> {
        let Some(Frame { node, said, .. }) = self.open.last() else { return Ok(()) };
        let (node, missing) = (*node, node.defaulted & !said);
        if missing == 0 {
            return Ok(());
        }
        // Fields with a default come first, in the order of their bits.
        let defaulted = node.fields.iter().map_while(|field| Some((field.name, field.default?)));
        for (_, (name, default)) in defaulted.enumerate().filter(|(at, _)| missing >> at & 1 == 1) {
            self.key(name)?;
            self.value(default)?;
        }
        Ok(())
    }

    /// Says a default as a body would, so that it is completed too.
    fn value(&mut self, value: &Value) -> Result<(), S::Error> {
        match value {
            Value::Bool(value) => self.bool(*value),
            Value::String(value) => self.str(value),
            Value::Number(number) => self.int(number.as_i64().unwrap_or_default()),
            Value::Array(items) => {
                self.begin_seq()?;
                items.iter().try_for_each(|item| self.value(item))?;
                self.end_seq()
            }
            Value::Object(fields) => {
                self.begin_map()?;
                for (key, value) in fields {
                    self.key(key)?;
                    self.value(value)?;
                }
                self.end_map()
            }
            // Not among the defaults, see `defaults::writable`.
            Value::Null => Ok(()),
        }
    }
}

impl<S: Sink> Sink for Complete<'_, S> {
    type Error = S::Error;

    fn begin_map(&mut self) -> Result<(), S::Error> {
        if let Some(node) = self.enter() {
            self.open.push(Frame { node, next: None, said: 0 });
        }
        self.sink.begin_map()
    }

    fn key(&mut self, key: &str) -> Result<(), S::Error> {
        if self.beyond == 0
            && let Some(frame) = self.open.last_mut()
        {
            let (next, bit) = frame.node.field(key);
            frame.next = next;
            frame.said |= bit;
        }
        self.sink.key(key)
    }

    fn end_map(&mut self) -> Result<(), S::Error> {
        if self.leave() {
            self.add_missing()?;
            self.open.pop();
        }
        self.sink.end_map()
    }

    fn begin_seq(&mut self) -> Result<(), S::Error> {
        if let Some(node) = self.enter() {
            self.open.push(Frame { node, next: node.items(), said: 0 });
        }
        self.sink.begin_seq()
    }

    fn end_seq(&mut self) -> Result<(), S::Error> {
        if self.leave() {
            self.open.pop();
        }
        self.sink.end_seq()
    }

    fn text(&mut self, text: &Text) -> Result<(), S::Error> {
        self.sink.text(text)
    }

    fn str(&mut self, value: &str) -> Result<(), S::Error> {
        self.sink.str(value)
    }

    fn bool(&mut self, value: bool) -> Result<(), S::Error> {
        self.sink.bool(value)
    }

    fn number(&mut self, value: Number) -> Result<(), S::Error> {
        self.sink.number(value)
    }

    fn null(&mut self) -> Result<(), S::Error> {
        self.sink.null()
    }
}

#[cfg(test)]
mod tests;
