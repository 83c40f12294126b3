//! YAML as GitHub's readers have it.

use keyloom_resources::walk::Sink;
use keyloom_syntax::{Number, Text};

use super::pin;
use crate::yaml::{Refused, Writer};

/// Hands everything on, but spells `on` as everybody does, though it is a boolean to some readers of YAML, and says behind
/// a pinned action which release it is.
pub(super) struct Actions<'w>(pub(super) &'w mut Writer);

impl Sink for Actions<'_> {
    type Error = Refused;

    fn begin_map(&mut self) -> Result<(), Refused> {
        self.0.begin_map()
    }

    fn key(&mut self, key: &str) -> Result<(), Refused> {
        match key {
            "on" => {
                self.0.plain_key(key);
                Ok(())
            }
            _ => self.0.key(key),
        }
    }

    fn end_map(&mut self) -> Result<(), Refused> {
        self.0.end_map()
    }

    fn begin_seq(&mut self) -> Result<(), Refused> {
        self.0.begin_seq()
    }

    fn end_seq(&mut self) -> Result<(), Refused> {
        self.0.end_seq()
    }

    fn text(&mut self, text: &Text) -> Result<(), Refused> {
        self.0.text(text)
    }

    fn str(&mut self, value: &str) -> Result<(), Refused> {
        self.0.str(value)?;
        if let Some(pin) = pin::ALL.iter().find(|pin| pin.uses == value) {
            self.0.comment_behind(pin.version);
        }
        Ok(())
    }

    fn bool(&mut self, value: bool) -> Result<(), Refused> {
        self.0.bool(value)
    }

    fn number(&mut self, value: Number) -> Result<(), Refused> {
        self.0.number(value)
    }

    fn null(&mut self) -> Result<(), Refused> {
        self.0.null()
    }
}
