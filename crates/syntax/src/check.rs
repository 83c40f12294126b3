//! The structural checker: every way in which a tree departs from a [`Schema`], each at its place.
//!
//! One walk serves reporting and trying out the branches of a choice, so a branch that was chosen silently reports
//! exactly what made it fail. Nothing is allocated until there is something to report.
//!
//! A view that is not known yet passes every constraint, and what a choice would need to know of it leaves the
//! choice open instead of failing it.

mod branch;
mod choice;
mod equal;
mod hidden;
mod meant;
mod object;
mod out;
mod path;
mod scalar;
mod walk;
mod words;

use std::collections::BTreeSet;

pub use path::key_step;
pub(crate) use words::types as type_words;

use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::place::Span;
use crate::schema::Schema;
use crate::view::View;

use out::Report;
use path::Frame;
use walk::Walk;

/// The checker's own codes. A schema's `x-code` may name these, and those its owner hands to
/// [`Schema::compile_with_codes`].
pub const CODES: &[&str] = &[
    "bad-format",
    "bad-length",
    "deprecated-field",
    "duplicate-item",
    "exactly-one",
    "missing-field",
    "not-allowed",
    "out-of-range",
    "too-few",
    "too-many",
    "unknown-field",
    "unknown-value",
    "wrong-type",
];

/// One departure from the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem<At> {
    /// Stable kebab-case name: one of [`CODES`], or of the codes handed to [`Schema::compile_with_codes`].
    pub code: &'static str,
    /// [`Severity::Error`], or [`Severity::Warning`] for a deprecated field.
    pub severity: Severity,
    /// Where: the key of an unknown field, the mapping that misses one, otherwise the value.
    pub at: At,
    /// Other places that matter, each with words for it.
    pub other: Vec<(At, String)>,
    /// What is wrong: a lower-case fragment. It never holds a value that may be a secret.
    pub message: String,
    /// Words beside the caret, such as "did you mean `property`?"; may be empty.
    pub label: String,
    /// Why it is a problem.
    pub why: Option<String>,
    /// How to mend it.
    pub fix: Option<String>,
    /// The place in the document's own spelling: `externalSecrets[2].data[0].path`; empty at the root.
    pub path: String,
    /// Scalars that nobody may show, for nothing says what they are: those below an unknown field, those that stand
    /// where a list or a mapping is wanted (or the other way round), and those of `x-secret`.
    pub hidden: Vec<At>,
}

impl<At> Problem<At> {
    /// An error at a place, without a path or more words yet.
    pub fn error(code: &'static str, at: At, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            at,
            other: Vec::new(),
            message: message.into(),
            label: String::new(),
            why: None,
            fix: None,
            path: String::new(),
            hidden: Vec::new(),
        }
    }

    /// The same with another severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Says why.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    /// Says how to mend it.
    #[must_use]
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    /// Says what stands beside the caret.
    #[must_use]
    pub fn label(mut self, words: impl Into<String>) -> Self {
        self.label = words.into();
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn and(mut self, at: At, words: impl Into<String>) -> Self {
        self.other.push((at, words.into()));
        self
    }

    /// The same as a [`Diagnostic`]; `place` turns a place of the view into one in text, where there is text.
    pub fn into_diagnostic(self, place: impl Fn(&At) -> Option<Span>) -> Diagnostic {
        let label = |at: &At, path: String, text: String| Label { span: place(at), path, text };
        let secondary = self.other.iter().map(|(at, text)| label(at, String::new(), text.clone())).collect();
        Diagnostic {
            code: self.code,
            severity: self.severity,
            message: self.message,
            primary: label(&self.at, self.path, self.label),
            secondary,
            why: self.why,
            fix: self.fix,
        }
    }
}

/// Checks a tree against a schema and appends everything that is wrong, each thing once: a mapping's fields in the
/// document's order, then what the mapping as a whole lacks.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use keyloom_syntax::{check::check, schema::Schema};
/// let schema = Schema::compile(&serde_json::json!({
///     "type": "object", "properties": {"property": {"type": "string"}}, "additionalProperties": false,
/// }))?;
/// let document = serde_json::json!({"propertey": "x"});
/// let mut problems = Vec::new();
/// check(&document, &schema, &mut problems);
/// assert_eq!(problems[0].message, "unknown field `propertey`");
/// assert_eq!(problems[0].label, "did you mean `property`?");
/// # Ok(()) }
/// ```
pub fn check<V: View>(view: V, schema: &Schema, sink: &mut Vec<Problem<V::At>>) {
    check_under(view, schema, "", sink);
}

/// As [`check`], for a tree that stands inside a document: `path` (such as `stores[0].spec`) begins every
/// [`Problem::path`].
pub fn check_under<V: View>(view: V, schema: &Schema, path: &str, sink: &mut Vec<Problem<V::At>>) {
    let before = sink.len();
    Walk { schema, out: Report { sink, meant: Vec::new() } }.node(schema.root(), view, &Frame::root(path));
    if sink.len() > before + 1 {
        forget_repeated(sink, before);
    }
}

/// Schemas that overlap (`allOf`) find the same problem more than once.
fn forget_repeated<At>(sink: &mut Vec<Problem<At>>, before: usize) {
    let mut seen = BTreeSet::new();
    let first: Vec<bool> =
        sink[before..].iter().map(|p| seen.insert((&p.path, p.code, &p.message))).collect();
    if first.iter().all(|first| *first) {
        return;
    }
    let mut first = std::iter::repeat_n(true, before).chain(first);
    sink.retain(|_| first.next().unwrap_or(true));
}

/// Whether a tree has no error; stops at the first.
pub fn fits<V: View>(view: V, schema: &Schema) -> bool {
    walk::matches(schema, schema.root(), view) != out::Match::No
}

#[cfg(test)]
mod tests;
