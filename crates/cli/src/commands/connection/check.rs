//! `keyloom connection check`: a file of connections, each mistake at its place. Nothing is sent over a network.
//!
//! It is a verb of its own and no part of `keyloom check`: such a file is no declaration, and nothing is merged with it.

use std::path::PathBuf;

use keyloom_connections::{Connection, Problem, Secret};
use keyloom_models::code;
use keyloom_syntax::{Diagnostic, Kind, Label, Node, Span};
use serde::de::IgnoredAny;

use crate::args::CheckConnections;
use crate::failure::Failure;
use crate::inputs;
use crate::io::Io;
use crate::report::{Found, Report};

/// Says which file is read when none is named, as it does for the backend `file`.
const VARIABLE: &str = "KEYLOOM_CONNECTIONS_FILE";
/// What is read when nobody names a file.
const DEFAULT: &str = "connections.json";

pub(super) fn run(args: &CheckConnections, io: &mut Io) -> Result<u8, Failure> {
    let budget = inputs::budget_of(None);
    let paths = paths(args)?;
    if let Some(directory) = paths.iter().find(|path| path.is_dir()) {
        return Err(inputs::directory(directory, "*.json"));
    }
    let mut inputs = inputs::read_files(paths, &budget)?;
    let mut found = Found { diagnostics: std::mem::take(&mut inputs.refused), ..Found::default() };
    let (tree, _) = keyloom_syntax::parse(&inputs.sources, &budget);
    let mut count = 0;
    for (id, file) in inputs.sources.files() {
        let file = File { text: &file.text, base: file.base };
        if let Some(broken) = not_json(file) {
            found.diagnostics.push(broken);
            // What is no JSON may be a value that was pasted.
            found.hidden.push(whole(file));
            continue;
        }
        let root = tree.documents().find(|root| inputs.sources.file_of(root.span()) == Some(id));
        count += root.map_or(0, |root| of_file(file, root, &mut found));
    }
    let mut report = Report::new(&args.findings);
    report.add(&inputs.sources, &inputs.paths, found);
    let counted = if count == 1 { " (1 connection)".to_owned() } else { format!(" ({count} connections)") };
    report.print(args.output.output, &counted, io)?;
    Ok(report.exit_code())
}

/// The files to check: those that are named, or the one that the backend `file` would read.
fn paths(args: &CheckConnections) -> Result<Vec<PathBuf>, Failure> {
    if !args.files.is_empty() {
        return Ok(args.files.clone());
    }
    let said = std::env::var(VARIABLE).unwrap_or_default();
    if !said.trim().is_empty() {
        return Ok(vec![PathBuf::from(said.trim())]);
    }
    inputs::default_is_here(DEFAULT, "keyloom connection put")?;
    Ok(vec![PathBuf::from(DEFAULT)])
}

/// A text, and where it begins in the joined space of all files.
#[derive(Clone, Copy)]
struct File<'a> {
    text: &'a str,
    base: u32,
}

fn whole(file: File<'_>) -> Span {
    let length = u32::try_from(file.text.len()).unwrap_or(u32::MAX);
    Span::new(file.base, file.base.saturating_add(length))
}

/// What stops a file from being JSON, where it stops.
fn not_json(file: File<'_>) -> Option<Diagnostic> {
    let error = serde_json::from_str::<IgnoredAny>(file.text).err()?;
    let before: usize =
        file.text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = (before + error.column().saturating_sub(1)).min(file.text.len());
    let at = file.base.saturating_add(u32::try_from(at).unwrap_or(0));
    let why = if error.is_eof() { "it ends too early" } else { "this is not JSON" };
    let message = format!("failed to parse secret as JSON: {why}");
    let fix = "write JSON: names and texts in double quotes, no comments, no comma behind the last entry";
    Some(Diagnostic::error(code::CONNECTION_NOT_JSON, message).at(Label::at(Span::new(at, at), "")).fix(fix))
}

