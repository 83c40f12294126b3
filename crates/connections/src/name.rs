//! Names of connections: which are none, and which others read badly or cannot tell apart.

use std::collections::BTreeMap;

use crate::problem::Problem;
use crate::text::variable_name;

/// As long may the name of a connection be in a declaration, in bytes.
const LONGEST: usize = 253;

/// What is wrong with the name of a connection, or odd about it.
///
/// ```
/// use keyloom_connections::name_problems;
/// assert!(name_problems("my-postgres").is_empty());
/// assert!(!name_problems("")[0].is_warning());
/// assert!(name_problems("über-db")[0].is_warning());
/// ```
pub fn name_problems(name: &str) -> Vec<Problem> {
    if name.trim().is_empty() {
        return vec![Problem::NameEmpty];
    }
    if name.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        return vec![Problem::NameBroken];
    }
    if is_declarable(name) { Vec::new() } else { vec![Problem::NameOdd { variable: variable_name(name) }] }
}

/// Whether a declaration takes it: letters, digits, `-`, `_` and `.`, of which `-` and `.` are not at its ends.
fn is_declarable(name: &str) -> bool {
    let is_end = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_inner = |c: char| is_end(c) || matches!(c, '-' | '.');
    name.len() <= LONGEST && name.chars().all(is_inner) && name.starts_with(is_end) && name.ends_with(is_end)
}

/// Names that variables cannot tell apart: the place of each in the list, with what there is to say of it beside one before.
///
/// ```
/// let shared = keyloom_connections::shared_names(["my-db", "other", "my_db"].into_iter());
/// assert_eq!(shared.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [2]);
/// ```
pub fn shared_names<'a>(names: impl Iterator<Item = &'a str>) -> Vec<(usize, Problem)> {
    let mut first: BTreeMap<String, &str> = BTreeMap::new();
    let mut shared = Vec::new();
    for (at, name) in names.enumerate() {
        let variable = variable_name(name);
        match first.get(&variable) {
            // One that stands twice is told as such.
            Some(other) if *other != name => {
                shared.push((at, Problem::NameShared { other: (*other).to_owned(), variable }));
            }
            Some(_) => {}
            None => drop(first.insert(variable, name)),
        }
    }
    shared
}
