//! YAML as GitHub's readers have it.

use keyloom_resources::walk::Sink;
use keyloom_syntax::{Number, Text};

use super::pin;
use crate::yaml::{Refused, Writer};

/// What the one permission to write is for.
const ID_TOKEN: &str = "to assume the role in AWS";

/// Hands everything on, but spells `on` as everybody does, though it is a boolean to some readers of YAML, and says behind
/// a pinned action which release it is, and behind a permission what it is for.
pub(super) struct Actions<'w> {
    writer: &'w mut Writer,
    /// What is to be said behind the next value.
    comment: Option<&'static str>,
}

impl<'w> Actions<'w> {
    pub(super) fn new(writer: &'w mut Writer) -> Self {
        Self { writer, comment: None }
    }
}

impl Sink for Actions<'_> {
    type Error = Refused;

    fn begin_map(&mut self) -> Result<(), Refused> {
        self.writer.begin_map()
    }

    fn key(&mut self, key: &str) -> Result<(), Refused> {
        self.comment = (key == "id-token").then_some(ID_TOKEN);
        match key {
            "on" => {
                self.writer.plain_key(key);
                Ok(())
            }
            _ => self.writer.key(key),
        }
    }

    fn end_map(&mut self) -> Result<(), Refused> {
        self.writer.end_map()
    }

    fn begin_seq(&mut self) -> Result<(), Refused> {
        self.writer.begin_seq()
    }

    fn end_seq(&mut self) -> Result<(), Refused> {
        self.writer.end_seq()
    }

    fn text(&mut self, text: &Text) -> Result<(), Refused> {
        self.writer.text(text)
    }

    fn str(&mut self, value: &str) -> Result<(), Refused> {
        self.writer.str(value)?;
        let version = || pin::ALL.iter().find(|pin| pin.uses == value).map(|pin| pin.version);
        if let Some(comment) = self.comment.take().or_else(version) {
            self.writer.comment_behind(comment);
        }
        Ok(())
    }

    fn bool(&mut self, value: bool) -> Result<(), Refused> {
        self.writer.bool(value)
    }

    fn number(&mut self, value: Number) -> Result<(), Refused> {
        self.writer.number(value)
    }

    fn null(&mut self) -> Result<(), Refused> {
        self.writer.null()
    }
}
