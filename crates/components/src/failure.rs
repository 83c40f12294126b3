//! [`Failure`]: why a component did not come to be. No message holds a value.

use std::fmt;

use crate::monitor::{Feature, MonitorError, RegisteredAs};
use crate::problem::InputErrors;
use crate::scrub::Scrub;

/// Why a component did not come to be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Inputs are not right.
    #[error(transparent)]
    Inputs(#[from] InputErrors),
    /// The engine lacks what is needed.
    #[error("the engine has no `{}`, which {what}; update the Pulumi CLI", feature.as_str())]
    Unsupported {
        /// What it lacks.
        feature: Feature,
        /// Who needs it.
        what: &'static str,
    },
    /// A value is not known, though everything should be.
    #[error("{resource}: `{property}` is still not known, though this is no preview")]
    Unknown {
        /// The resource.
        resource: ResourceName,
        /// Its input.
        property: String,
    },
    /// Something that an input derives from was not registered.
    #[error("{0} was not registered: something that its inputs derive from failed before")]
    Needed(ResourceName),
    /// The monitor did not answer, or with an error.
    #[error("{resource} was not {verb}: {reason}")]
    Monitor {
        /// The resource.
        resource: ResourceName,
        /// What was tried.
        verb: &'static str,
        /// The engine's words, without values.
        reason: String,
    },
    /// Children were not created or updated.
    #[error("{component}: {}", joined(children))]
    Children {
        /// The component.
        component: ResourceName,
        /// Which of them, and why.
        children: Vec<ChildFailure>,
    },
}

/// A resource as messages call it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceName {
    /// Its type token.
    pub token: String,
    /// Its name in the stack.
    pub name: String,
}

impl fmt::Display for ResourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}`", self.token, self.name)
    }
}

/// A child that was not created or updated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChildFailure {
    /// The child.
    pub child: ResourceName,
    /// Why.
    pub reason: String,
}

fn joined(children: &[ChildFailure]) -> String {
    let each = children.iter().map(|ChildFailure { child, reason }| format!("child {child}: {reason}"));
    each.collect::<Vec<_>>().join("; ")
}

impl ChildFailure {
    pub(crate) fn error(child: ResourceName, error: &MonitorError, scrub: &Scrub) -> Self {
        Self { child, reason: scrub.clean(&error.message) }
    }

    /// Why a child is not there whose registration was answered; `None` if it is.
    pub(crate) fn outcome(child: ResourceName, outcome: RegisteredAs) -> Option<Self> {
        let reason = match outcome {
            RegisteredAs::Success => return None,
            RegisteredAs::Failed => "its provider could not create or update it; why stands at that resource",
            RegisteredAs::Skipped => "it was skipped, for something that it depends on failed",
        };
        Some(Self { child, reason: reason.to_owned() })
    }

    pub(crate) fn because(child: ResourceName, reason: &str) -> Self {
        Self { child, reason: reason.to_owned() }
    }
}

/// An error with what caused it: the outermost often says little.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_words = cause.to_string();
        // Many an error says its cause itself.
        if !words.contains(&cause_words) {
            words.extend([": ", &cause_words]);
        }
        source = cause.source();
    }
    words
}
