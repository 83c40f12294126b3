//! Names that somebody wrote: which stand twice, and which may be shown.

use std::collections::{BTreeMap, BTreeSet};

use crate::object::Object;
use crate::problem::Problem;
use crate::value::Value;

/// A longer word is no typing error but something pasted, and is not repeated.
const LONGEST_NAME: usize = 40;
/// As long may letters and digits run on in a name without a new word.
const LONGEST_WORD: usize = 15;
/// As many capitals after other characters has a name at most; what is generated has more, and letters behind digits.
const MOST_HUMPS: usize = 3;

/// The names of an object, each once, in order.
pub(super) fn each(object: &Object) -> impl Iterator<Item = &str> {
    let mut seen = BTreeSet::new();
    object.iter().map(|(name, _)| name).filter(move |name| seen.insert(*name))
}

/// Every name that stands twice in one mapping, in whatever depth.
pub(super) fn twice(root: &Object, problems: &mut Vec<Problem>) {
    walk(root, "", problems);
}

fn walk(object: &Object, place: &str, problems: &mut Vec<Problem>) {
    // Counted once for all names: a mapping may have a hundred thousand.
    let mut times = BTreeMap::new();
    for (name, _) in object.iter() {
        *times.entry(name).or_insert(0) += 1;
    }
    for (name, value) in object.iter() {
        // Taken out with the first of the name, which is the one that is looked into.
        let Some(times) = times.remove(name) else { continue };
        if times == 1 && !holds_more(value) {
            continue;
        }
        let here = format!("{place}{}", or_dots(name, None));
        if times > 1 {
            problems.push(Problem::Twice { field: here.clone(), times });
        }
        inside(value, &here, problems);
    }
}

fn holds_more(value: &Value) -> bool {
    matches!(value, Value::Object(_) | Value::List(_))
}

fn inside(value: &Value, here: &str, problems: &mut Vec<Problem>) {
    match value {
        Value::Object(object) => walk(object, &format!("{here}."), problems),
        Value::List(list) => {
            for (at, element) in list.iter().enumerate().filter(|(_, element)| holds_more(element)) {
                inside(element, &format!("{here}[{at}]"), problems);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) => {}
    }
}

/// A name that may be shown, or dots.
pub(super) fn or_dots(name: &str, meant: Option<&str>) -> String {
    shown(name, meant).unwrap_or("…").to_owned()
}

/// Whether a name is made of words, and like nothing that is generated or pasted.
///
/// ```
/// assert!(keyloom_connections::may_show("pasword"));
/// assert!(!keyloom_connections::may_show("AKIAIOSFODNN7EXAMPLE"));
/// ```
pub fn may_show(name: &str) -> bool {
    shown(name, None).is_some()
}

/// A name that may be shown: one that is near to a known one, or that is made of words and looks like nothing that is generated.
pub(super) fn shown<'a>(name: &'a str, meant: Option<&str>) -> Option<&'a str> {
    let plain = name.len() <= LONGEST_NAME
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.' | '$'));
    (plain && !name.is_empty() && (meant.is_some() || !is_generated(name))).then_some(name)
}

fn is_generated(name: &str) -> bool {
    let follows =
        |is: fn(u8, u8) -> bool| name.as_bytes().windows(2).filter(|two| is(two[0], two[1])).count();
    let humps = follows(|one, next| next.is_ascii_uppercase() && !one.is_ascii_uppercase());
    let behind_digits = follows(|one, next| one.is_ascii_digit() && next.is_ascii_alphabetic());
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    humps > MOST_HUMPS || behind_digits > 0 || digits > 3 || longest_word(name) > LONGEST_WORD
}

fn longest_word(name: &str) -> usize {
    let (mut longest, mut length, mut before) = (0, 0, b'_');
    for byte in name.bytes() {
        let new_word = byte.is_ascii_uppercase() && before.is_ascii_lowercase();
        length = if !byte.is_ascii_alphanumeric() {
            0
        } else if new_word {
            1
        } else {
            length + 1
        };
        longest = longest.max(length);
        before = byte;
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_shown_and_what_was_pasted_is_not() {
        for name in [
            "pasword",
            "userName",
            "serviceAccountJSON",
            "useApplicationDefaultCredentials",
            "use_application_default_credentials",
            "oauth2_token",
            "host2",
            "$x",
        ] {
            assert_eq!(shown(name, None), Some(name));
        }
        for name in [
            "",
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMIK7MDENG",
            "0123-4567",
            "xkqzvtrwpnmlbdfg",
            "ghp_abCdeFghIjkLmnOpqRstUvwXyz",
            "sk_live_4eC39HqLyjWDarj",
            "5f4dcc3b5aa765d61d8327deb882cf99",
            "Tr0ub4dor",
            "st.abcdefabcdefabcdefabcdef",
            "a\u{202e}b",
            "a`b",
            "a\nb",
        ] {
            assert_eq!(shown(name, None), None, "{name}");
        }
        assert_eq!(shown("serviceaccountjson", None), None);
        assert_eq!(shown("serviceaccountjson", Some("service_account_json")), Some("serviceaccountjson"));
    }
}
