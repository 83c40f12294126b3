//! Findings, ready to be printed: in order, counted, and with what must not be shown.

use std::cmp::Ordering;
use std::path::PathBuf;

use keyloom_syntax::{Diagnostic, Severity, Sources, Span};

use crate::exit_code;
use places::Places;
use secrets::Secrets;

pub(crate) mod excerpt;
pub(crate) mod json;
pub(crate) mod places;
pub(crate) mod secrets;
pub(crate) mod text;

/// Findings of one set of files, or of several.
pub(crate) struct Report<'s> {
    parts: Vec<Part<'s>>,
    names: Vec<String>,
    most: usize,
}

/// Findings of one set of files.
pub(crate) struct Part<'s> {
    pub(crate) places: Places<'s>,
    pub(crate) secrets: Secrets,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl<'s> Report<'s> {
    /// No findings yet, of which `most` will be printed.
    pub(crate) fn new(most: usize) -> Self {
        Self { parts: Vec::new(), names: Vec::new(), most }
    }

    /// Adds the findings of a set of files, and brings them into the order of file, line and column. What has no
    /// place goes first. No excerpt shows what is `hidden`.
    pub(crate) fn add(
        &mut self,
        sources: &'s Sources,
        paths: &[PathBuf],
        hidden: Vec<Span>,
        mut diagnostics: Vec<Diagnostic>,
    ) {
        diagnostics.sort_by(by_place);
        self.names.extend(paths.iter().map(|path| match path.to_str() {
            Some("-") => "standard input".to_owned(),
            _ => path.display().to_string(),
        }));
        if diagnostics.is_empty() {
            return;
        }
        let secrets = Secrets::new(hidden, &diagnostics);
        self.parts.push(Part { places: Places::of(sources), secrets, diagnostics });
    }

    /// What is printed: every finding with the files it is in, as many as were asked for.
    pub(crate) fn shown(&self) -> impl Iterator<Item = (&Part<'s>, &Diagnostic)> {
        self.parts.iter().flat_map(|part| part.diagnostics.iter().map(move |one| (part, one))).take(self.most)
    }

    /// How many are not printed.
    pub(crate) fn hidden(&self) -> usize {
        self.all().count().saturating_sub(self.most)
    }

    /// Whether there is nothing to print.
    pub(crate) fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }

    fn all(&self) -> impl Iterator<Item = &Diagnostic> {
        self.parts.iter().flat_map(|part| &part.diagnostics)
    }

    fn count(&self, severity: Severity) -> usize {
        self.all().filter(|diagnostic| diagnostic.severity == severity).count()
    }

    /// The exit code that the findings deserve.
    pub(crate) fn exit_code(&self, deny_warnings: bool) -> u8 {
        let bad = self.count(Severity::Error) > 0 || (deny_warnings && self.count(Severity::Warning) > 0);
        if bad { exit_code::FINDINGS } else { exit_code::CLEAN }
    }

    /// One line: "2 errors, 1 warning in keyloom.yaml".
    pub(crate) fn summary(&self) -> String {
        let counts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
            .into_iter()
            .map(|severity| (self.count(severity), severity.as_str()))
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
            .collect();
        let counts = if counts.is_empty() { "no problems".to_owned() } else { counts.join(", ") };
        let files = match self.names.as_slice() {
            [one] => one.clone(),
            [one, other] => format!("{one} and {other}"),
            names => format!("{} files", names.len()),
        };
        format!("{counts} in {}", text::one_line(&files))
    }
}

/// File, line and column come in the order of spans; where all else is equal the worst goes first.
fn by_place(a: &Diagnostic, b: &Diagnostic) -> Ordering {
    let start = |one: &Diagnostic| one.primary.span.map(|span| span.start);
    start(a).cmp(&start(b)).then(a.severity.cmp(&b.severity))
}
