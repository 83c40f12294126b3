//! Findings as commands of GitHub Actions, one a line: it shows them in the files of a pull request.

use std::io::{self, Write};

use keyloom_syntax::{Diagnostic, Severity};

use super::{Part, Report};

/// Writes a command for every finding that is to be shown.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    for (part, diagnostic) in report.shown() {
        let (message, more) = report.told(part, diagnostic);
        let more = more.iter().map(|(name, words)| format!("\n{name}: {words}"));
        let message: String = std::iter::once(message).chain(more).collect();
        let properties: Vec<String> = place(report, part, diagnostic)
            .into_iter()
            .chain([("title", diagnostic.code.to_owned())])
            .map(|(name, value)| format!("{name}={}", property(&value)))
            .collect();
        let command = command(report.severity(diagnostic));
        writeln!(out, "::{command} {}::{}", properties.join(","), data(&message))?;
    }
    match report.hidden() {
        0 => Ok(()),
        hidden => {
            writeln!(out, "::notice title=keyloom::and {hidden} more; --max-problems shows more of them")
        }
    }
}

fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    }
}

/// Where it is. Columns mean something only on one line.
fn place(report: &Report<'_>, part: &Part<'_>, diagnostic: &Diagnostic) -> Vec<(&'static str, String)> {
    let Some(found) = diagnostic.primary.span.and_then(|span| part.places.find(span)) else {
        let file = report.file_of(&diagnostic.message).map(|file| ("file", report.artifact(file)));
        return file.into_iter().collect();
    };
    let (start, end) = (found.file.position(found.bytes.start), found.file.position(found.bytes.end));
    let mut place = vec![
        ("file", report.artifact(found.file.name)),
        ("line", start.line.to_string()),
        ("endLine", end.line.to_string()),
    ];
    if start.line == end.line {
        place.extend([("col", start.column.to_string()), ("endColumn", end.column.to_string())]);
    }
    place
}

/// The message of a command: it ends with the line.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command: it ends with a comma, or with the two colons.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nothing_ends_a_command_or_begins_another() {
        assert_eq!(data("50%\r\n::error::x"), "50%25%0D%0A::error::x");
        assert_eq!(property("a,b::c%\n"), "a%2Cb%3A%3Ac%25%0A");
    }

    proptest! {
        #[test]
        fn a_runner_reads_what_was_meant(text in any::<String>()) {
            let read = |text: &str| {
                let text = text.replace("%2C", ",").replace("%3A", ":");
                text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
            };
            prop_assert!(!property(&text).contains([',', ':', '\r', '\n']));
            prop_assert!(!data(&text).contains(['\r', '\n']));
            prop_assert_eq!(read(&property(&text)), text);
        }
    }
}
