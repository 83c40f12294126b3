//! What AWS answers to a request by policies alone: those of an identity, and the trust policy of a role, as IAM's
//! documentation says that they are evaluated.
//!
//! Pure, and strict: what of the language of policies is not known here is an error, never an answer. Policies of resources,
//! boundaries and organizations are not looked at.

use std::collections::BTreeMap;
use std::fmt;

mod condition;
mod pattern;
pub mod pipeline;
mod policy;
pub mod terraform;

pub use policy::{Policy, Principal};

/// Something of the language of policies that is not evaluated here, or that AWS refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotKnown(String);

impl fmt::Display for NotKnown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NotKnown {}

fn not_known<T>(words: impl Into<String>) -> Result<T, NotKnown> {
    Err(NotKnown(words.into()))
}

/// What somebody asks of AWS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The action, such as `secretsmanager:GetSecretValue`.
    pub action: String,
    /// The resource's ARN, or `*` where an action has none.
    pub resource: String,
    /// Who asks, which trust policies alone want to know.
    pub principal: Option<Principal>,
    /// What else is known, by the names of condition keys; case does not matter in them.
    pub context: BTreeMap<String, Vec<String>>,
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Some statement allows it, and none denies it.
    Allowed,
    /// A statement denies it, whatever others allow.
    Denied,
    /// No statement says anything of it, which denies it too.
    NotAllowed,
}

/// What these policies together answer.
///
/// # Errors
/// A key with several values, of which a condition asks as if there were one.
pub fn decide<'p>(
    policies: impl IntoIterator<Item = &'p Policy>,
    request: &Request,
) -> Result<Decision, NotKnown> {
    let mut decision = Decision::NotAllowed;
    for statement in policies.into_iter().flat_map(|policy| &policy.statements) {
        if !statement.applies(request)? {
            continue;
        }
        match statement.effect {
            // One more statement may still hold what is not known, so all are looked at.
            policy::Effect::Deny => decision = Decision::Denied,
            policy::Effect::Allow if decision == Decision::NotAllowed => decision = Decision::Allowed,
            policy::Effect::Allow => {}
        }
    }
    Ok(decision)
}
