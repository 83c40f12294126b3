//! What the server would take for a reference to another secret (`${ENVIRONMENT.FOLDER.NAME}`), and put that one's value in its place.

use keyloom_connections::Secret;
use serde::de::IgnoredAny;
use zeroize::Zeroizing;

/// How a reference begins.
const BEGIN: &str = "${";
/// The same to whoever reads JSON, and nothing to the server, which knows no way to say that something is none.
const ESCAPED: &str = "\\u0024{";

/// The text so that there is no reference in it; none where it cannot be, for it is no JSON.
pub(super) fn without(text: &Secret) -> Option<Secret> {
    let all = text.expose();
    let many = all.matches(BEGIN).count();
    if many == 0 {
        return Some(text.clone());
    }
    // In JSON a dollar stands in texts alone, and never behind the backslash of an escape.
    serde_json::from_str::<IgnoredAny>(all).ok()?;
    // Room for all, so that no part of it is left behind in memory that was too small.
    let mut escaped = Zeroizing::new(String::with_capacity(all.len() + many * ESCAPED.len()));
    for (at, part) in all.split(BEGIN).enumerate() {
        if at > 0 {
            escaped.push_str(ESCAPED);
        }
        escaped.push_str(part);
    }
    Some(Secret::new(std::mem::take(&mut *escaped)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[test]
    fn what_is_no_json_is_not_changed() {
        for text in ["", "canary", "$ {a}", "{\"a\": 1}"] {
            assert!(without(&secret(text)).unwrap().is_same(&secret(text)));
        }
        assert!(without(&secret("canary ${a}")).is_none());
    }

    proptest! {
        /// Whatever the texts: nothing that begins a reference is left, and JSON means what it meant.
        #[test]
        fn json_means_what_it_meant(all in prop::collection::vec("([$\\{}\\\\a\"\u{e9}]|.){0,12}", 0..6)) {
            let text = serde_json::to_string(&all).unwrap();
            let escaped = without(&secret(&text)).unwrap();
            prop_assert!(!escaped.expose().contains(BEGIN));
            prop_assert_eq!(serde_json::from_str::<Vec<String>>(escaped.expose()).unwrap(), all);
        }
    }
}
