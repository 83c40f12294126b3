//! Why a node could not be read. Messages name kinds and expectations, never the value: it may be a secret.

use std::fmt;

use serde::de::{Expected, Unexpected};

use crate::tree::{Kind, NodeId};

/// A node does not fit the type it is read into.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ReadError {
    /// The innermost node that does not fit.
    pub at: NodeId,
    /// What is wrong: a lower-case fragment.
    pub message: String,
}

/// Where, until a caller that knows the node fills it in.
const NOWHERE: NodeId = NodeId(u32::MAX);

impl ReadError {
    /// The same error, at `node` unless it has a place already.
    pub(super) fn or_at(mut self, node: NodeId) -> Self {
        if self.at == NOWHERE {
            self.at = node;
        }
        self
    }

    fn new(message: String) -> Self {
        Self { at: NOWHERE, message }
    }
}

impl serde::de::Error for ReadError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!("expected {expected}, found {}", unexpected(&found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(format!(
            "expected {expected}, found another {}",
            unexpected(&found).trim_start_matches("a ")
        ))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::new(format!("unknown word; expected one of {}", expected.join(", ")))
    }
}

fn unexpected(found: &Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "a boolean",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "a number",
        Unexpected::Char(_) | Unexpected::Str(_) => "a string",
        Unexpected::Unit | Unexpected::Option => "nothing",
        Unexpected::Seq => "a list",
        Unexpected::Map => "a mapping",
        _ => "another thing",
    }
}

/// A kind with its article.
pub(super) fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Null => "nothing",
        Kind::Bool => "a boolean",
        Kind::Int | Kind::Float => "a number",
        Kind::String => "a string",
        Kind::Sequence => "a list",
        Kind::Mapping => "a mapping",
    }
}
