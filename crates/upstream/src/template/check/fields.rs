//! Words of a command: the dot, its fields, variables, literals.

use std::ops::Range;

use super::types::Value;
use super::{Checker, Fault, FaultKind};
use crate::template::functions::Type;
use crate::template::reads::Read;
use crate::template::tree::{Command, Name, Operand, OperandKind};

impl<'t> Checker<'t, '_> {
    /// The value of a command; `piped` is what comes through the pipe.
    pub(super) fn command(&mut self, command: &'t Command, piped: Option<Value>) -> Value {
        if let OperandKind::Function(name) = &command.first.kind {
            return self.call(name, command, piped);
        }
        let has_arguments = piped.is_some() || !command.arguments.is_empty();
        if matches!(command.first.kind, OperandKind::Nil) {
            let fault =
                Fault::error(FaultKind::WrongType, command.first.range.clone(), "`nil` alone is no command");
            self.push(fault.fix("write `\"\"` for empty text"));
        }
        let method = has_arguments && self.may_be_method(&command.first);
        let value = self.operand(&command.first);
        if has_arguments && !method {
            let spelled = self.spelled(&command.first.range);
            let what = match &command.first.kind {
                OperandKind::Text(_) => "text".to_owned(),
                _ => format!("`{spelled}`"),
            };
            let at = command.arguments.first().map_or(&command.first, |argument| argument).range.clone();
            let fault = self.push(Fault::error(
                FaultKind::ArgumentCount,
                at,
                format!("{what} is a value, not a function: it takes no arguments"),
            ));
            fault.fix = Some(match command.arguments.is_empty() {
                true => "write a function behind the `|`, or give the value an action of its own".into(),
                false => {
                    "give every value an action of its own, or write `print` or `printf` before them".into()
                }
            });
        }
        for argument in &command.arguments {
            let value = self.operand(argument);
            self.uses_all(value);
        }
        if method { Value::of(Type::Any) } else { value }
    }

    /// Whether Go may find a method there: only on values of which nothing is known, times and versions.
    fn may_be_method(&self, operand: &Operand) -> bool {
        let base = match &operand.kind {
            OperandKind::Fields(names) if names.len() == 1 => self.dot,
            OperandKind::Variable(name, names) if names.len() == 1 => {
                self.variable(name).unwrap_or(Type::Any)
            }
            OperandKind::Fields(_) | OperandKind::Chain(..) => Type::Any,
            OperandKind::Variable(_, names) if !names.is_empty() => Type::Any,
            _ => return false,
        };
        matches!(base, Type::Any | Type::Time | Type::Version)
    }

    pub(super) fn variable(&self, name: &str) -> Option<Type> {
        self.variables.iter().rfind(|variable| variable.name == name).map(|variable| variable.of)
    }

    /// The value of a word that stands alone.
    pub(super) fn operand(&mut self, operand: &'t Operand) -> Value {
        match &operand.kind {
            OperandKind::Dot => Value::of(self.dot),
            OperandKind::Nil => Value::literal(Type::Nothing),
            OperandKind::Bool => Value::literal(Type::Bool),
            OperandKind::Number { whole, fraction } => Value::number(*whole, *fraction),
            OperandKind::Text(_) => Value::literal(Type::Text),
            OperandKind::Fields(names) => Value::of(self.fields(self.dot, ".", names, &operand.range)),
            OperandKind::Variable(name, names) => {
                let Some(of) = self.variable(name) else {
                    let dollar = operand.range.start;
                    self.undeclared(name, &(dollar..dollar + 1 + name.len()));
                    return Value::of(Type::Any);
                };
                Value::of(self.fields(of, &format!("${name}"), names, &operand.range))
            }
            OperandKind::Function(name) => self.bare_call(name, operand),
            OperandKind::Pipeline(pipeline) => self.pipeline(pipeline),
            OperandKind::Chain(base, names) => {
                let of = self.operand(base).of;
                Value::of(self.fields(of, "( )", names, &operand.range))
            }
        }
    }

    /// Follows fields from a value of type `of`, which messages call `base`.
    fn fields(&mut self, of: Type, base: &str, names: &'t [Name], range: &Range<usize>) -> Type {
        let mut of = of;
        for (i, name) in names.iter().enumerate() {
            of = match of {
                Type::Data => {
                    if i + 1 < names.len() {
                        return self.field_of_text(base, names.get(i..).unwrap_or_default(), range);
                    }
                    self.read(&name.text, &name.range, false);
                    Type::Text
                }
                Type::TextMap => Type::Text,
                Type::Any | Type::Map | Type::Time | Type::Version => Type::Any,
                Type::Certificate if matches!(name.text.as_str(), "Cert" | "Key") => Type::Text,
                Type::Nothing => {
                    self.field_of_nothing(name);
                    return Type::Any;
                }
                Type::Certificate
                | Type::Text
                | Type::Word
                | Type::Int
                | Type::Int64
                | Type::Uint32
                | Type::Float
                | Type::Bool
                | Type::Sequence
                | Type::List
                | Type::Texts
                | Type::Ints => {
                    self.no_field(of, base, i, name);
                    return Type::Any;
                }
            };
        }
        of
    }

    fn no_field(&mut self, of: Type, base: &str, at: usize, name: &Name) {
        let words = of.words();
        let field = &name.text;
        let dot_moved = at == 0 && base == "." && of != Type::Data;
        let message = match dot_moved {
            true => format!("`.` is {words} here, and has no `{field}`"),
            false => format!("{words} has no field `{field}`"),
        };
        let fault = self.wrong_type(&name.range, message);
        if dot_moved {
            fault.why = Some("`with` and `range` put their own value into `.`".into());
            fault.fix = Some(format!("write `$.{field}` for a fetched key"));
        }
    }

    fn field_of_nothing(&mut self, name: &Name) {
        let fault = self.wrong_type(&name.range, "`.` is nothing here");
        fault.why = Some("a named template sees only what it is given".into());
        fault.fix = Some("write a `.` behind the name: `template \"name\" .`".into());
    }

    /// `.a.b` of the fetched keys: `.a` is text.
    fn field_of_text(&mut self, base: &str, names: &[Name], range: &Range<usize>) -> Type {
        let root = if base.starts_with('$') { base } else { "." };
        let prefix = if root == "." { "" } else { root };
        let first = names.first().map_or("", |name| name.text.as_str());
        let parts: Vec<&str> = names.iter().map(|name| name.text.as_str()).collect();
        let whole = parts.join(".");
        let rest = parts.get(1..).unwrap_or_default().join(".");
        let known = self.known();
        let fault = Fault::error(
            FaultKind::WrongType,
            range.clone(),
            format!("`{prefix}.{first}` is text, and has no field `{}`", parts.get(1).unwrap_or(&"")),
        );
        let by_index = format!("write `index {root} \"{whole}\"`");
        let parsed = format!("write `({prefix}.{first} | fromJson).{rest}`");
        let fix = match (known.has(&whole), known.has(first)) {
            (true, _) => by_index,
            (_, true) => format!("{parsed} if the value is JSON"),
            _ => format!("{by_index} for the key `{whole}`, or, if the value of `{first}` is JSON, {parsed}"),
        };
        self.push(fault.fix(fix));
        Type::Any
    }

    /// A key is read.
    pub(super) fn read(&mut self, key: &str, range: &Range<usize>, by_index: bool) {
        let guarded = if by_index { self.tolerant > 0 } else { false };
        let guarded = guarded || self.guards.iter().any(|guard| guard == key);
        self.reads.keys.push(Read { key: key.to_owned(), range: range.clone(), by_index, guarded });
    }
}
