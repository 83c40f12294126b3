//! What a template is made of.

use std::ops::Range;

/// A parsed template.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Tree {
    pub(super) nodes: Vec<Node>,
    /// What `define` and `block` name.
    pub(super) defined: Vec<Define>,
}

/// A named template.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Define {
    pub(super) name: String,
    pub(super) nodes: Vec<Node>,
}

/// A piece of a template, in the order of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// Text as it stands.
    Text(Range<usize>),
    /// A value that is written.
    Action(Pipeline, Range<usize>),
    If(Branch),
    With(Branch),
    Range(Branch),
    /// A named template put here.
    Template {
        name: String,
        name_range: Range<usize>,
        argument: Option<Pipeline>,
        action: Range<usize>,
    },
    /// `break` and `continue`.
    Jump,
}

/// `if`, `with` and `range`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Branch {
    pub(super) pipeline: Pipeline,
    pub(super) body: Vec<Node>,
    /// What follows `else`.
    pub(super) otherwise: Vec<Node>,
}

/// Commands, each of which gets the value of the one before it as its last argument.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Pipeline {
    pub(super) range: Range<usize>,
    /// Variables that get the value.
    pub(super) variables: Vec<Name>,
    /// Whether they are there already (`=`).
    pub(super) assigns: bool,
    /// Empty where the pipeline could not be read, which was reported.
    pub(super) commands: Vec<Command>,
}

/// A function with its arguments, or one value. There is always a first word.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Command {
    pub(super) first: Operand,
    pub(super) arguments: Vec<Operand>,
}

/// A word of a command.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Operand {
    pub(super) kind: OperandKind,
    pub(super) range: Range<usize>,
}

/// What a word is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum OperandKind {
    Dot,
    Nil,
    Bool,
    /// A number: whether it is a whole one, and whether it is written as one with a fraction, such as `1.0`.
    Number {
        whole: bool,
        fraction: bool,
    },
    Text(String),
    /// Fields of the dot: `.a.b`.
    Fields(Vec<Name>),
    /// A variable, and fields of it: `$x.a`; `$` has an empty name.
    Variable(String, Vec<Name>),
    /// A function, by name.
    Function(String),
    /// `( ... )`
    Pipeline(Box<Pipeline>),
    /// Fields of a value: `(...).a`.
    Chain(Box<Operand>, Vec<Name>),
}

/// A name and where it stands, without its dot or dollar.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Name {
    pub(super) text: String,
    pub(super) range: Range<usize>,
}
