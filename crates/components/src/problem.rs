//! [`InputErrors`]: everything that is wrong with the inputs of a component, at once.

use std::fmt;

use keyloom_syntax::{Diagnostic, Severity};

use keyloom_wire::property::PropertyMap;

use crate::failure::ResourceName;

mod path;

/// Everything that is wrong with the inputs of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputErrors {
    /// The component.
    pub component: ResourceName,
    /// What is wrong, in the order of the inputs.
    pub problems: Vec<InputProblem>,
}

/// One thing that is wrong with an input. Neither part holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InputProblem {
    /// Where, as Pulumi spells it: `data[0].path`, `labels["a/b"]`; empty for the inputs as a whole.
    pub path: String,
    /// What is wrong, why, and how to mend it.
    pub reason: String,
    /// Whether what stands there must not be shown, though nothing marks it as secret.
    pub quiet: bool,
}

impl InputProblem {
    /// A problem at that path.
    pub fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into(), quiet: false }
    }

    /// A finding at that path, in one line.
    pub fn of(finding: &Diagnostic, path: String) -> Self {
        let quiet = matches!(
            finding.code,
            "literal-secret" | "service-token" | "inline-credential" | "inline-credential-plain"
        );
        Self { quiet, ..Self::new(path, words(finding)) }
    }

    /// The same, of a value that must not be shown.
    #[must_use]
    pub fn quiet(self) -> Self {
        Self { quiet: true, ..self }
    }

    /// The path for the engine, which prints the value that it finds there. So it finds nothing but single values that are
    /// neither secret nor to be kept quiet; of everything else the path says what it is, and leads nowhere.
    pub fn engine_path(&self, inputs: &PropertyMap) -> String {
        path::shown(&self.path, self.quiet, inputs)
    }
}

/// A finding in one line, with the name by which it is explained.
pub(crate) fn words(finding: &Diagnostic) -> String {
    let mut words = finding.message.clone();
    // Some words only point at the place.
    if !finding.primary.text.is_empty() && !finding.primary.text.ends_with("here") {
        words.extend([": ", &finding.primary.text]);
    }
    words.extend(finding.why.iter().flat_map(|why| ["; ", why]));
    let leads = |fix: &str| if fix.starts_with("did you mean") { "; " } else { "; to mend it, " };
    words.extend(finding.fix.iter().flat_map(|fix| [leads(fix), fix]));
    words.extend([" [", finding.code, "]"]);
    words
}

/// Those of some findings that are errors, and the words of the others.
pub(crate) fn sort(
    findings: Vec<Diagnostic>,
    path: impl Fn(&Diagnostic) -> String,
) -> (Vec<InputProblem>, Vec<String>) {
    let (mut problems, mut warnings) = (Vec::new(), Vec::new());
    for finding in findings {
        match finding.severity {
            Severity::Error => problems.push(InputProblem::of(&finding, path(&finding))),
            Severity::Warning => {
                let path = path(&finding);
                let at = if path.is_empty() { path } else { path + ": " };
                warnings.push(at + &words(&finding));
            }
            Severity::Note => {}
        }
    }
    (problems, warnings)
}

impl fmt::Display for InputErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.problems.len();
        let inputs = if count == 1 { "an input is" } else { "inputs are" };
        write!(f, "{}: {inputs} not right", self.component)?;
        for InputProblem { path, reason, .. } in &self.problems {
            match path.as_str() {
                "" => write!(f, "\n  - {reason}")?,
                path => write!(f, "\n  - {path}: {reason}")?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for InputErrors {}
