//! One file: what was judged in it, or why nothing could be.

use keyloom_connections::file::{Broken, Entries, Entry, LARGEST, SCHEMA, SMALLER};
use keyloom_connections::{Connection, Problem, Secret, name_problems, shared_names};
use keyloom_models::code;
use keyloom_syntax::{Diagnostic, Label, Span};

use super::{hidden, place};

/// A text, and where it begins in the joined space of all files.
#[derive(Clone, Copy)]
pub(super) struct File<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a str,
    pub(super) base: u32,
}

/// What was judged in a file.
#[derive(Default)]
pub(super) struct Judged {
    /// How many connections.
    pub(super) count: usize,
    pub(super) found: Vec<Diagnostic>,
    /// What no excerpt may show.
    pub(super) hidden: Vec<Span>,
}

/// A file in which nothing was judged: always with an error, so that nobody takes silence for a good word.
pub(super) struct Unjudged {
    pub(super) error: Box<Diagnostic>,
    /// What no excerpt may show.
    pub(super) hidden: Vec<Span>,
}

impl File<'_> {
    fn span(self, bytes: std::ops::Range<usize>) -> Span {
        let at = |byte: usize| self.base.saturating_add(u32::try_from(byte).unwrap_or(u32::MAX));
        Span::new(at(bytes.start), at(bytes.end))
    }
}

