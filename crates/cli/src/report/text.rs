//! Findings for people: what, where with an excerpt, why, and how to mend it.

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use keyloom_syntax::{Diagnostic, Label, Severity};

use super::places::Found;
use super::{Part, Report, excerpt};

/// Labels that are further apart are shown in excerpts of their own.
const APART: usize = 60;

/// Ends the place in a header. Behind it the renderer puts line and column of the excerpt, which is not the file: lines
/// are cut and credentials hidden in it. They are taken out again.
const END: char = '\u{e000}';

/// Writes every finding that is to be shown, an empty line after each.
pub(crate) fn write(report: &Report<'_>, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let renderer = if color { Renderer::styled().hyperlink(false) } else { Renderer::plain() };
    for (part, diagnostic) in report.shown() {
        writeln!(out, "{}\n", own_places(&renderer.render(&[group(report, part, diagnostic)])))?;
    }
    match report.hidden() {
        0 => Ok(()),
        hidden => writeln!(out, "and {hidden} more; --max-problems shows more of them\n"),
    }
}

/// Takes out what stands behind [`END`].
fn own_places(rendered: &str) -> String {
    let mut pieces = rendered.split(END);
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        text.push_str(piece.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit()));
    }
    text
}

fn group<'a>(report: &Report<'_>, part: &'a Part<'_>, diagnostic: &'a Diagnostic) -> Group<'a> {
    let words = |text: &str| part.words(text, diagnostic.primary.span);
    let level = match report.severity(diagnostic) {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut group = Group::with_title(level.primary_title(words(&diagnostic.message)).id(diagnostic.code));
    for block in blocks(part, diagnostic) {
        group = block.add_to(part, group);
    }
    if diagnostic.primary.span.is_none() && !diagnostic.primary.path.is_empty() {
        group = group.element(Origin::path(words(&diagnostic.primary.path)));
    }
    for label in diagnostic.secondary.iter().filter(|label| label.span.is_none() && !label.path.is_empty()) {
        group = group.element(Origin::path(words(&label.path)));
    }
    for (name, text) in [("why", &diagnostic.why), ("fix", &diagnostic.fix)] {
        if let Some(text) = text {
            group = group.element(Level::NOTE.with_name(name).message(words(text)));
        }
    }
    group
}

/// Labels of one file that lie near each other.
struct Block<'p> {
    marks: Vec<Mark<'p>>,
}

struct Mark<'p> {
    found: Found<'p, 'p>,
    label: &'p Label,
    primary: bool,
    line: usize,
}

fn blocks<'p>(part: &'p Part<'_>, diagnostic: &'p Diagnostic) -> Vec<Block<'p>> {
    let labels = std::iter::once((&diagnostic.primary, true));
    let labels = labels.chain(diagnostic.secondary.iter().map(|label| (label, false)));
    let mut blocks: Vec<Block<'p>> = Vec::new();
    for (label, primary) in labels {
        let Some(found) = label.span.and_then(|span| part.places.find(span)) else { continue };
        let mark = Mark { line: found.file.line_of(found.bytes.start), found, label, primary };
        match blocks.iter_mut().find(|block| block.is_near(&mark)) {
            Some(block) => block.marks.push(mark),
            None => blocks.push(Block { marks: vec![mark] }),
        }
    }
    blocks
}

impl<'p> Block<'p> {
    fn is_near(&self, mark: &Mark<'_>) -> bool {
        self.marks.first().is_some_and(|first| {
            std::ptr::eq(first.found.file, mark.found.file) && first.line.abs_diff(mark.line) <= APART
        })
    }

    /// The place of the first mark, and the lines with all of them.
    fn add_to<'a>(&self, part: &Part<'_>, group: Group<'a>) -> Group<'a> {
        let lines = || self.marks.iter().map(|mark| mark.line);
        let (Some(first), Some(last)) = (lines().min(), lines().max()) else { return group };
        let Some(file) = self.marks.first().map(|mark| mark.found.file) else { return group };
        let mut source = String::new();
        let mut annotations = Vec::new();
        for number in first..=last {
            let here: Vec<&Mark<'_>> = self.marks.iter().filter(|mark| mark.line == number).collect();
            let ranges: Vec<Range<usize>> = here.iter().map(|mark| mark.found.bytes.clone()).collect();
            let line = excerpt::line(part, file, number, &ranges);
            for (mark, range) in here.iter().zip(line.marks) {
                let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
                let words = part.words(&mark.label.text, mark.label.span);
                let words = (!words.is_empty()).then_some(words);
                let range = source.len() + range.start..source.len() + range.end;
                annotations.push(kind.span(range).label(words));
            }
            source.push_str(&line.text.replace(END, "\u{fffd}"));
            source.push('\n');
        }
        let snippet = Snippet::source(source).line_start(first + 1).annotations(annotations);
        group.element(snippet.path(self.place()))
    }
}

impl Block<'_> {
    fn place(&self) -> Option<String> {
        let found = &self.marks.first()?.found;
        let at = found.file.position(found.bytes.start);
        Some(format!("{}:{}:{}{END}", one_line(found.file.name), at.line, at.column))
    }
}

/// Text on one line, control characters made visible: nothing a document holds can move the cursor.
pub(crate) fn one_line(text: &str) -> String {
    let visible = |c: char| match c {
        '\n' | '\r' | '\t' => ' ',
        c if c.is_control() || c == END || is_unseen(c) => '\u{fffd}',
        c => c,
    };
    text.chars().map(visible).collect()
}

/// Characters that are not seen, or that turn what is seen around.
pub(super) fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}
