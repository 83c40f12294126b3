//! Findings, ready to be printed: in order, counted, and with what must not be shown.
//!
//! A form of findings is a module here with `write(&Report, ...)`, and an arm of [`Output`].

use std::cmp::Ordering;
use std::io;
use std::path::PathBuf;

use keyloom_models::suppress::Suppressed;
use keyloom_syntax::{Diagnostic, Severity, Sources, Span};

use crate::args::{Findings, Output};
use crate::exit_code;
use crate::inputs;
use crate::io::Io;
use places::Places;
use secrets::Secrets;

mod artifact;
pub(crate) mod diff;
mod excerpt;
mod fingerprint;
mod github;
pub(crate) mod json;
mod junit;
mod places;
mod sarif;
pub(crate) mod secrets;
pub(crate) mod text;

/// Findings of one set of files, or of several.
pub(crate) struct Report<'s> {
    parts: Vec<Part<'s>>,
    /// The files that were looked at, as findings name them.
    files: Vec<String>,
    /// Those of them that are named from the root.
    absolute: Vec<String>,
    /// The current directory, which reports for elsewhere name files from.
    here: PathBuf,
    most: usize,
    deny_warnings: bool,
}

/// Findings of one set of files.
pub(crate) struct Part<'s> {
    pub(crate) places: Places<'s>,
    pub(crate) secrets: Secrets,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) suppressed: Vec<Suppressed>,
}

/// What was found in a set of files.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// What comments set aside.
    pub(crate) suppressed: Vec<Suppressed>,
    /// What no excerpt may show, nor the words of a finding about it.
    pub(crate) hidden: Vec<Span>,
    /// What no excerpt may show, of findings whose words are made of names alone.
    pub(crate) unsaid: Vec<Span>,
}

impl<'s> Report<'s> {
    /// No findings yet.
    pub(crate) fn new(findings: &Findings) -> Self {
        Self {
            parts: Vec::new(),
            files: Vec::new(),
            absolute: Vec::new(),
            here: std::env::current_dir().unwrap_or_default(),
            most: findings.max_problems,
            deny_warnings: findings.deny_warnings,
        }
    }

    /// No findings yet, and all that come are printed.
    pub(crate) fn of_all() -> Self {
        Self::new(&Findings { max_problems: usize::MAX, deny_warnings: false })
    }

    /// Writes the findings to standard output, and the summary to standard error with what was looked at behind it.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub(crate) fn print(&self, form: Output, looked_at: &str, io: &mut Io) -> io::Result<()> {
        let color = io.color_out();
        io.write(|out| match form {
            Output::Text => text::write(self, color, out),
            Output::Json => json::write(self, out),
            Output::Sarif => sarif::write(self, out),
            Output::Junit => junit::write(self, out),
            Output::Github => github::write(self, out),
        })?;
        let more = match self.hidden() {
            0 => String::new(),
            hidden => format!("; {hidden} are not shown"),
        };
        io.say(&format!("{}{looked_at}{more}", self.summary()));
        Ok(())
    }

    /// Writes the findings and the summary to standard error, for verbs whose standard output is for something else.
    pub(crate) fn say(&self, io: &Io) {
        let color = io.color_err();
        io.say_all(|err| text::write(self, color, err));
        io.say(&self.summary());
    }

    /// Adds what was found in a set of files, in the order of file, line and column. What has no place goes first.
    pub(crate) fn add(&mut self, sources: &'s Sources, paths: &[PathBuf], found: Found) {
        let Found { mut diagnostics, suppressed, hidden, unsaid } = found;
        diagnostics.sort_by(by_place);
        let absolute = paths.iter().filter(|path| path.is_absolute());
        self.absolute.extend(absolute.map(|path| inputs::name(path)));
        self.files.extend(paths.iter().map(|path| inputs::name(path)));
        if diagnostics.is_empty() && suppressed.is_empty() {
            return;
        }
        let secrets = Secrets::new(
            hidden,
            unsaid,
            diagnostics.iter().chain(suppressed.iter().map(|one| &one.diagnostic)),
        );
        self.parts.push(Part { places: Places::of(sources), secrets, diagnostics, suppressed });
    }

    /// What is printed: every finding with the files it is in, as many as were asked for.
    pub(crate) fn shown(&self) -> impl Iterator<Item = (&Part<'s>, &Diagnostic)> {
        self.parts.iter().flat_map(|part| part.diagnostics.iter().map(move |one| (part, one))).take(self.most)
    }

    /// What comments set aside, with the files it is in.
    pub(crate) fn suppressed(&self) -> impl Iterator<Item = (&Part<'s>, &Suppressed)> {
        self.parts.iter().flat_map(|part| part.suppressed.iter().map(move |one| (part, one)))
    }

    /// A finding in words for elsewhere: its message, then what is said at its place, why, and how to mend it.
    fn told(&self, part: &Part<'_>, diagnostic: &Diagnostic) -> (String, Vec<(&'static str, String)>) {
        let words = |text: &str| self.elsewhere(part.words(text, diagnostic.primary.span));
        let here = Some(&diagnostic.primary.text).filter(|text| !text.is_empty());
        let more = [("here", here), ("why", diagnostic.why.as_ref()), ("fix", diagnostic.fix.as_ref())];
        let more = more.into_iter().filter_map(|(name, text)| Some((name, words(text?))));
        (words(&diagnostic.message), more.collect())
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

    /// How bad a finding is here: where warnings are denied, they are errors.
    fn severity(&self, diagnostic: &Diagnostic) -> Severity {
        match diagnostic.severity {
            Severity::Warning if self.deny_warnings => Severity::Error,
            severity => severity,
        }
    }

    fn count(&self, severity: Severity) -> usize {
        self.all().filter(|diagnostic| self.severity(diagnostic) == severity).count()
    }

    /// The exit code that the findings deserve.
    pub(crate) fn exit_code(&self) -> u8 {
        if self.count(Severity::Error) > 0 { exit_code::FINDINGS } else { exit_code::CLEAN }
    }

    /// One line: "2 errors, 1 warning in keyloom.yaml".
    pub(crate) fn summary(&self) -> String {
        let mut counts: Vec<String> = [Severity::Error, Severity::Warning, Severity::Note]
            .into_iter()
            .map(|severity| (self.count(severity), severity.as_str()))
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}{}", if count == 1 { "" } else { "s" }))
            .collect();
        if counts.is_empty() {
            counts.push("no problems".to_owned());
        }
        let ignored = self.suppressed().count();
        counts.extend((ignored > 0).then(|| format!("{ignored} ignored")));
        let counts = counts.join(", ");
        let name =
            |file: &str| if file == inputs::STDIN { "standard input".to_owned() } else { file.to_owned() };
        let files = match self.files.as_slice() {
            [one] => name(one),
            [one, other] => format!("{} and {}", name(one), name(other)),
            names => format!("{} files", names.len()),
        };
        format!("{counts} in {}", text::one_line(&files))
    }
}

impl Part<'_> {
    /// Words of a finding on one line, without credentials.
    fn words(&self, text: &str, about: Option<Span>) -> String {
        text::one_line(&self.secrets.hide_in_words(text, about, &self.places))
    }
}

/// File, line and column come in the order of spans; where all else is equal the worst goes first.
fn by_place(a: &Diagnostic, b: &Diagnostic) -> Ordering {
    let start = |one: &Diagnostic| one.primary.span.map(|span| span.start);
    start(a).cmp(&start(b)).then(a.severity.cmp(&b.severity))
}
