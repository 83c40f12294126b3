//! Inputs as a [`Block`], of which types are read: each leaf with its secretness and what it derives from.

use keyloom_syntax::{Block, Number, Text};
use keyloom_wire::property::{Property, PropertyMap, Value};

use super::view::whole;
use crate::origins::OriginTable;

/// What is said of a value by what is around it.
#[derive(Clone, Default)]
pub(crate) struct Around {
    pub(crate) secret: bool,
    ids: Vec<u32>,
}

impl Around {
    pub(crate) fn with(&self, property: &Property, origins: &OriginTable) -> Self {
        let mut ids = self.ids.clone();
        ids.extend(property.urns.iter().map(|urn| origins.known(urn)));
        Self { secret: self.secret || property.secret, ids }
    }

    pub(crate) fn text(&self, text: Option<&str>, origins: &OriginTable) -> Text {
        let from = origins.origins(self.ids.iter().copied());
        match text {
            None => Text::unknown(self.secret, from),
            Some(text) if self.secret => Text::secret(text.into(), from),
            Some(text) => Text::from(text).with_origins(from),
        }
    }
}

/// The inputs, null ones left out.
pub(crate) fn block(inputs: &PropertyMap, origins: &OriginTable) -> Block {
    map(inputs, &Around::default(), origins)
}

fn map(members: &PropertyMap, around: &Around, origins: &OriginTable) -> Block {
    let said = members.iter().filter(|(_, member)| member.value != Value::Null);
    Block::Map(said.map(|(key, member)| (key.into(), value(member, around, origins))).collect())
}

fn value(property: &Property, around: &Around, origins: &OriginTable) -> Block {
    let around = around.with(property, origins);
    match &property.value {
        Value::Null => Block::Null,
        Value::Bool(value) => Block::Bool(*value),
        Value::Number(number) => Block::Number(whole(*number).map_or(Number::Float(*number), Number::Signed)),
        Value::String(text) => Block::Text(around.text(Some(text), origins)),
        // Resources and assets are refused before.
        Value::Unknown | Value::Reference(_) | Value::Opaque(_) => Block::Text(around.text(None, origins)),
        Value::List(items) => Block::List(items.iter().map(|item| value(item, &around, origins)).collect()),
        Value::Map(members) => map(members, &around, origins),
    }
}
