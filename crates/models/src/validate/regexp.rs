//! Regular expressions, which nobody but the operator would read, at every sync.

use keyloom_syntax::Text;

use crate::finding::{Findings, Place};

/// A regular expression must be one; ESO reads RE2, which is as good as what is used here.
pub(super) fn check(text: &Text, place: &Place, findings: &mut Findings) {
    let Some(known) = text.known() else { return };
    if let Some(complaint) = complaint(known) {
        findings
            .error("bad-regexp", place.clone(), format!("`{known}` is not a regular expression: {complaint}"))
            .why("the operator would find that out at every sync, and nowhere else");
    }
}

/// What is wrong with a regular expression, as a fragment; nothing when it is one.
pub fn complaint(pattern: &str) -> Option<String> {
    let words = regex::Regex::new(pattern).err()?.to_string();
    Some(words.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned())
}

/// Whether a regular expression is found in a text; nothing when it is no expression.
pub fn matches(pattern: &str, text: &str) -> Option<bool> {
    Some(regex::Regex::new(pattern).ok()?.is_match(text))
}
