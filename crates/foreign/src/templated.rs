//! Text for a template engine, such as the templates of a Helm chart: mostly no YAML at all.

use std::collections::{BTreeMap, BTreeSet};

use keyloom_syntax::{Diagnostic, FileId, Sources, Span};

/// What only a chart's templates name: a chart's objects, and functions that Helm has added.
const OF_CHART: [&str; 7] =
    [".Values", ".Release.", ".Chart.", ".Capabilities.", ".Files.", " include ", " tpl "];

/// Whether a text asks for what Helm alone fills in.
pub(crate) fn is_of_helm(text: &str) -> bool {
    [".Values", ".Release.", ".Chart.", ".Capabilities.", "include "].iter().any(|word| text.contains(word))
}

/// The files that could not be read as they stand and are for a template engine, with the place of the first action.
pub(crate) fn files(sources: &Sources, problems: &[Diagnostic]) -> BTreeMap<FileId, Span> {
    let spans = problems.iter().filter_map(|problem| problem.primary.span);
    let broken: BTreeSet<FileId> = spans.filter_map(|span| sources.file_of(span)).collect();
    let place = |id: FileId| {
        let file = sources.file(id);
        let start = file.base + u32::try_from(action(&file.text)?).ok()?;
        Some((id, Span::new(start, start + 2)))
    };
    broken.into_iter().filter_map(place).collect()
}

/// The first `{{` that is for another engine than the operator's. Where values are text, in quotes or in a block, it is
/// the operator's unless it names what only a chart has; elsewhere it is one of a chart, but for the value that somebody
/// forgot to quote.
fn action(text: &str) -> Option<usize> {
    let mut block = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let indentation = line.len() - line.trim_start_matches(' ').len();
        if block.is_some_and(|parent| indentation > parent) || line.trim().is_empty() {
            continue;
        }
        block = begins_block(line).then_some(indentation);
        if let Some(found) = of_chart(line) {
            return Some(start + found);
        }
    }
    None
}

/// Whether the lines below, as far as they are indented more, are the text of a block.
fn begins_block(line: &str) -> bool {
    let words = line.split(" #").next().unwrap_or_default().trim_end();
    let body = words.trim_end_matches(['+', '-']).trim_end_matches(|c: char| c.is_ascii_digit());
    let body = body.trim_end_matches(['+', '-']).strip_suffix(['|', '>']).unwrap_or_default();
    body.ends_with([' ', '\t']) && body.trim_end().ends_with([':', '-'])
}

/// The first action of a line that a chart's template has, and no ExternalSecret.
fn of_chart(line: &str) -> Option<usize> {
    line.match_indices("{{").map(|(at, _)| at).find(|at| {
        let (before, action) = (&line[..*at], &line[*at + 2..]);
        let words = action.split("}}").next().unwrap_or_default();
        let spaced = format!(" {} ", words.trim_start_matches('-').replace('(', " "));
        OF_CHART.iter().any(|word| spaced.contains(word)) || begins(before) && !looks_up(&spaced)
    })
}

/// Whether what follows stands alone, or is a whole value that is not quoted.
fn begins(before: &str) -> bool {
    let before = before.trim_start_matches('\u{feff}');
    let is_value = before.ends_with([' ', '\t']) && before.trim_end().ends_with([':', '-'])
        || before.trim_end().ends_with(['[', ',']);
    before.trim().is_empty() || is_value && !is_quoted(before)
}

/// Whether text ends within quotes. A quote in the middle of a word is none.
fn is_quoted(before: &str) -> bool {
    let mut open = None;
    let mut last = ' ';
    for c in before.chars() {
        match open {
            Some(quote) if c == quote && last != '\\' => open = None,
            None if matches!(c, '"' | '\'') && " \t[{,".contains(last) => open = Some(c),
            _ => {}
        }
        last = c;
    }
    open.is_some()
}

/// Whether an action prints a fetched key, as templates of the operator do.
fn looks_up(words: &str) -> bool {
    let mut letters = words.trim_start().chars();
    letters.next() == Some('.') && letters.next().is_some_and(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_of_a_chart_are_told_from_templates_of_the_operator() {
        for (text, found) in [
            ("{{- if .Values.on }}\na: 1", Some(0)),
            ("\u{feff}{{/* a comment */}}\na: 1", Some(3)),
            ("name: {{ .Values.name }}", Some(6)),
            ("- {{ . }}", Some(2)),
            ("- {{ name }}", Some(2)),
            ("a:\n  {{- toYaml . | nindent 2 }}", Some(5)),
            ("a: |\n  {{ .b }}\nc: {{ $d }}", Some(19)),
            ("a: it's {{ .b }}\nc: {{ $d }}", Some(20)),
            ("a: \"{{ .Values.b | default \"x\" }}\"", Some(4)),
            ("a: '{{ printf \"%s\" (include \"name\" .) }}'", Some(4)),
            ("data: {a: '{{ .password }}'}", None),
            ("data: {a: \"{{ .password }}\"}", None),
            ("a: postgres://{{ .user }}", None),
            ("a: \"postgres://{{ .user }}:{{ .passwd }}@host\"", None),
            ("a: \"x: {{ printf `%s` .user }}\"", None),
            ("a: 'x, {{ printf `%s` .user }}'", None),
            ("a: {{ .password }}", None),
            ("a: |-  # a comment\n\n  {{- range . }}\n  {{ end }}\n", None),
            ("- >2\n  {{ if .a }}\n", None),
            ("a: 1", None),
        ] {
            assert_eq!(action(text), found, "{text}");
        }
    }
}
