//! What a sync makes of names at its destination: the one place that checks, plans and traces ask.

use std::borrow::Cow;

use super::KeySchema;
use crate::secret_sync::SyncKind;

/// What a destination does to names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// A secret for each name, and names stay as they are.
    Each,
    /// A secret for each name, in capitals alone: GitHub.
    Capitals,
    /// A secret for each name, with hyphens for underscores and capitals that tell nothing apart: Azure Key Vault.
    Hyphens,
    /// One secret for all: names are its keys, as they are at the source. It is written as a whole, and the key schema makes the
    /// name of the secret itself.
    OneSecret,
}

impl Manner {
    /// What destinations of a kind do. `one_secret` is said of AWS Secrets Manager with `many-to-one`.
    pub fn of(kind: SyncKind, one_secret: bool) -> Self {
        match kind {
            _ if one_secret => Self::OneSecret,
            SyncKind::GITHUB => Self::Capitals,
            SyncKind::AZURE_KEY_VAULT => Self::Hyphens,
            _ => Self::Each,
        }
    }

    /// Whether nothing is deleted, where deletion is disabled or not. One secret is written as a whole, whatever is said.
    pub fn keeps(self, disable_secret_deletion: bool) -> bool {
        disable_secret_deletion && self != Self::OneSecret
    }
}

/// The names of a sync at its destination.
///
/// ```
/// use keyloom_models::key_schema::KeySchema;
/// use keyloom_models::key_schema::names::{Manner, Names};
/// let schema = KeySchema::new(Some("app_{{secretKey}}"), "prod");
/// let github = Names::new(&schema, Manner::Capitals);
/// assert_eq!(github.written("url"), "APP_URL");
/// let one = Names::new(&schema, Manner::OneSecret);
/// assert_eq!((one.written("url").as_str(), one.secret("shop").as_str()), ("url", "app_shop"));
/// assert!(one.claims_all() && !Manner::OneSecret.keeps(true));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Names<'s> {
    schema: &'s KeySchema,
    manner: Manner,
}

impl<'s> Names<'s> {
    /// Those that a key schema makes at a destination.
    pub fn new(schema: &'s KeySchema, manner: Manner) -> Self {
        Self { schema, manner }
    }

    /// The name that a secret of the source is written to.
    pub fn written(&self, secret: &str) -> String {
        match self.manner {
            Manner::Each => self.schema.expand(secret),
            Manner::OneSecret => secret.to_owned(),
            Manner::Hyphens => self.schema.expand(secret).replace('_', "-"),
            Manner::Capitals => {
                let name = self.schema.expand(secret);
                if is_upper(&name) { name } else { name.to_uppercase() }
            }
        }
    }

    /// What makes two names one.
    pub fn identity<'n>(&self, name: &'n str) -> Cow<'n, str> {
        match self.manner {
            Manner::Each | Manner::OneSecret => Cow::Borrowed(name),
            Manner::Hyphens => Cow::Owned(hyphenated(name)),
            Manner::Capitals if is_upper(name) => Cow::Borrowed(name),
            Manner::Capitals => Cow::Owned(name.to_uppercase()),
        }
    }

    /// Whether Infisical takes a name for one of the sync. Capitals of a key schema count as they are written, whatever the
    /// destination has.
    pub fn claims(&self, name: &str) -> bool {
        match self.manner {
            Manner::OneSecret => true,
            Manner::Each | Manner::Capitals => self.schema.claims(name),
            Manner::Hyphens => {
                self.schema.claims(name) || self.schema.map(|part| part.replace('_', "-")).claims(name)
            }
        }
    }

    /// Whether every name is taken for one's own: those of the destination, or the keys of the one secret.
    pub fn claims_all(&self) -> bool {
        self.manner == Manner::OneSecret || self.schema.claims_all()
    }

    /// The name of the one secret that holds all, of what the declaration calls it.
    pub fn secret(&self, declared: &str) -> String {
        self.schema.expand(declared)
    }

    /// Whether two syncs to one destination may both write or claim some name. Keys of one secret always meet.
    pub fn meets(&self, other: &Self) -> bool {
        match (self.manner, other.manner) {
            (Manner::OneSecret, _) | (_, Manner::OneSecret) => true,
            (Manner::Each, Manner::Each) => self.schema.meets(other.schema),
            _ => self.folded().meets(&other.folded()),
        }
    }

    /// The key schema of what names are one by.
    fn folded(&self) -> KeySchema {
        self.schema.map(|part| self.identity(part).into_owned())
    }
}

/// A name of Azure Key Vault as it compares them; letters beyond ASCII are not legal there.
fn hyphenated(name: &str) -> String {
    name.replace('_', "-").to_ascii_lowercase()
}

/// Whether a name is in capitals for certain; what is not ASCII may not be.
fn is_upper(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SEPARATE: [Manner; 3] = [Manner::Each, Manner::Capitals, Manner::Hyphens];

    fn meet(a: &str, b: &str, manner: Manner) -> bool {
        let (a, b) = (KeySchema::new(Some(a), "prod"), KeySchema::new(Some(b), "prod"));
        let (a, b) = (Names::new(&a, manner), Names::new(&b, manner));
        assert_eq!(a.meets(&b), b.meets(&a));
        a.meets(&b)
    }

    #[test]
    fn schemas_meet_in_what_the_destination_makes_of_them() {
        let (low, high) = ("app_{{secretKey}}", "APP_{{secretKey}}");
        assert!(!meet(low, high, Manner::Each));
        assert!(meet(low, high, Manner::Capitals));
        assert!(meet(low, high, Manner::Hyphens));
        assert!(!meet("a-{{secretKey}}", "a_{{secretKey}}", Manner::Capitals));
        assert!(meet("a-{{secretKey}}", "a_{{secretKey}}", Manner::Hyphens));
        assert!(meet("a-{{secretKey}}", "b-{{secretKey}}", Manner::OneSecret));
    }

    #[test]
    fn each_kind_has_its_manner() {
        assert_eq!(Manner::of(SyncKind::AWS_SECRETS_MANAGER, true), Manner::OneSecret);
        assert_eq!(Manner::of(SyncKind::AWS_SECRETS_MANAGER, false), Manner::Each);
        assert_eq!(Manner::of(SyncKind::GITHUB, false), Manner::Capitals);
        assert_eq!(Manner::of(SyncKind::AZURE_KEY_VAULT, false), Manner::Hyphens);
        assert_eq!(Manner::of(SyncKind::GCP_SECRET_MANAGER, false), Manner::Each);
    }

    proptest! {
        #[test]
        fn what_two_write_or_claim_they_meet_in(
            a in "[aA_/-]{0,3}\\{\\{secretKey\\}\\}[aA_/-]{0,2}", b in "[aA_/-]{0,3}\\{\\{secretKey\\}\\}[aA_/-]{0,2}",
            manner in prop::sample::select(&SEPARATE[..]), secret in "[aA_-]{0,2}", name in "[aA_/-]{0,6}",
        ) {
            let (a, b) = (KeySchema::new(Some(&a), "prod"), KeySchema::new(Some(&b), "prod"));
            let (a, b) = (Names::new(&a, manner), Names::new(&b, manner));
            for name in [a.written(&secret), b.written(&secret), name] {
                let touches = |names: &Names<'_>| {
                    names.claims(&name) || names.identity(&names.written(&secret)) == names.identity(&name)
                };
                if touches(&a) && touches(&b) {
                    prop_assert!(a.meets(&b) && b.meets(&a), "{}", name);
                }
            }
        }
    }
}