/// The connections of a file: one, or many by name. What is read is what the backend `file` reads.
pub(super) fn judge(file: File<'_>) -> Result<Judged, Unjudged> {
    if file.text.len() as u64 > LARGEST {
        let message = format!("{}: it is larger than {LARGEST} bytes", file.name);
        let error = Diagnostic::error("too-large", message).fix(SMALLER);
        return Err(Unjudged { error: Box::new(error), hidden: Vec::new() });
    }
    let entries = Entries::parse(file.text).map_err(|broken| unjudged(file, &broken))?;
    let mut judged = Judged::default();
    if is_one(&entries) {
        let text = file.text.trim_start_matches('\u{feff}');
        of_connection(file, text, None, &mut judged);
        return Ok(judged);
    }
    for entry in entries.again() {
        let message = format!("connection '{}' stands twice", entry.name);
        let twice = Diagnostic::error(code::CONNECTION_FIELD_TWICE, message);
        let at = Label::at(file.span(entries.range(entry.key)), "");
        judged.found.push(twice.at(at).fix("take out one of them, or rename it"));
    }
    for entry in entries.iter() {
        // Editors look there for the schema of the file.
        if entry.name == SCHEMA && !is_object(entry) {
            hide(file, entry.text, hidden::values(entry.text), &mut judged.hidden);
            continue;
        }
        of_connection(file, entry.text, Some(&entry.name), &mut judged);
    }
    names(file, &entries, &mut judged.found);
    if judged.count == 0 {
        let none = Diagnostic::warning(code::CONNECTION_INCOMPLETE, "there is no connection in it");
        let at = file.text.find('{').unwrap_or_default();
        let at = Label::at(file.span(at..at), "");
        judged.found.push(none.at(at).fix(r#"write {"NAME": {"type": "TYPE", "details": {"FIELD": …}}}"#));
    }
    Ok(judged)
}

/// What is wrong with names, each by itself and beside the others.
fn names(file: File<'_>, entries: &Entries<'_>, found: &mut Vec<Diagnostic>) {
    let all: Vec<_> = entries.connections().collect();
    let shared = shared_names(all.iter().map(|entry| entry.name.as_str()));
    let shared = shared.into_iter().filter_map(|(at, problem)| Some((*all.get(at)?, problem)));
    let alone =
        all.iter().flat_map(|entry| name_problems(&entry.name).into_iter().map(|problem| (*entry, problem)));
    for (entry, problem) in alone.chain(shared) {
        let span = Some(file.span(entries.range(entry.key)));
        let label = Label { span, path: entry.name.clone(), text: String::new() };
        found.push(told(&problem, Some(&entry.name), label));
    }
}

/// A problem as a finding.
fn told(problem: &Problem, name: Option<&str>, at: Label) -> Diagnostic {
    let words = match problem {
        // The place says line and column, those of the file.
        Problem::NotJson { why, .. } => format!("failed to parse secret as JSON: {why}"),
        problem => problem.to_string(),
    };
    let message = match name {
        Some(name) => format!("connection '{name}': {words}"),
        None => words,
    };
    let new = if problem.is_warning() { Diagnostic::warning } else { Diagnostic::error };
    new(problem.code(), message).at(at).fix(problem.remedy())
}

/// Whether it is one connection, and not several by name.
fn is_one(entries: &Entries<'_>) -> bool {
    let details = || {
        let inside = entries.get("details").map(|entry| Entries::parse(entry.text));
        inside.is_some_and(|inside| inside.map_or(true, |inside| inside.get("details").is_none()))
    };
    entries.get("type").is_some_and(|entry| !is_object(entry)) || details()
}

fn is_object(entry: &Entry<'_>) -> bool {
    entry.text.starts_with('{')
}

fn unjudged(file: File<'_>, broken: &Broken) -> Unjudged {
    let mark = file.text.len() - file.text.strip_prefix('\u{feff}').unwrap_or(file.text).len();
    let (at, why) = match broken {
        Broken::NotJson { stop, within } => {
            let at = place::at(&file.text[mark..], stop.line, stop.column).bytes.start + mark;
            let within = within.as_ref().map(|name| format!("in '{name}': ")).unwrap_or_default();
            (at, format!("{within}{}", stop.why))
        }
        Broken::NotAnObject { .. } => (mark, broken.to_string()),
    };
    let message = format!("no connections can be read: {why}");
    let at = Label::at(file.span(at..at), "");
    let error = Diagnostic::error(code::CONNECTION_NOT_JSON, message).at(at).fix(broken.remedy());
    let mut all = Vec::new();
    let bytes = match broken {
        // It may be a value that was pasted.
        Broken::NotJson { .. } => hidden::all_but_fields(file.text),
        Broken::NotAnObject { .. } => hidden::values(file.text),
    };
    hide(file, file.text, bytes, &mut all);
    Unjudged { error: Box::new(error), hidden: all }
}

fn hide(file: File<'_>, part: &str, bytes: Vec<std::ops::Range<usize>>, hidden: &mut Vec<Span>) {
    let start = keyloom_connections::file::range(file.text, part).start;
    hidden.extend(bytes.into_iter().map(|it| file.span(start + it.start..start + it.end)));
}

fn of_connection(file: File<'_>, text: &str, name: Option<&str>, judged: &mut Judged) {
    judged.count += 1;
    let problems = match Connection::parse(name.unwrap_or("connection"), &Secret::new(text.to_owned())) {
        Ok(read) => read.warnings,
        Err(problems) => problems,
    };
    hide_values(file, text, &problems, &mut judged.hidden);
    let start = keyloom_connections::file::range(file.text, text).start;
    for problem in problems {
        let place::Place { bytes, path } = place::of(&problem, text);
        let path = [name.unwrap_or_default(), &path].into_iter().filter(|it| !it.is_empty());
        let path = path.collect::<Vec<_>>().join(".");
        let span = file.span(start + bytes.start..start + bytes.end);
        let label = Label { span: Some(span), path, text: String::new() };
        judged.found.push(told(&problem, name, label));
    }
}

/// A type may be shown where it is a word that somebody typed, and not something that was pasted.
fn hide_values(file: File<'_>, text: &str, problems: &[Problem], hidden: &mut Vec<Span>) {
    let pasted = |it: &Problem| {
        matches!(
            it,
            Problem::UnknownType { word: None, .. }
                | Problem::TypeNotText { .. }
                | Problem::NotAnObject { .. }
                | Problem::NotJson { .. }
                | Problem::TooLong
        )
    };
    let entries = Entries::parse(text);
    let kind = entries.iter().flat_map(|entries| entries.get("type")).map(|entry| entry.text);
    let shown = kind.filter(|_| !problems.iter().any(pasted)).map(|kind| {
        let kind = keyloom_connections::file::range(text, kind);
        move |bytes: &std::ops::Range<usize>| *bytes == kind
    });
    let shown: Vec<_> = shown.collect();
    let bytes = hidden::values(text).into_iter().filter(|bytes| !shown.iter().any(|is| is(bytes)));
    hide(file, text, bytes.collect(), hidden);
}
