//! One line of a file as it is shown: credentials hidden, long lines cut around what matters.

use std::ops::Range;

use super::Part;
use super::places::{File, floor};
use super::secrets::HIDDEN;

/// Most bytes of a line that are shown.
const WIDTH: usize = 110;
/// Bytes shown before the first mark of a line that is cut.
const LEAD: usize = 40;
/// Longest stretch of a line that is looked at; a file of one line is not read for each of its findings.
const REACH: usize = 2_000;

/// A line as it is shown.
pub(crate) struct Line {
    /// Its text.
    pub(crate) text: String,
    /// The marks that were asked for, in its text.
    pub(crate) marks: Vec<Range<usize>>,
}

/// Shows a line (counted from 0) with marks, which are bytes of the file. What reaches further than the line is cut
/// to it.
pub(crate) fn line(part: &Part<'_>, file: &File<'_>, number: usize, marks: &[Range<usize>]) -> Line {
    let whole = file.line(number);
    let first = marks.iter().map(|mark| mark.start).min().unwrap_or(whole.start);
    let from = if first > whole.start + REACH { floor_in(file, &whole, first - REACH) } else { whole.start };
    let to = floor_in(file, &whole, (first + REACH).min(whole.end));
    let text = file.slice(from..to);
    let hidden = part.secrets.in_line(text, file.base() + u32::try_from(from).unwrap_or(u32::MAX));
    let mut line = Line { text: String::with_capacity(text.len()), marks: Vec::new() };
    let mut shifts = Vec::with_capacity(hidden.len());
    let mut at = 0;
    for part in &hidden {
        line.text.push_str(&text[at..part.start]);
        shifts.push((part.clone(), line.text.len()));
        line.text.push_str(HIDDEN);
        at = part.end;
    }
    line.text.push_str(&text[at..]);
    let shown = |byte: usize, end: bool| moved(byte.clamp(from, to) - from, &shifts, end);
    line.marks = marks.iter().map(|mark| shown(mark.start, false)..shown(mark.end, true)).collect();
    cut(line, from > whole.start, to < whole.end)
}

fn floor_in(file: &File<'_>, whole: &Range<usize>, byte: usize) -> usize {
    whole.start + floor(file.slice(whole.clone()), byte - whole.start)
}

/// Where a byte stands after parts were hidden. What lies in a hidden part goes to its beginning or its end.
fn moved(byte: usize, shifts: &[(Range<usize>, usize)], end: bool) -> usize {
    let before = shifts.iter().rev().find(|(part, _)| part.start < byte || (part.start == byte && !end));
    match before {
        None => byte,
        Some((part, at)) if byte >= part.end && (byte > part.end || end || part.is_empty()) => {
            at + HIDDEN.len() + (byte - part.end)
        }
        Some((part, at)) if byte == part.end => at + HIDDEN.len(),
        Some((_, at)) => at + if end { HIDDEN.len() } else { 0 },
    }
}

/// Cuts a long line around its first mark; `...` stands where something is missing.
fn cut(line: Line, mut before: bool, mut after: bool) -> Line {
    let Line { text, marks } = line;
    let first = marks.iter().map(|mark| mark.start).min().unwrap_or(0);
    let (mut from, mut to) = (0, text.len());
    if text.len() > WIDTH {
        from = if first > WIDTH / 2 { floor(&text, first - LEAD) } else { 0 };
        to = floor(&text, (from + WIDTH).min(text.len()));
        before |= from > 0;
        after |= to < text.len();
    }
    let lead = if before { "..." } else { "" };
    let place = |byte: usize| byte.clamp(from, to) - from + lead.len();
    Line {
        marks: marks.iter().map(|mark| place(mark.start)..place(mark.end)).collect(),
        text: format!("{lead}{}{}", &text[from..to], if after { "..." } else { "" }),
    }
}
