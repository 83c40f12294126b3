//! Attributes of Terraform's provider in a document: how they are spelled, what is said of each, and what may be.

use keyloom_syntax::{Block, Number, Text};
use keyloom_upstream::terraform::snake;

use crate::config::Argument;
use crate::credential::Credential;

pub(crate) mod about;
pub(crate) mod schema;

/// What is said, attribute by attribute, in the provider's spelling. What is empty is not there.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fields(pub(crate) Vec<(String, Argument)>);

impl Fields {
    pub(crate) fn text(&mut self, attribute: &str, text: Option<&Text>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            self.push(attribute, Argument::Text(text.clone()));
        }
    }

    pub(crate) fn word(&mut self, attribute: &str, word: Option<&str>) {
        if let Some(word) = word {
            self.push(attribute, Argument::Text(word.into()));
        }
    }

    pub(crate) fn texts(&mut self, attribute: &str, texts: &[Text]) {
        if !texts.is_empty() {
            self.push(attribute, Argument::List(texts.iter().cloned().map(Argument::Text).collect()));
        }
    }

    pub(crate) fn numbers(&mut self, attribute: &str, numbers: &[i64]) {
        if !numbers.is_empty() {
            let numbers = numbers.iter().map(|number| Argument::Number(Number::Signed(*number)));
            self.push(attribute, Argument::List(numbers.collect()));
        }
    }

    pub(crate) fn credential(&mut self, attribute: &str, credential: Option<&Credential>) {
        match credential {
            Some(Credential::Variable(name)) => self.push(attribute, Argument::Variable(name.clone())),
            Some(Credential::Value(value)) => self.text(attribute, Some(value)),
            None => {}
        }
    }

    fn push(&mut self, attribute: &str, argument: Argument) {
        self.0.push((attribute.to_owned(), argument));
    }

    /// The known text of that attribute.
    pub(crate) fn known(&self, attribute: &str) -> Option<&str> {
        self.get(attribute)?.text()?.known()
    }

    /// What is said of that attribute.
    pub(crate) fn get(&self, attribute: &str) -> Option<&Argument> {
        self.0.iter().find(|(name, _)| name == attribute).map(|(_, argument)| argument)
    }
}

/// The attributes of a block in camelCase.
pub(crate) fn fields_of_block(block: &Block) -> Fields {
    Fields(block.entries().iter().filter_map(|(key, value)| Some((snake(key), argument(value)?))).collect())
}

/// What a block says as an argument; none where it says nothing, and of mappings, which no attribute is made of here: validation
/// refuses those before.
pub(crate) fn argument(block: &Block) -> Option<Argument> {
    Some(match block {
        Block::Null => return None,
        Block::Bool(value) => Argument::Bool(*value),
        Block::Number(number) => Argument::Number(*number),
        Block::Text(text) if text.is_empty() => return None,
        Block::Text(text) => Argument::Text(text.clone()),
        Block::List(items) if items.is_empty() => return None,
        Block::List(items) => Argument::List(items.iter().filter_map(argument).collect()),
        Block::Map(entries) => match entries.as_slice() {
            [(key, Block::Text(name))] if key == "variable" => Argument::Variable(name.known()?.to_owned()),
            _ => return None,
        },
    })
}
