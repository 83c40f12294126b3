//! What makes a finding the same finding in the next run, although lines and items before it came and went.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

/// The name of the scheme; another way to count has another name.
pub(super) const NAME: &str = "keyloomFinding/v1";

/// Counts findings that are alike in everything that is looked at.
#[derive(Default)]
pub(super) struct Fingerprints {
    seen: BTreeMap<String, usize>,
}

impl Fingerprints {
    /// The fingerprint of a finding, from words that are shown anyway: nothing hidden is in it.
    pub(super) fn of(&mut self, code: &str, file: &str, path: &str, message: &str) -> String {
        let what = [code, file, &without_numbers(path), message].join("\0");
        let times = self.seen.entry(what.clone()).or_default();
        *times += 1;
        let digest = Sha256::digest(format!("{what}\0{times}"));
        digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// `externalSecrets[2].data` is `externalSecrets[].data`: a new item at the front changes nothing behind it.
fn without_numbers(path: &str) -> String {
    let mut inside = false;
    let keep = |c: &char| {
        inside = *c == '[' || (inside && c.is_ascii_digit());
        !(inside && c.is_ascii_digit())
    };
    path.chars().filter(keep).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_said_counts() {
        let of = |path: &str, message: &str| Fingerprints::default().of("a-code", "a.yaml", path, message);
        assert_eq!(of("stores[0].name", "x"), of("stores[12].name", "x"));
        assert_ne!(of("stores[0].name", "x"), of("stores[0].name", "y"));
        assert_ne!(of("stores[0].v1", "x"), of("stores[0].v2", "x"));
        let mut twice = Fingerprints::default();
        assert_ne!(twice.of("a-code", "a.yaml", "", "x"), twice.of("a-code", "a.yaml", "", "x"));
    }
}