/// The connections of a file: one, or many by name. Answers with how many there are.
fn of_file(file: File<'_>, root: Node<'_>, found: &mut Found) -> usize {
    let is_word = |node: Node<'_>| node.kind() != Kind::Mapping;
    let is_one = root.kind() != Kind::Mapping
        || root.get("type").is_some_and(is_word)
        || root.get("details").is_some_and(|details| details.get("details").is_none());
    if is_one {
        of_connection(file, root, None, found);
        return 1;
    }
    let mut names = std::collections::BTreeSet::new();
    let mut count = 0;
    for (key, value) in root.entries() {
        let name = key.scalar().unwrap_or_default();
        // Editors look there for the schema of the file.
        if name == "$schema" && value.kind() != Kind::Mapping {
            values(value, &mut found.hidden);
            continue;
        }
        count += 1;
        if !names.insert(name) {
            let message = format!("connection '{name}' stands twice");
            let twice = Diagnostic::error(code::CONNECTION_FIELD_TWICE, message);
            found
                .diagnostics
                .push(twice.at(Label::at(key.span(), "")).fix("take out one of them, or rename it"));
        }
        of_connection(file, value, Some(name), found);
    }
    count
}

fn of_connection(file: File<'_>, node: Node<'_>, name: Option<&str>, found: &mut Found) {
    let range = |at: u32| (at - file.base) as usize;
    let span = node.span();
    let text = file.text.get(range(span.start)..range(span.end)).unwrap_or_default();
    let problems = match Connection::parse(name.unwrap_or("connection"), &Secret::new(text.to_owned())) {
        Ok(read) => read.warnings,
        Err(problems) => problems,
    };
    // A type may be shown where it is a word that somebody typed, and not something that was pasted.
    let pasted = |it: &Problem| {
        matches!(
            it,
            Problem::UnknownType { word: None, .. }
                | Problem::TypeNotText { .. }
                | Problem::NotAnObject { .. }
        )
    };
    let shows_type = !problems.iter().any(pasted);
    // Which values are secret is not known where a name is misspelt, so that none is shown.
    match node.kind() {
        Kind::Mapping => node
            .entries()
            .filter(|(key, _)| !shows_type || key.scalar() != Some("type"))
            .for_each(|(_, value)| values(value, &mut found.hidden)),
        _ => values(node, &mut found.hidden),
    }
    for problem in problems {
        let (at, path) = place(&problem, node, name.unwrap_or_default());
        let message = match name {
            Some(name) => format!("connection '{name}': {problem}"),
            None => problem.to_string(),
        };
        let new = if problem.is_warning() { Diagnostic::warning } else { Diagnostic::error };
        let label = Label { span: Some(at), path, text: String::new() };
        found.diagnostics.push(new(problem.code(), message).at(label).fix(problem.remedy()));
    }
}

/// Every text, number and word below a node.
fn values(node: Node<'_>, hidden: &mut Vec<Span>) {
    match node.kind() {
        Kind::Mapping => node.entries().for_each(|(_, value)| values(value, hidden)),
        Kind::Sequence => node.items().for_each(|item| values(item, hidden)),
        _ => hidden.push(node.span()),
    }
}

/// Where a problem is, as near as the tree knows, and the path there.
fn place(problem: &Problem, node: Node<'_>, name: &str) -> (Span, String) {
    let steps: Vec<&str> = match problem {
        Problem::AndMore { last, .. } => return place(last, node, name),
        Problem::TypeNotText { .. } | Problem::UnknownType { .. } | Problem::AliasedType { .. } => {
            vec!["type"]
        }
        Problem::DetailsNotAMap { .. } | Problem::MissingField { .. } | Problem::NoneOf { .. } => {
            vec!["details"]
        }
        Problem::WrongShape { field, .. } => std::iter::once("details")
            .chain(field.split(['.', '[', ']']).filter(|it| !it.is_empty() && *it != "details"))
            .collect(),
        Problem::FieldNotJson { field }
        | Problem::FieldNotPath { field }
        | Problem::EmptyPassword { field, .. } => vec!["details", field],
        Problem::Both { one, .. } => vec!["details", one],
        Problem::UnknownField { field, .. } => vec!["details", field],
        _ => Vec::new(),
    };
    let (mut at, mut path) = (node, name.to_owned());
    for step in steps {
        let next = at.get(step).or_else(|| at.items().nth(step.parse().ok()?));
        let Some(next) = next else { break };
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(step);
        at = next;
    }
    (at.span(), path)
}
