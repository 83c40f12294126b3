//! A plan for people: of each sync a line with both ends, then its names, each with what happens to it and why.

use std::io::{self, Write};

use keyloom_resources::first_run::{Action, Row};

use super::Planned;
use crate::io::Io;
use crate::report::text::one_line;
use crate::report::{Report, text as findings};

/// A name that is wider does not push the reasons out for all others.
const WIDEST: usize = 60;
/// What stands between a name and its reason.
const GAP: usize = 4;

const RED: &str = "\u{1b}[31m";
const PLAIN: &str = "\u{1b}[0m";

/// Writes the plan and what is wrong with it to standard output.
pub(super) fn write(planned: &[Planned], report: &Report<'_>, io: &mut Io) -> io::Result<()> {
    let color = io.color_out();
    io.write(|out| {
        for one in planned {
            sync(one, color, out)?;
        }
        findings::write(report, color, out)
    })
}

/// One line of a sync.
struct Line {
    action: Action,
    name: String,
    /// Empty where the mark says it all.
    words: String,
    /// Somebody else's, and something happens to it.
    foreign: bool,
}

fn sync(Planned { sync, run }: &Planned, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let (from, to) = (sync.source.to_string(), sync.target.to_string());
    writeln!(out, "{}  {} -> {}", one_line(&sync.name), one_line(&from), one_line(&to))?;
    let happens = run.rows.iter().filter(|row| row.action != Action::Keep);
    let mut lines: Vec<Line> = happens.map(|row| line(&row.name, row, sync.words(row))).collect();
    lines.extend(kept(run.of(Action::Keep), |row| sync.words(row)));
    if lines.is_empty() {
        writeln!(out, "  no names at either end")?;
    }
    let widths = lines.iter().map(|line| line.name.chars().count());
    let width = widths.filter(|width| *width <= WIDEST).max().unwrap_or(0) + GAP;
    let mut before = String::new();
    for line in &lines {
        let words = if line.words.is_empty() || line.words != before {
            line.words.clone()
        } else {
            format!("{}: same", line.action.past())
        };
        let pad = " ".repeat(width.saturating_sub(line.name.chars().count()).max(GAP));
        let (on, off) = if color && line.foreign { (RED, PLAIN) } else { ("", "") };
        let text = format!("  {} {on}{}{off}{pad}{}", line.action.mark(), line.name, one_line(&words));
        writeln!(out, "{}", text.trim_end())?;
        before.clone_from(&line.words);
    }
    writeln!(out)
}

fn line(name: &str, row: &Row, words: String) -> Line {
    Line {
        action: row.action,
        name: one_line(name),
        words,
        foreign: row.foreign && row.action != Action::Keep,
    }
}

/// Names that stay, one line for each reason: an account may have thousands of them.
fn kept<'r>(rows: impl Iterator<Item = &'r Row>, words: impl Fn(&Row) -> String) -> Vec<Line> {
    let mut groups: Vec<(&Row, usize)> = Vec::new();
    for row in rows {
        match groups.iter_mut().find(|(first, _)| first.why == row.why) {
            Some((_, count)) => *count += 1,
            None => groups.push((row, 1)),
        }
    }
    let name = |row: &Row, count| match count {
        1 => row.name.clone(),
        more => format!("{} and {} more", row.name, more - 1),
    };
    groups.into_iter().map(|(row, count)| line(&name(row, count), row, words(row))).collect()
}
