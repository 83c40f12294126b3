//! [`Plan`]: what a component amounts to, before anything is registered.

use std::collections::BTreeMap;

use keyloom_syntax::Text;

use crate::children::Child;
use crate::children::sink::Inputs;

/// A component with its children and outputs. The same inputs make the same plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Type token of the component.
    pub token: String,
    /// Name of the component in the stack.
    pub name: String,
    /// Inputs of the component, as its row in the state shows them.
    pub inputs: Inputs,
    /// The children. Each needs only earlier ones.
    pub children: Vec<Child>,
    /// The outputs, by name.
    pub outputs: BTreeMap<String, Output>,
    /// What the user is told though nothing fails.
    pub warnings: Vec<String>,
}

/// A value that a component hands on. Its texts derive from the child that makes them true, too.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// Nothing: said, so that a preview does not take it for unknown.
    Nothing,
    /// A text.
    Text(Text),
    /// Values by name.
    Map(BTreeMap<String, Output>),
    /// The id that its provider gives to a child, by its place in the plan.
    Id(usize),
}

impl From<Text> for Output {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

impl From<Option<Text>> for Output {
    fn from(text: Option<Text>) -> Self {
        text.map_or(Self::Nothing, Self::Text)
    }
}
