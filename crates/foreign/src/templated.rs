//! Text for a template engine, such as the templates of a Helm chart: mostly no YAML at all.

use std::collections::{BTreeMap, BTreeSet};

use keyloom_syntax::{Diagnostic, FileId, Sources, Span};

/// Whether a text asks for what Helm alone fills in.
pub(crate) fn is_of_helm(text: &str) -> bool {
    [".Values", ".Release.", ".Chart.", ".Capabilities.", "include "].iter().any(|word| text.contains(word))
}

/// The files that could not be read as they stand and hold `{{` where YAML has none, with the place of it.
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

/// The first `{{` that stands alone or begins a value: inside of quotes and in the middle of text it may be meant.
fn action(text: &str) -> Option<usize> {
    let begins = |at: &usize| {
        let line = text[..*at].rsplit('\n').next().unwrap_or_default().trim_end();
        line.trim_start().is_empty() || line.ends_with([':', '-', '[', ',']) || line.ends_with("}}")
    };
    text.match_indices("{{").map(|(at, _)| at).find(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_of_a_chart_are_told_from_templates_of_the_operator() {
        for (text, found) in [
            ("{{- if .Values.on }}\na: 1", true),
            ("name: {{ .Values.name }}", true),
            ("- {{ . }}", true),
            ("a:\n  {{- toYaml . | nindent 2 }}", true),
            ("data: {a: '{{ .password }}'}", false),
            ("data: {a: \"{{ .password }}\"}", false),
            ("a: postgres://{{ .user }}", false),
            ("a: 1", false),
        ] {
            assert_eq!(action(text).is_some(), found, "{text}");
        }
    }
}
