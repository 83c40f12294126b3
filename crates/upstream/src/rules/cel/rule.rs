//! One rule: compiled, and what it asks of the value it is about.

use std::sync::LazyLock;

use keyloom_syntax::view::View;
use kube_cel::KubeCelExt;
use kube_cel::cel::common::ast::{EntryExpr, Expr, IdedExpr, SelectExpr};
use kube_cel::cel::{Context, ParseErrors, Program, Value, to_value};

use super::value::{Plain, is_known, is_known_itself};

/// The standard functions and those of Kubernetes; every rule looks them up here.
static FUNCTIONS: LazyLock<Context<'static>> = LazyLock::new(|| Context::default().with_all());

/// The value that a rule is about.
const SELF: &str = "self";

/// A rule, compiled once.
#[derive(Debug)]
pub(super) struct Rule {
    program: Program,
    /// Fields of `self` that it asks for with `has`, each once.
    asked: Vec<String>,
    read: Vec<Read>,
}

/// A part of the value that must be known.
#[derive(Debug)]
struct Read {
    /// The steps from `self`.
    path: Vec<String>,
    /// Whether all that is below it must be known too.
    whole: bool,
}

impl Rule {
    /// Compiles a rule.
    pub(super) fn compile(text: &str) -> Result<Self, ParseErrors> {
        let program = Program::compile(text)?;
        let mut rule = Self { asked: Vec::new(), read: Vec::new(), program };
        let expression = rule.program.expression().clone();
        rule.visit(&expression);
        Ok(rule)
    }

    /// Fields of `self` that it asks for with `has`.
    pub(super) fn asked(&self) -> &[String] {
        &self.asked
    }

    /// Whether it holds; nothing where it reads what is not known yet, or cannot be evaluated because the structure is
    /// wrong, which is reported by other means.
    pub(super) fn holds<V: View>(&self, view: V) -> Option<bool> {
        if !self.read.iter().all(|read| knows(view, &read.path, read.whole)) {
            return None;
        }
        let mut context = FUNCTIONS.new_inner_scope();
        context.add_variable_from_value(SELF, to_value(Plain(view)).ok()?);
        match self.program.execute(&context) {
            Ok(Value::Bool(answer)) => Some(answer),
            Ok(_) | Err(_) => None,
        }
    }

    fn visit(&mut self, expression: &IdedExpr) {
        match &expression.expr {
            Expr::Unspecified | Expr::Literal(_) => {}
            Expr::Ident(name) if name == SELF => self.read.push(Read { path: Vec::new(), whole: true }),
            Expr::Ident(_) => {}
            Expr::Select(select) => self.select(select),
            Expr::Call(call) => {
                let target = call.target.iter().map(|target| &**target);
                target.chain(&call.args).for_each(|part| self.visit(part));
            }
            Expr::List(list) => list.elements.iter().for_each(|part| self.visit(part)),
            Expr::Map(map) => map.entries.iter().for_each(|entry| self.entry(&entry.expr)),
            Expr::Struct(made) => made.entries.iter().for_each(|entry| self.entry(&entry.expr)),
            Expr::Comprehension(each) => {
                let parts =
                    [&each.iter_range, &each.accu_init, &each.loop_cond, &each.loop_step, &each.result];
                parts.into_iter().for_each(|part| self.visit(part));
            }
        }
    }

    fn entry(&mut self, entry: &EntryExpr) {
        match entry {
            EntryExpr::StructField(field) => self.visit(&field.value),
            EntryExpr::MapEntry(entry) => {
                self.visit(&entry.key);
                self.visit(&entry.value);
            }
        }
    }

    /// `has(self.a)` asks whether a field is there; `self.a` reads it, and so all that is below.
    fn select(&mut self, select: &SelectExpr) {
        match path(&select.operand) {
            None => self.visit(&select.operand),
            Some(path) if select.test => {
                if path.is_empty() && !self.asked.contains(&select.field) {
                    self.asked.push(select.field.clone());
                }
                self.read.push(Read { path, whole: false });
            }
            Some(mut path) => {
                path.push(select.field.clone());
                self.read.push(Read { path, whole: true });
            }
        }
    }
}

/// The steps from `self` to what an expression selects, if that is all it does.
fn path(expression: &IdedExpr) -> Option<Vec<String>> {
    match &expression.expr {
        Expr::Ident(name) if name == SELF => Some(Vec::new()),
        Expr::Select(select) if !select.test => {
            let mut path = path(&select.operand)?;
            path.push(select.field.clone());
            Some(path)
        }
        _ => None,
    }
}

/// Whether what is at the end of a path is known; what is not there is.
fn knows<V: View>(view: V, path: &[String], whole: bool) -> bool {
    match path.split_first() {
        None if whole => is_known(view),
        None => is_known_itself(view),
        Some((step, rest)) => {
            is_known_itself(view) && view.get(step).is_none_or(|(_, field)| knows(field, rest, whole))
        }
    }
}
