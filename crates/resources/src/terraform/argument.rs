//! [`Argument`]: a value in a Terraform configuration. What another resource or the caller fills in is a node of its own.

use std::collections::BTreeSet;

use keyloom_syntax::{Number, Text};

/// Arguments by name, in the order in which they are written.
pub type Arguments = Vec<(String, Argument)>;

/// A value of an argument, at any depth.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// A literal text: nothing in it is filled in.
    Text(Text),
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A list, a set in the declaration's order, or blocks of one kind.
    List(Vec<Argument>),
    /// A nested attribute, a map, or a block.
    Object(Arguments),
    /// The input variable of that name: a credential, which is in no file.
    Variable(String),
    /// An attribute of another resource.
    Reference(Reference),
    /// The text of a JSON object that Terraform makes: keys, and the input variables that hold their values.
    Encoded(Vec<(String, String)>),
}

/// Whether a block makes something or looks it up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Block {
    /// `resource`
    Resource,
    /// `data`
    Data,
}

/// An attribute of a resource in the same configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Whether that is made or looked up.
    pub block: Block,
    /// Type of the resource, such as `infisical_app_connection_aws`.
    pub resource_type: &'static str,
    /// What it is called among those of its type.
    pub label: String,
    /// The attribute, such as `id`.
    pub attribute: &'static str,
}

impl Reference {
    /// An attribute of what the configuration makes.
    pub fn resource(resource_type: &'static str, label: impl Into<String>, attribute: &'static str) -> Self {
        Self { block: Block::Resource, resource_type, label: label.into(), attribute }
    }

    /// An attribute of what the configuration looks up.
    pub fn data(resource_type: &'static str, label: impl Into<String>, attribute: &'static str) -> Self {
        Self { block: Block::Data, resource_type, label: label.into(), attribute }
    }
}

impl Argument {
    /// A word of upstream's or ours.
    pub fn word(word: impl Into<String>) -> Self {
        Self::Text(Text::from(word.into()))
    }

    /// A list of words.
    pub fn words<W: Into<String>>(words: impl IntoIterator<Item = W>) -> Self {
        Self::List(words.into_iter().map(Self::word).collect())
    }

    /// The variables in it, each once.
    pub fn variables<'a>(&'a self, found: &mut BTreeSet<&'a str>) {
        match self {
            Self::Variable(name) => _ = found.insert(name),
            Self::List(items) => items.iter().for_each(|item| item.variables(found)),
            Self::Object(members) => members.iter().for_each(|(_, member)| member.variables(found)),
            Self::Encoded(members) => found.extend(members.iter().map(|(_, name)| name.as_str())),
            Self::Text(_) | Self::Bool(_) | Self::Number(_) | Self::Reference(_) => {}
        }
    }

    /// The references in it, in their order.
    pub fn references<'a>(&'a self, found: &mut Vec<&'a Reference>) {
        match self {
            Self::Reference(reference) => found.push(reference),
            Self::List(items) => items.iter().for_each(|item| item.references(found)),
            Self::Object(members) => members.iter().for_each(|(_, member)| member.references(found)),
            Self::Text(_) | Self::Bool(_) | Self::Number(_) | Self::Variable(_) | Self::Encoded(_) => {}
        }
    }
}

/// Arguments one after the other; what is absent is left out, for the provider never settles on an empty text.
#[derive(Debug, Default)]
pub(super) struct Said(Arguments);

impl Said {
    pub(super) fn argument(mut self, name: &str, value: Argument) -> Self {
        self.0.push((name.to_owned(), value));
        self
    }

    pub(super) fn text(self, name: &str, text: &Text) -> Self {
        self.argument(name, Argument::Text(text.clone()))
    }

    pub(super) fn word(self, name: &str, word: &str) -> Self {
        self.argument(name, Argument::word(word))
    }

    pub(super) fn optional(self, name: &str, text: Option<&Text>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    pub(super) fn optional_word(self, name: &str, word: Option<&String>) -> Self {
        match word {
            Some(word) => self.word(name, word),
            None => self,
        }
    }

    pub(super) fn end(self) -> Arguments {
        self.0
    }
}
