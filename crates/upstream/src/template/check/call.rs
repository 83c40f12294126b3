//! Calls of functions.

use super::types::Value;
use super::{Checker, Fault, FaultKind};
use crate::template::functions::{self, Found, Function, Type};
use crate::template::tree::{Command, Operand, OperandKind};

/// Functions that are made for values which may be empty.
const TOLERANT: [&str; 12] =
    ["all", "and", "any", "coalesce", "default", "empty", "eq", "len", "ne", "not", "or", "ternary"];

/// Whether a command is made for values that may be empty.
pub(super) fn tolerates_empty(command: &Command) -> bool {
    matches!(&command.first.kind, OperandKind::Function(name) if TOLERANT.contains(&name.as_str()))
}

/// An argument: its value, and its word where it has one.
#[derive(Clone, Copy)]
pub(super) struct Argument<'t> {
    pub(super) value: Value,
    /// None for what comes through the pipe.
    pub(super) word: Option<&'t Operand>,
}

impl<'t> Checker<'t, '_> {
    /// A function with its arguments; what comes through the pipe is the last.
    pub(super) fn call(&mut self, name: &'t str, command: &'t Command, piped: Option<Value>) -> Value {
        let tolerant = usize::from(tolerates_empty(command));
        self.tolerant += tolerant;
        let guards = self.guards.len();
        let mut arguments: Vec<Argument<'t>> = Vec::with_capacity(command.arguments.len() + 1);
        for word in &command.arguments {
            let reads = self.reads.keys.len();
            arguments.push(Argument { value: self.operand(word), word: Some(word) });
            if name == "and" {
                // What follows is only looked at when this is not empty.
                let asked = self.reads.keys.get(reads..).unwrap_or_default().iter();
                self.guards.extend(asked.filter(|read| read.by_index).map(|read| read.key.clone()));
            }
        }
        self.guards.truncate(guards);
        self.tolerant -= tolerant;
        arguments.extend(piped.map(|value| Argument { value, word: None }));
        let Some(function) = self.function(name, &command.first, arguments.len()) else {
            return Value::of(Type::Any);
        };
        if !self.count(function, &command.first, &arguments) {
            return Value::of(function.returns);
        }
        match name {
            "index" => return self.index(command, &arguments),
            "eq" | "ne" | "lt" | "le" | "gt" | "ge" => self.compare(name, command, &arguments),
            "len" | "call" => self.cannot(name, command, &arguments),
            _ => self.types(function, command, &arguments),
        }
        arguments.iter().for_each(|argument| self.uses_all(argument.value));
        if matches!(name, "and" | "or") {
            return Value::of(one_type(&arguments));
        }
        Value::of(function.returns)
    }

    /// A function that stands as an argument of another one: it is called without arguments.
    pub(super) fn bare_call(&mut self, name: &'t str, operand: &'t Operand) -> Value {
        let Some(function) = self.function(name, operand, 0) else { return Value::of(Type::Any) };
        if !function.parameters.is_empty() {
            let usage = function.usage();
            let range = operand.range.clone();
            let message = format!("`{name}` gets no arguments here");
            let fault = self.push(Fault::error(FaultKind::ArgumentCount, range, message));
            fault.why = Some("words behind a function are its arguments, and each stands alone".into());
            fault.fix = Some(format!("put the inner call into parentheses: `({usage})`"));
        }
        Value::of(function.returns)
    }

    fn function(&mut self, name: &str, at: &Operand, arguments: usize) -> Option<&'static Function> {
        match functions::find(name, self.given.eso, arguments) {
            Found::Function(function) => Some(function),
            Found::Later(function) => {
                self.newer_function(function, at);
                Some(function)
            }
            Found::Forbidden { works, until } => {
                self.forbidden_function(name, works.is_some(), until, at);
                works
            }
            Found::Unknown => {
                self.unknown_function(name, at);
                None
            }
        }
    }

    /// Whether it gets as many arguments as it takes.
    fn count(&mut self, function: &'static Function, first: &Operand, arguments: &[Argument<'_>]) -> bool {
        let least = function.parameters.len();
        let given = arguments.len();
        if given >= least && (function.rest.is_some() || given == least) {
            return true;
        }
        let piped = arguments.last().is_some_and(|argument| argument.word.is_none());
        self.wrong_count(function, first, given, piped);
        false
    }

    fn types(&mut self, function: &'static Function, command: &'t Command, arguments: &[Argument<'t>]) {
        for (i, argument) in arguments.iter().enumerate() {
            let Some(parameter) = function.parameter(i) else { continue };
            if !argument.value.fits(parameter.of) {
                self.wrong_argument(function, command, argument, parameter);
            }
        }
        // sprig looks for the map behind all keys.
        if function.name == "dig" {
            let last = arguments.last().filter(|last| !last.value.fits(Type::Map));
            if let Some(last) = last {
                let parameter = functions::Parameter { name: "map", of: Type::Map };
                self.wrong_argument(function, command, last, parameter);
            }
        }
    }

    /// What Go's own functions, which take anything, refuse nevertheless.
    fn cannot(&mut self, name: &str, command: &'t Command, arguments: &[Argument<'t>]) {
        let Some(first) = arguments.first() else { return };
        let range = first.word.map_or(&command.first, |word| word).range.clone();
        let words = first.value.of.words();
        match (name, first.value.of) {
            ("len", Type::Int | Type::Int64 | Type::Uint32 | Type::Float | Type::Bool | Type::Nothing) => {
                self.wrong_type(&range, format!("{words} has no length"));
            }
            ("len", _) | (_, Type::Any) => {}
            _ => {
                self.wrong_type(
                    &range,
                    format!("`call` calls a function that a value holds, and {words} holds none"),
                );
            }
        }
    }

    /// `index VALUE KEY...`: the one way to read a key whose name is no word.
    fn index(&mut self, command: &'t Command, arguments: &[Argument<'t>]) -> Value {
        let Some((base, keys)) = arguments.split_first() else { return Value::of(Type::Any) };
        let mut of = base.value.of;
        for key in keys {
            of = match of {
                Type::Data => self.index_data(key),
                Type::TextMap => Type::Text,
                Type::Text if !matches!(key.value.of, Type::Int | Type::Int64 | Type::Uint32 | Type::Any) => {
                    self.index_of_text(command, key);
                    return Value::of(Type::Any);
                }
                Type::Int | Type::Int64 | Type::Uint32 | Type::Float | Type::Bool => {
                    let words = of.words();
                    let range = base.word.map_or(&command.first, |word| word).range.clone();
                    self.wrong_type(&range, format!("`index` cannot look into {words}"));
                    return Value::of(Type::Any);
                }
                Type::Texts | Type::Ints => of.element(),
                Type::Text
                | Type::Word
                | Type::Any
                | Type::Nothing
                | Type::Map
                | Type::Sequence
                | Type::List
                | Type::Time
                | Type::Certificate
                | Type::Version => Type::Any,
            };
        }
        Value::of(of)
    }

    fn index_data(&mut self, key: &Argument<'t>) -> Type {
        match key.word.map(|word| (&word.kind, word)) {
            Some((OperandKind::Text(name), word)) => self.read(name, &word.range, true),
            Some((_, word)) if !matches!(key.value.of, Type::Text | Type::Any) => {
                let words = key.value.of.words();
                let fault = self
                    .wrong_type(&word.range, format!("fetched keys are looked up by text, not by {words}"));
                fault.fix = Some("write the key in quotes".into());
            }
            _ => self.reads.all = true,
        }
        Type::Text
    }

    fn index_of_text(&mut self, command: &'t Command, key: &Argument<'t>) {
        let range = key.word.map_or(&command.first, |word| word).range.clone();
        if key.value.of == Type::Data {
            let fault = self.wrong_type(&range, "`index` wants the map first, and the key behind it");
            fault.fix = Some("write `index . \"key\"`".into());
            return;
        }
        let fault = self.wrong_type(&range, "`index` cannot look into text by name");
        fault.why = Some("a fetched value is text, even where the text is JSON".into());
        fault.fix = Some("parse it first: `index (.key | fromJson) \"field\"`".into());
    }
}

/// The type that all arguments have.
fn one_type(arguments: &[Argument<'_>]) -> Type {
    let mut types = arguments.iter().map(|argument| argument.value.of);
    let first = types.next().unwrap_or(Type::Any);
    if types.all(|of| of == first) { first } else { Type::Any }
}
