//! Where rules report: findings at places of items, and the way from there to a diagnostic.

use std::borrow::Cow;
use std::ops::Range;

use keyloom_syntax::{Diagnostic, Label, Severity};

pub use crate::list::List;

/// One step from an item to a place inside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The value of a key.
    Key(Cow<'static, str>),
    /// An item of a list.
    Index(usize),
    /// A stretch of a text that is a language of its own, such as a template.
    Part(Part),
}

/// A stretch of a text: its bytes, and where a person finds them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Line in the text, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Whether the text has other lines.
    pub in_lines: bool,
}

impl Part {
    /// A stretch of that text.
    pub fn of(text: &str, range: Range<usize>) -> Self {
        let before = text.get(..range.start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before.get(line_start..).unwrap_or_default().chars().count() + 1;
        let line = before.matches('\n').count() + 1;
        Self { range, line, column, in_lines: text.trim_end().contains('\n') }
    }

    /// Where it is, for messages that cannot point at it.
    fn words(&self) -> String {
        let Self { line, column, .. } = self;
        if self.in_lines {
            format!(" (line {line}, column {column} of the text)")
        } else {
            format!(" (column {column} of the text)")
        }
    }
}

impl From<Part> for Step {
    fn from(part: Part) -> Self {
        Self::Part(part)
    }
}

impl From<&'static str> for Step {
    fn from(key: &'static str) -> Self {
        Self::Key(Cow::Borrowed(key))
    }
}

impl From<String> for Step {
    fn from(key: String) -> Self {
        Self::Key(Cow::Owned(key))
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// A place: an item of a list, and the steps inside it. Steps that a document does not spell out (a default, a field in
/// its short form) lead to the nearest place before them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The list.
    pub list: List,
    /// Which item of it.
    pub index: usize,
    /// The steps inside.
    pub steps: Vec<Step>,
}

impl Place {
    /// The item itself.
    pub fn item(list: List, index: usize) -> Self {
        Self { list, index, steps: Vec::new() }
    }

    /// A place further in.
    #[must_use]
    pub fn at(&self, step: impl Into<Step>) -> Self {
        let mut steps = Vec::with_capacity(self.steps.len() + 1);
        steps.extend(self.steps.iter().cloned());
        steps.push(step.into());
        Self { list: self.list, index: self.index, steps }
    }

    /// A place further in, by a dotted path of keys.
    #[must_use]
    pub fn path(&self, path: &'static str) -> Self {
        path.split('.').filter(|step| !step.is_empty()).fold(self.clone(), |place, step| place.at(step))
    }

    /// The document's spelling, such as `externalSecrets[2].data[0].path`, of the item with that number in its list.
    pub fn spelled(&self, index: usize) -> String {
        let mut path = match self.list {
            List::Versions | List::Infisical => self.list.as_str().to_owned(),
            // A manifest has no name in the declaration; its own fields are all there is to spell.
            List::Manifests => String::new(),
            list => format!("{}[{index}]", list.as_str()),
        };
        self.spell_steps(&mut path);
        path
    }

    /// The spelling of the same place where the defaults say it.
    fn in_defaults(&self) -> String {
        let mut path = "defaults".to_owned();
        self.spell_steps(&mut path);
        path
    }

    fn spell_steps(&self, path: &mut String) {
        for step in &self.steps {
            match step {
                Step::Key(key) => keyloom_syntax::check::key_step(path, key),
                Step::Index(index) => path.push_str(&format!("[{index}]")),
                // The path leads to the text.
                Step::Part(_) => {}
            }
        }
    }
}

/// What a place is in the text.
pub(crate) struct Found {
    /// Where; none when nobody wrote it.
    pub(crate) span: Option<keyloom_syntax::Span>,
    /// The item's number in the list it was written in.
    pub(crate) index: usize,
    /// Whether it stands in `defaults`, for all items that do not say it themselves.
    pub(crate) by_default: bool,
}

impl Found {
    /// The place of something that nobody wrote.
    pub(crate) fn nowhere(place: &Place) -> Self {
        Self { span: None, index: place.index, by_default: false }
    }
}

/// A problem that a rule found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The diagnostic, without its places.
    pub(crate) diagnostic: Diagnostic,
    /// Where.
    pub(crate) place: Place,
    /// Other places that matter, with a few words.
    pub(crate) others: Vec<(Place, String)>,
}

impl Finding {
    /// Adds another place.
    pub(crate) fn and(&mut self, place: Place, words: impl Into<String>) -> &mut Self {
        self.others.push((place, words.into()));
        self
    }

    /// Says what stands beside the caret.
    pub(crate) fn label(&mut self, words: impl Into<String>) -> &mut Self {
        self.diagnostic.primary.text = words.into();
        self
    }

    /// Says why.
    pub(crate) fn why(&mut self, why: impl Into<String>) -> &mut Self {
        self.diagnostic.why = Some(why.into());
        self
    }

    /// Says how to mend it.
    pub(crate) fn fix(&mut self, fix: impl Into<String>) -> &mut Self {
        self.diagnostic.fix = Some(fix.into());
        self
    }

    /// The diagnostic with its places, as `find` finds them.
    pub(crate) fn locate(self, find: impl Fn(&Place) -> Found) -> Diagnostic {
        let label = |place: &Place, text: String| {
            let found = find(place);
            let path = if found.by_default { place.in_defaults() } else { place.spelled(found.index) };
            Label { span: found.span, path, text }
        };
        let mut diagnostic = self.diagnostic;
        if let Some((Step::Part(part), around)) = self.place.steps.split_last() {
            let text = Place { steps: around.to_vec(), ..self.place };
            if find(&self.place).span == find(&text).span {
                diagnostic.message.push_str(&part.words());
            }
        }
        let text = std::mem::take(&mut diagnostic.primary.text);
        diagnostic.primary = label(&self.place, text);
        diagnostic.secondary = self.others.into_iter().map(|(place, text)| label(&place, text)).collect();
        diagnostic
    }
}

/// All findings of a validation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings(pub(crate) Vec<Finding>);

impl Findings {
    pub(crate) fn error(
        &mut self,
        code: &'static str,
        place: Place,
        message: impl Into<String>,
    ) -> &mut Finding {
        self.push(Diagnostic::error(code, message), place)
    }

    pub(crate) fn warning(
        &mut self,
        code: &'static str,
        place: Place,
        message: impl Into<String>,
    ) -> &mut Finding {
        self.push(Diagnostic::warning(code, message), place)
    }

    pub(crate) fn note(
        &mut self,
        code: &'static str,
        place: Place,
        message: impl Into<String>,
    ) -> &mut Finding {
        self.push(Diagnostic::note(code, message), place)
    }

    pub(crate) fn push(&mut self, diagnostic: Diagnostic, place: Place) -> &mut Finding {
        let at = self.0.len();
        self.0.push(Finding { diagnostic, place, others: Vec::new() });
        &mut self.0[at]
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.0.iter().any(|finding| finding.diagnostic.severity == Severity::Error)
    }
}
