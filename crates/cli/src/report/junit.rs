//! Findings as JUnit XML, which every CI system shows as a test report: a suite a file, a case a finding.
//!
//! Errors are failures; warnings and notes are cases that pass, with what they say as output; what a comment set aside is
//! skipped, with its reason. A file without findings is a suite with one case that passes.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::io::{self, Write};

use keyloom_syntax::{Diagnostic, Severity};

use super::{Part, Report};

/// A case: a finding, and the reason when it was set aside.
struct Case<'r, 's> {
    part: &'r Part<'s>,
    diagnostic: &'r Diagnostic,
    reason: Option<&'r str>,
}

/// The cases of a file.
struct Suite<'r, 's> {
    name: String,
    cases: Vec<Case<'r, 's>>,
}

/// Writes the report.
pub(super) fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let suites = suites(report);
    let sums = suites.iter().map(|suite| suite.counts(report));
    let more = report.hidden();
    let first = Counts { tests: usize::from(more > 0), failures: 0, skipped: usize::from(more > 0) };
    let all = sums.fold(first, |all, one| Counts {
        tests: all.tests + one.tests,
        failures: all.failures + one.failures,
        skipped: all.skipped + one.skipped,
    });
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?>"#)?;
    writeln!(out, r#"<testsuites name="keyloom" {all}>"#)?;
    for suite in &suites {
        suite.write(report, out)?;
    }
    if more > 0 {
        writeln!(out, r#"  <testsuite name="keyloom" {first}>"#)?;
        writeln!(out, r#"    <testcase classname="keyloom" name="and {more} more">"#)?;
        writeln!(out, r#"      <skipped message="--max-problems shows more of them"/>"#)?;
        writeln!(out, "    </testcase>\n  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

/// A suite for every file, in the order they were named.
fn suites<'r, 's>(report: &'r Report<'s>) -> Vec<Suite<'r, 's>> {
    let of_file = |file: &String| Suite { name: report.artifact(file), cases: Vec::new() };
    let mut suites: Vec<Suite<'r, 's>> = report.files.iter().map(of_file).collect();
    let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
    for (number, suite) in suites.iter().enumerate() {
        numbers.entry(suite.name.clone()).or_insert(number);
    }
    let shown = report.shown().map(|(part, diagnostic)| Case { part, diagnostic, reason: None });
    let suppressed = report.suppressed().map(|(part, suppressed)| Case {
        part,
        diagnostic: &suppressed.diagnostic,
        reason: Some(&suppressed.reason),
    });
    for case in shown.chain(suppressed) {
        let found = case.diagnostic.primary.span.and_then(|span| case.part.places.find(span));
        let file = found.map(|found| found.file.name).or(report.file_of(&case.diagnostic.message));
        let name = report.artifact(file.unwrap_or_default());
        let number = *numbers.entry(name.clone()).or_insert(suites.len());
        match suites.get_mut(number) {
            Some(suite) => suite.cases.push(case),
            None => suites.push(Suite { name, cases: vec![case] }),
        }
    }
    suites
}

#[derive(Clone, Copy)]
struct Counts {
    tests: usize,
    failures: usize,
    skipped: usize,
}

impl Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tests, failures, skipped } = self;
        write!(f, r#"tests="{tests}" failures="{failures}" errors="0" skipped="{skipped}""#)
    }
}

impl Suite<'_, '_> {
    fn counts(&self, report: &Report<'_>) -> Counts {
        let skipped = self.cases.iter().filter(|case| case.reason.is_some()).count();
        let fails = |case: &&Case<'_, '_>| {
            case.reason.is_none() && report.severity(case.diagnostic) == Severity::Error
        };
        Counts { tests: self.cases.len().max(1), failures: self.cases.iter().filter(fails).count(), skipped }
    }

    fn write(&self, report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
        let file = escaped(&self.name);
        writeln!(out, r#"  <testsuite name="{file}" {}>"#, self.counts(report))?;
        if self.cases.is_empty() {
            writeln!(out, r#"    <testcase classname="{file}" name="no problems"/>"#)?;
        }
        for case in &self.cases {
            case.write(report, &file, out)?;
        }
        writeln!(out, "  </testsuite>")
    }
}

impl Case<'_, '_> {
    fn write(&self, report: &Report<'_>, file: &str, out: &mut dyn Write) -> io::Result<()> {
        let Self { part, diagnostic, reason } = self;
        let (message, more) = report.told(part, diagnostic);
        let found = diagnostic.primary.span.and_then(|span| part.places.find(span));
        let at = found.map(|found| found.file.position(found.bytes.start));
        let (place, line) = match at {
            Some(at) => (format!("{file}:{}:{}", at.line, at.column), format!(r#" line="{}""#, at.line)),
            None => (file.to_owned(), String::new()),
        };
        let severity = report.severity(diagnostic);
        let (code, message) = (diagnostic.code, escaped(&message));
        // Some readers take two cases of one name for one, so the place is part of it.
        writeln!(out, r#"    <testcase classname="{file}" name="{code} at {place}" file="{file}"{line}>"#)?;
        let mut text = format!("{}[{code}]: {message}\n  at {place}\n", severity.as_str());
        for (name, words) in &more {
            text.push_str(&format!("  {name}: {}\n", escaped(words)));
        }
        match (reason, severity) {
            (Some(reason), _) => {
                let reason = escaped(&report.elsewhere(part.words(reason, None)));
                writeln!(out, r#"      <skipped message="{reason}"/>"#)?;
            }
            (None, Severity::Error) => {
                writeln!(out, r#"      <failure type="{code}" message="{message}">{text}</failure>"#)?;
            }
            (None, _) => writeln!(out, "      <system-out>{text}</system-out>")?,
        }
        writeln!(out, "    </testcase>")
    }
}

/// Text in an element or a quoted attribute. Characters that XML cannot hold at all are replaced.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => escaped.push(c),
            _ => escaped.push('\u{fffd}'),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_xml_cannot_hold_is_not_in_it() {
        assert_eq!(
            escaped("a<b>&\"c\"\u{0}\u{1b}\u{fffe}\r]]>"),
            "a&lt;b&gt;&amp;&quot;c&quot;\u{fffd}\u{fffd}\u{fffd}\u{fffd}]]&gt;"
        );
        assert_eq!(escaped("ü\u{10ffff}"), "ü\u{10ffff}");
    }

    proptest! {
        #[test]
        fn a_reader_of_xml_reads_what_was_meant(text in any::<String>()) {
            let xml = format!("<a b=\"{0}\">{0}</a>", escaped(&text));
            let read = roxmltree::Document::parse(&xml).unwrap();
            let visible = |text: &str| text.chars().filter(|c| !c.is_control()).collect::<String>();
            let node = read.root_element();
            for read in [node.text().unwrap_or_default(), node.attribute("b").unwrap_or_default()] {
                let (read, meant) = (visible(read), visible(&text));
                prop_assert_eq!(read.replace('\u{fffd}', ""), meant.replace(['\u{fffd}', '\u{fffe}', '\u{ffff}'], ""));
            }
        }
    }
}
