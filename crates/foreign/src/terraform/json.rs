//! Terraform reads JSON, not YAML: what lies between the two.

use keyloom_models::code;
use keyloom_syntax::place::Source;
use keyloom_syntax::{Diagnostic, Label, Span};
use serde::de::IgnoredAny;

/// The first thing that is no JSON in a file.
pub(super) fn check(source: &Source) -> Option<Diagnostic> {
    let text = source.text.trim_start_matches('\u{feff}');
    let skipped = source.text.len() - text.len();
    let error = serde_json::from_str::<IgnoredAny>(text).err()?;
    let line_start =
        text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    let at =
        (skipped + line_start + error.column().saturating_sub(1)).min(source.text.len().saturating_sub(1));
    let at = (0..=at).rev().find(|at| source.text.is_char_boundary(*at)).unwrap_or(0);
    let start = source.base + u32::try_from(at).ok()?;
    // Its words never quote the text.
    let words = error.to_string();
    let words = words.split(" at line ").next().unwrap_or_default();
    Some(
        Diagnostic::error(code::JSON_SYNTAX, format!("not JSON: {words}"))
            .at(Label::at(Span::new(start, start + 1), ""))
            .why("Terraform reads a file whose name ends in `.tf.json` as JSON, which has no comments, no trailing commas and only double quotes")
            .fix("a comment is a member called `//`"),
    )
}
