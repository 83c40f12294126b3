//! [`Scrub`]: takes secrets out of words that somebody else wrote.

use std::collections::BTreeSet;
use std::fmt;

use keyloom_wire::property::{Property, PropertyMap};
use secrecy::{ExposeSecret, SecretString};

/// What stands in the place of a secret.
const HIDDEN: &str = "(secret)";
/// Shorter ones stand in ordinary words too, and give nothing away there.
const SHORTEST: usize = 3;

/// The secrets of some inputs, to be taken out of messages of engine and providers.
#[derive(Clone, Default)]
pub(crate) struct Scrub {
    /// The longest first, for one may hold another.
    secrets: Vec<SecretString>,
}

impl Scrub {
    pub(crate) fn of<'p>(inputs: impl IntoIterator<Item = &'p PropertyMap>) -> Self {
        let mut found = BTreeSet::new();
        for property in inputs.into_iter().flat_map(PropertyMap::values) {
            gather(property, false, &mut found);
        }
        let mut secrets: Vec<&str> = found.into_iter().collect();
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self { secrets: secrets.into_iter().map(SecretString::from).collect() }
    }

    /// The words without secrets.
    pub(crate) fn clean(&self, words: &str) -> String {
        self.secrets
            .iter()
            .fold(words.to_owned(), |words, secret| words.replace(secret.expose_secret(), HIDDEN))
    }
}

impl fmt::Debug for Scrub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scrub(..)")
    }
}

/// A secret is looked for as it is, and line by line: messages break lines their own way.
fn gather<'p>(property: &'p Property, inherited: bool, found: &mut BTreeSet<&'p str>) {
    let secret = inherited || property.secret;
    if let Some(text) = property.as_str().filter(|_| secret) {
        let lines = text.lines().map(str::trim);
        found.extend([text].into_iter().chain(lines).filter(|text| text.len() >= SHORTEST));
    }
    property.members().for_each(|member| gather(member, secret, found));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_taken_out_wherever_they_lie() {
        let pem = Property::from("-----BEGIN KEY-----\ncanary-of-a-key\n").secret();
        let inner = PropertyMap::from([("token".to_owned(), Property::from("canary"))]);
        let inputs = PropertyMap::from([
            ("key".to_owned(), pem),
            ("auth".to_owned(), Property::from(inner).secret()),
            ("name".to_owned(), Property::from("app")),
        ]);
        let scrub = Scrub::of([&inputs]);
        assert_eq!(scrub.clean("app: canary is no canary-of-a-key"), "app: (secret) is no (secret)");
        assert_eq!(format!("{scrub:?}"), "Scrub(..)");
    }
}
