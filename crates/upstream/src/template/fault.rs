//! What is wrong in a template.

use std::ops::Range;

use keyloom_syntax::Severity;

/// Which rule a fault breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// The operator cannot parse the template.
    Syntax,
    /// A function that the operator does not have.
    UnknownFunction,
    /// A function that the operator takes out, because it reads the controller's own surroundings.
    ForbiddenFunction,
    /// A function that came with a later version of the operator.
    NewerFunction,
    /// A function with too few or too many arguments, or arguments to what is no function.
    ArgumentCount,
    /// A value of a type that cannot stand there.
    WrongType,
    /// A key that is not fetched: `missingkey=error` makes the whole template fail.
    UnknownKey,
    /// A key that is not fetched, read in a way that silently gives empty text.
    EmptyKey,
    /// A value that YAML reads as something else, because it stands without quotes.
    Unquoted,
    /// A value in a connection string that is not escaped for one.
    UnescapedUrl,
}

/// One thing that is wrong in a template. Texts in quotes are never repeated: only names are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Which rule.
    pub kind: FaultKind,
    /// How bad it is.
    pub severity: Severity,
    /// Where: bytes of the template's text.
    pub range: Range<usize>,
    /// What is wrong: a lower-case fragment.
    pub message: String,
    /// Words for beside the caret, such as `did you mean ...?`.
    pub label: Option<String>,
    /// Why it is a problem, where the message does not tell.
    pub why: Option<String>,
    /// How to mend it.
    pub fix: Option<String>,
}

impl Fault {
    pub(crate) fn error(kind: FaultKind, range: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, kind, range, message)
    }

    pub(crate) fn warning(kind: FaultKind, range: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, kind, range, message)
    }

    pub(crate) fn note(kind: FaultKind, range: Range<usize>, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, kind, range, message)
    }

    fn new(severity: Severity, kind: FaultKind, range: Range<usize>, message: impl Into<String>) -> Self {
        Self { kind, severity, range, message: message.into(), label: None, why: None, fix: None }
    }

    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    pub(crate) fn why(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    pub(crate) fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }
}
