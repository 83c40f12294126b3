//! What a template does when the operator executes it: which keys it reads, and which calls cannot work.

use std::ops::Range;

use super::fault::{Fault, FaultKind};
use super::functions::Type;
use super::reads::Reads;
use super::tree::{Branch, Define, Name, Node, Pipeline, Tree};
use super::{Given, Known};

mod call;
mod compare;
mod fields;
mod messages;
mod types;

use types::Value;

/// Walks a tree as the operator would execute it, both branches of every condition.
pub(super) fn check(text: &str, tree: &Tree, given: &Given<'_>, faults: &mut Vec<Fault>) -> Reads {
    let mut checker = Checker {
        text,
        given,
        defined: &tree.defined,
        faults,
        reads: Reads::default(),
        variables: vec![Variable { name: String::new(), of: Type::Data }],
        dot: Type::Data,
        guards: Vec::new(),
        tolerant: 0,
        called: Vec::new(),
    };
    checker.nodes(&tree.nodes);
    checker.uncalled();
    checker.reads
}

struct Variable {
    name: String,
    of: Type,
}

struct Checker<'t, 'f> {
    text: &'t str,
    given: &'t Given<'t>,
    defined: &'t [Define],
    faults: &'f mut Vec<Fault>,
    reads: Reads,
    variables: Vec<Variable>,
    /// What `.` is here.
    dot: Type,
    /// Keys that are known not to be empty here, because a condition asked.
    guards: Vec<String>,
    /// Whether an empty value is meant to happen here: in a condition, before `default`.
    tolerant: usize,
    /// Named templates that were walked, with the dot they got.
    called: Vec<(&'t str, Type)>,
}

impl<'t> Checker<'t, '_> {
    fn known(&self) -> Known<'t> {
        self.given.keys
    }

    fn spelled(&self, range: &Range<usize>) -> &'t str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    fn wrong_type(&mut self, range: &Range<usize>, message: impl Into<String>) -> &mut Fault {
        self.push(Fault::error(FaultKind::WrongType, range.clone(), message))
    }

    fn push(&mut self, fault: Fault) -> &mut Fault {
        let at = self.faults.len();
        self.faults.push(fault);
        &mut self.faults[at]
    }

    fn nodes(&mut self, nodes: &'t [Node]) {
        for node in nodes {
            match node {
                Node::Text(_) | Node::Jump => {}
                Node::Action(pipeline, _) => {
                    let value = self.pipeline(pipeline);
                    if pipeline.variables.is_empty() {
                        self.uses_all(value);
                    }
                }
                Node::If(branch) => self.branch(branch, None),
                Node::With(branch) => self.branch(branch, Some(false)),
                Node::Range(branch) => self.branch(branch, Some(true)),
                Node::Template { name, name_range, argument, .. } => {
                    self.template(name, name_range, argument.as_ref());
                }
            }
        }
    }

    /// A block of its own: variables declared in it end with it.
    fn nested(&mut self, nodes: &'t [Node]) {
        let variables = self.variables.len();
        self.nodes(nodes);
        self.variables.truncate(variables);
    }

    /// `if`; with `Some(false)` a `with`, with `Some(true)` a `range`.
    fn branch(&mut self, branch: &'t Branch, ranges: Option<bool>) {
        let variables = self.variables.len();
        let guards = self.guards.len();
        let reads = self.reads.keys.len();
        let dot = self.dot;
        self.tolerant += 1;
        let value = self.value(&branch.pipeline);
        self.tolerant -= 1;
        let asked = self.reads.keys.get(reads..).unwrap_or_default().iter();
        self.guards.extend(asked.filter(|read| read.by_index).map(|read| read.key.clone()));
        let inner = match ranges {
            None => dot,
            Some(false) => value.of,
            Some(true) => self.elements(value, &branch.pipeline),
        };
        if ranges == Some(true) {
            self.range_variables(&branch.pipeline, value.of, inner);
        } else {
            self.set(&branch.pipeline, value.of);
        }
        self.dot = inner;
        self.nested(&branch.body);
        self.dot = dot;
        self.guards.truncate(guards);
        self.nested(&branch.otherwise);
        self.variables.truncate(variables);
    }

    /// What `range` puts into the dot.
    fn elements(&mut self, value: Value, pipeline: &'t Pipeline) -> Type {
        self.uses_all(value);
        match value.of {
            Type::Data | Type::TextMap | Type::Texts => Type::Text,
            Type::Ints | Type::Int | Type::Int64 | Type::Uint32 => value.of.element(),
            Type::Any | Type::Nothing | Type::Map | Type::Sequence | Type::List => Type::Any,
            Type::Text
            | Type::Word
            | Type::Float
            | Type::Bool
            | Type::Time
            | Type::Certificate
            | Type::Version => {
                let words = value.of.words();
                let fault = self.wrong_type(&pipeline.range, format!("`range` cannot go through {words}"));
                fault.why = Some("fetched values are texts, whatever is written in them".into());
                fault.fix = Some("make a list of it: `fromJson`, or `splitList \",\" ...`".into());
                Type::Any
            }
        }
    }

    fn range_variables(&mut self, pipeline: &'t Pipeline, of: Type, element: Type) {
        let key = match of {
            Type::Data | Type::TextMap | Type::Map => Type::Text,
            Type::List | Type::Texts | Type::Ints | Type::Sequence => Type::Int,
            _ => Type::Any,
        };
        match pipeline.variables.as_slice() {
            [] => {}
            [value] => self.put(value, element, pipeline.assigns),
            [first, value, ..] => {
                if matches!(of, Type::Int | Type::Int64 | Type::Uint32) {
                    let fault = self.wrong_type(&first.range, "`range` through a number has one variable");
                    fault.fix = Some(format!("write `range ${} := ...`", value.text));
                }
                self.put(first, key, pipeline.assigns);
                self.put(value, element, pipeline.assigns);
            }
        }
    }

    fn set(&mut self, pipeline: &'t Pipeline, of: Type) {
        for variable in &pipeline.variables {
            self.put(variable, of, pipeline.assigns);
        }
    }

    fn put(&mut self, name: &Name, of: Type, assigns: bool) {
        if !assigns {
            self.variables.push(Variable { name: name.text.clone(), of });
            return;
        }
        match self.variables.iter_mut().rfind(|variable| variable.name == name.text) {
            Some(variable) if variable.of == of => {}
            // Whether this assignment happens depends on branches and loops.
            Some(variable) => variable.of = Type::Any,
            None => self.undeclared(&name.text, &name.range),
        }
    }

    fn undeclared(&mut self, name: &str, range: &Range<usize>) {
        let known = self.variables.iter().map(|variable| variable.name.as_str());
        let near =
            keyloom_syntax::suggest::suggest(name, known).map(|near| format!("did you mean `${near}`?"));
        let fault =
            self.push(Fault::syntax(range.clone(), format!("the variable `${name}` is not declared here")));
        fault.label = near;
        fault.fix =
            Some(format!("declare it before, in the same block or around it: `{{{{ ${name} := ... }}}}`"));
    }

    fn template(&mut self, name: &'t str, range: &Range<usize>, argument: Option<&'t Pipeline>) {
        let dot = argument.map_or(Type::Nothing, |argument| self.pipeline(argument).of);
        let defined = self.defined;
        let Some(define) = defined.iter().find(|define| define.name == name) else {
            let names = defined.iter().map(|define| define.name.as_str());
            let near =
                keyloom_syntax::suggest::suggest(name, names).map(|near| format!("did you mean `{near}`?"));
            let fault = self.push(Fault::syntax(range.clone(), "no template of that name is defined here"));
            fault.label = near;
            fault.why = Some("templates of other keys, or of Helm, are not known to this one".into());
            fault.fix = Some("define it in the same text: `{{ define \"...\" }} ... {{ end }}`".into());
            return;
        };
        self.walk(define, dot);
    }

    fn walk(&mut self, define: &'t Define, dot: Type) {
        if self.called.contains(&(define.name.as_str(), dot)) {
            return;
        }
        self.called.push((define.name.as_str(), dot));
        let outer = std::mem::replace(&mut self.variables, vec![Variable { name: String::new(), of: dot }]);
        let outer_dot = std::mem::replace(&mut self.dot, dot);
        self.nodes(&define.nodes);
        self.dot = outer_dot;
        self.variables = outer;
    }

    /// Named templates that nobody calls are parsed by the operator too.
    fn uncalled(&mut self) {
        for define in self.defined {
            if !self.called.iter().any(|(name, _)| *name == define.name) {
                self.walk(define, Type::Any);
            }
        }
    }

    /// A pipeline whose value goes into its variables, if it has any.
    fn pipeline(&mut self, pipeline: &'t Pipeline) -> Value {
        let value = self.value(pipeline);
        self.set(pipeline, value.of);
        value
    }

    fn value(&mut self, pipeline: &'t Pipeline) -> Value {
        let mut value = None;
        let tolerated = pipeline.commands.iter().rposition(call::tolerates_empty).unwrap_or(0);
        for (stage, command) in pipeline.commands.iter().enumerate() {
            let tolerant = usize::from(stage < tolerated);
            self.tolerant += tolerant;
            value = Some(self.command(command, value));
            self.tolerant -= tolerant;
        }
        match value {
            // A literal is no longer one behind a pipe or in parentheses: it has Go's own type.
            Some(value) => Value { literal: false, ..value },
            None => Value::of(Type::Any),
        }
    }

    /// The value is written, or handed to something that reads all of it.
    fn uses_all(&mut self, value: Value) {
        self.reads.all |= value.of == Type::Data;
    }
}
