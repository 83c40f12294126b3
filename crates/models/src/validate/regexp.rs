//! Regular expressions, which nobody but the operator would read, at every sync.

use std::collections::BTreeMap;

use keyloom_syntax::Text;
use regex::Regex;

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
    let words = Regex::new(pattern).err()?.to_string();
    Some(words.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned())
}

/// Regular expressions that many texts are held against, each read once.
#[derive(Debug, Default)]
pub struct RegexpSet<'p>(BTreeMap<&'p str, Option<Regex>>);

impl<'p> RegexpSet<'p> {
    /// These regular expressions.
    pub fn of(regexps: impl IntoIterator<Item = &'p str>) -> Self {
        let mut read = BTreeMap::new();
        for regexp in regexps {
            read.entry(regexp).or_insert_with(|| Regex::new(regexp).ok());
        }
        Self(read)
    }

    /// Whether one of them is found in a text; nothing when it is no expression.
    pub fn matches(&self, regexp: &str, text: &str) -> Option<bool> {
        Some(self.0.get(regexp)?.as_ref()?.is_match(text))
    }
}
