//! What stops a text from being JSON, in our own words: what serde says would quote what it read.

use serde_json::error::{Category, Error};

/// Where a text stops being JSON, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in bytes; 0 before the first.
    pub column: usize,
    /// Why.
    pub why: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
}

/// What a file of connections looks like.
pub(crate) const CONNECTIONS: &str = r#"write {"NAME": {"type": "TYPE", "details": {"FIELD": …}}}"#;

const HALF: (&str, &str) = (
    "this is half a character (`\\ud800` to `\\udfff`), whose other half is missing",
    "write both halves, or the character itself",
);

/// Some editors put a byte order mark first, which is no part of JSON.
pub(crate) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// The stop at a name in which half a character stands.
pub(crate) fn half_a_character(text: &str, at: usize) -> Stop {
    let before = text.get(..at).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    let (why, remedy) = HALF;
    Stop { line: before.matches('\n').count() + 1, column: at - line + 1, why, remedy }
}

/// Why a text is no JSON, of what serde found in it without its byte order mark.
pub(crate) fn stop(text: &str, error: &Error) -> Stop {
    let text = without_mark(text).trim();
    let says = |words: &str| error.to_string().contains(words);
    let (why, remedy) = match error.classify() {
        _ if text.is_empty() => ("there is nothing in it", CONNECTIONS),
        _ if is_yaml(text) => ("this is YAML, and connections are JSON", CONNECTIONS),
        Category::Eof => (
            "it ends too early",
            "look for a quotation mark or brace that is missing, or for what was cut off",
        ),
        _ if says("number out of range") => ("this number is too large", "write one of 64 bits, or a text"),
        _ if says("recursion limit exceeded") => ("it is nested too deeply", "write 128 levels at most"),
        _ if says("trailing characters") => {
            ("something follows the JSON", "take it out, or look for a brace before it that is too many")
        }
        _ if says("surrogate") || says("unexpected end of hex escape") => HALF,
        Category::Syntax | Category::Data | Category::Io => (
            "this is not JSON",
            "look there for a comma, quotation mark or brace that is missing or too many, or a comment",
        ),
    };
    Stop { line: error.line(), column: error.column(), why, remedy }
}

/// Whether it begins as YAML does: `---`, a comment, an item of a list, or a name and a colon without quotes.
fn is_yaml(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty());
    let Some(first) = lines.find(|line| !line.starts_with('#')) else { return false };
    let name = first.split_once(':').filter(|(_, rest)| rest.is_empty() || rest.starts_with(' '));
    let is_name = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$'))
    };
    first == "---" || first.starts_with("- ") || name.is_some_and(|(name, _)| is_name(name))
}
