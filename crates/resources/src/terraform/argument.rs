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
    /// A list, or a set in the declaration's order.
    List(Vec<Argument>),
    /// A nested attribute.
    Object(Arguments),
    /// The input variable of that name: a credential, which is in no file.
    Variable(String),
    /// An attribute of another resource.
    Reference(Reference),
}

/// An attribute of a resource in the same configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Type of the resource, such as `infisical_app_connection_aws`.
    pub resource_type: &'static str,
    /// What it is called among those of its type.
    pub label: String,
    /// The attribute, such as `id`.
    pub attribute: &'static str,
}

impl Argument {
    /// A word of upstream's or ours.
    pub fn word(word: impl Into<String>) -> Self {
        Self::Text(Text::from(word.into()))
    }

    /// The variables in it, each once.
    pub fn variables<'a>(&'a self, found: &mut BTreeSet<&'a str>) {
        match self {
            Self::Variable(name) => _ = found.insert(name),
            Self::List(items) => items.iter().for_each(|item| item.variables(found)),
            Self::Object(members) => members.iter().for_each(|(_, member)| member.variables(found)),
            Self::Text(_) | Self::Bool(_) | Self::Number(_) | Self::Reference(_) => {}
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

    pub(super) fn optional(self, name: &str, text: Option<&Text>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    pub(super) fn end(self) -> Arguments {
        self.0
    }
}
