//! Connection strings: a password with `@`, `/`, `:` or `%` in it makes another address.

use super::{HOLE, Output};
use crate::template::fault::{Fault, FaultKind};

/// What makes text fit for a URL, or at least is no password as it stands.
const ESCAPES: [&str; 9] = [
    "b64enc",
    "htmlDate",
    "regexReplaceAll",
    "replace",
    "sha256sum",
    "sha512sum",
    "urlJoin",
    "urlquery",
    "uuidv4",
];

/// Looks at every `scheme://user:password@`.
pub(super) fn check(output: &Output<'_>, faults: &mut Vec<Fault>) {
    let text = output.text.as_str();
    for (at, _) in text.match_indices("://") {
        let authority = at + "://".len();
        let rest = text.get(authority..).unwrap_or_default();
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '`' | '<' | ','));
        let rest = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let Some(user) = rest.rfind('@').and_then(|at| rest.get(..at)) else { continue };
        let Some(colon) = user.find(':') else { continue };
        let password = authority + colon + 1;
        for (found, _) in user.get(colon + 1..).unwrap_or_default().match_indices(HOLE) {
            let Some(hole) = output.hole_at(password + found) else { continue };
            if !hole.plain || hole.key.is_none() || hole.passed(&ESCAPES) {
                continue;
            }
            let message = format!("{} stands in an address as it is", hole.words());
            faults.push(
                Fault::note(FaultKind::UnescapedUrl, hole.range.clone(), message)
                    .why("an `@`, `/`, `:` or `%` in a password makes another address of it")
                    .fix(hole.with("urlquery | replace \"+\" \"%20\"")),
            );
        }
    }
}
