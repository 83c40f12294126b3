//! What would change in a file, as a unified diff. Its lines are the user's own, so what excerpts hide is hidden here too.

use std::fmt::Write as _;
use std::io::{self, Write};

use keyloom_syntax::place::Source;
use similar::{Algorithm, ChangeTag, TextDiff};

use super::secrets::{HIDDEN, Secrets};
use super::text::{is_unseen, one_line};

/// Lines shown around a change.
const AROUND: usize = 3;

/// A text, and what of it may not be shown.
pub(crate) struct Side<'s> {
    pub(crate) file: &'s Source,
    pub(crate) secrets: &'s Secrets,
}

impl Side<'_> {
    /// The lines as they are shown, line ends included.
    fn lines(&self) -> Vec<String> {
        let mut at = self.file.base;
        let mut lines = Vec::new();
        for line in self.file.text.split_inclusive('\n') {
            let mut text = line.to_owned();
            for part in self.secrets.in_line(line, at).into_iter().rev() {
                text.replace_range(part, HIDDEN);
            }
            lines.push(visible(&text));
            at += u32::try_from(line.len()).unwrap_or(0);
        }
        lines
    }
}

/// Nothing in a file can move the cursor; line ends stay, so that the diff can be applied.
fn visible(line: &str) -> String {
    let body = line.trim_end_matches(['\r', '\n']);
    let shown = |c: char| if c != '\t' && (c.is_control() || is_unseen(c)) { '\u{fffd}' } else { c };
    let mut text: String = body.chars().map(shown).collect();
    text.push_str(&line[body.len()..]);
    text
}

/// Writes the changes of one file.
pub(crate) fn write(old: &Side<'_>, new: &Side<'_>, color: bool, out: &mut dyn Write) -> io::Result<()> {
    let (before, after) = (old.lines(), new.lines());
    let before: Vec<&str> = before.iter().map(String::as_str).collect();
    let after: Vec<&str> = after.iter().map(String::as_str).collect();
    // Names of objects stand in one line each, and what is between two of them is short.
    let diff = TextDiff::configure().algorithm(Algorithm::Patience).diff_slices(&before, &after);
    let mut text = String::new();
    let paint = |code: &'static str| if color { code } else { "" };
    let (red, green, cyan, plain) =
        (paint("\x1b[31m"), paint("\x1b[32m"), paint("\x1b[36m"), paint("\x1b[0m"));
    let name = one_line(&old.file.name);
    let _ = write!(text, "--- {name}\n+++ {name}\n");
    for hunk in diff.unified_diff().context_radius(AROUND).iter_hunks() {
        let _ = writeln!(text, "{cyan}{}{plain}", hunk.header());
        for change in hunk.iter_changes() {
            let (sign, begin) = match change.tag() {
                ChangeTag::Equal => (' ', ""),
                ChangeTag::Delete => ('-', red),
                ChangeTag::Insert => ('+', green),
            };
            let line = change.value();
            let body = line.strip_suffix('\n').unwrap_or(line);
            let end = if begin.is_empty() { "" } else { plain };
            let _ = writeln!(text, "{begin}{sign}{body}{end}");
            if body.len() == line.len() {
                text.push_str("\\ No newline at end of file\n");
            }
        }
    }
    out.write_all(text.as_bytes())
}
