//! What is wrong, where, why, and how to mend it: data for any way of printing it.

use crate::place::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The declaration is refused.
    Error,
    /// It works, and will hurt later.
    Warning,
    /// Something that cannot be judged, or is only good to know.
    Note,
}

impl Severity {
    /// The lower-case word printed before the code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A place a diagnostic points at, with a few words about it.
///
/// `span` is absent where nobody wrote text (a document built in Rust); `path` is then all there is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// The place in the text.
    pub span: Option<Span>,
    /// The place in the document's own spelling, such as `externalSecrets[2].data[0].path`; empty at the root.
    pub path: String,
    /// What to say beside the caret; may be empty.
    pub text: String,
}

impl Label {
    /// A place in text, with words beside its caret.
    pub fn at(span: Span, text: impl Into<String>) -> Self {
        Self { span: Some(span), path: String::new(), text: text.into() }
    }
}

/// One problem. It never holds a secret value: whoever builds it names fields and places instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable kebab-case name of the rule, such as `unknown-field`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One line: what is wrong. A lower-case fragment without a full stop.
    pub message: String,
    /// Where.
    pub primary: Label,
    /// Other places that matter, such as the first of two equal names.
    pub secondary: Vec<Label>,
    /// Why it is a problem, when that is not plain from the message.
    pub why: Option<String>,
    /// How to mend it.
    pub fix: Option<String>,
}

impl Diagnostic {
    /// An error without a place yet.
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A warning without a place yet.
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// A note without a place yet.
    pub fn note(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message)
    }

    fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            primary: Label::default(),
            secondary: Vec::new(),
            why: None,
            fix: None,
        }
    }

    /// Sets the place.
    #[must_use]
    pub fn at(mut self, primary: Label) -> Self {
        self.primary = primary;
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn and_at(mut self, secondary: Label) -> Self {
        self.secondary.push(secondary);
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
}
