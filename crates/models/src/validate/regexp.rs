//! Regular expressions, which nobody but the operator would read, at every sync.

use keyloom_syntax::Text;

use crate::finding::{Findings, Place};

/// A regular expression must be one; ESO reads RE2, which is as good as what is used here.
pub(super) fn check(text: &Text, place: &Place, findings: &mut Findings) {
    let Some(known) = text.known() else { return };
    if let Err(error) = regex::Regex::new(known) {
        let words = error.to_string();
        let last = words.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
        findings
            .error("bad-regexp", place.clone(), format!("`{known}` is not a regular expression: {last}"))
            .why("the operator would find that out at every sync, and nowhere else");
    }
}
