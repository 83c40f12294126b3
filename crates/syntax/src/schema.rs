//! [`Schema`]: a JSON Schema compiled once, for [`check`](crate::check::check) to walk documents against.
//!
//! The subset of draft-07: `$ref` inside the document, `type`, `properties`, `patternProperties`, `required`,
//! `additionalProperties`, `items` (one schema), `enum`, `const`, `pattern`, `minLength`, `maxLength`, `minimum`,
//! `maximum` and their exclusive forms, `minItems`, `maxItems`, `uniqueItems`, `minProperties`, `maxProperties`,
//! `allOf`, `anyOf`, `oneOf`, `not`, `if`/`then`/`else`, and for people `title`, `description`, `default`,
//! `deprecated`. A constraint outside of it is refused, everything else is ignored. Kubernetes'
//! `x-kubernetes-int-or-string` and `x-kubernetes-preserve-unknown-fields` are understood.
//!
//! What a failure is called and says is set in the schema too:
//! - `x-code`, `x-message`, `x-why`, `x-fix`: for the choice (`oneOf`, `anyOf`, `not`, `if`) they stand beside; in a
//!   schema without one, for its values, formats and ranges, and for `required` where no `properties` stand beside
//!   it. Beside `oneOf` they are about too many; see `oneOf-none`.
//! - `x-codes`: `{"pattern": "bad-name"}`, the code for one keyword.
//! - `x-on`: `{"type": {"code": .., "message": .., "why": .., "fix": ..}}`, everything for one keyword. Two names
//!   are not keywords: `oneOf-none` (no choice was made) and `unknown` (an unknown field).
//!
//!   A message may hold `{field}` and `{value}`.
//! - `x-noun`: `a secret reference`; makes "`x` is not a field of a secret reference".
//! - `x-aliases`: `[secretKey, remoteRef.key]` in a property, what it is called in External Secrets Operator (ESO);
//!   who writes that name (the first step of it) is told the property's.
//! - `x-unit`: `s`, where text is wanted: what a bare number most likely lacks.
//! - `x-secret`: the value may be a secret; no message quotes it.

mod compile;
mod describe;
mod node;
mod remark;
mod types;

use std::sync::Arc;

pub use describe::{FieldDoc, FieldLine};
pub(crate) use node::{Additional, Branches, Choice, ListRules, Node, NodeId, ObjectRules, Values};
pub(crate) use remark::Keyword;
pub(crate) use types::Types;

use node::Pattern;

/// A compiled schema. Cheap to share: it holds no borrowed data, and its patterns are compiled on first use.
#[derive(Clone, Debug)]
pub struct Schema {
    arena: Arc<Arena>,
    root: NodeId,
}

/// Everything that was compiled together.
#[derive(Debug)]
struct Arena {
    nodes: Vec<Node>,
    patterns: Vec<Pattern>,
}

/// Why a schema was refused. `at` is a JSON pointer into the schema.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// A keyword has a value of the wrong form, or is a constraint outside of the subset.
    #[error("schema {at}: {what}")]
    Unsupported {
        /// Where.
        at: String,
        /// What.
        what: String,
    },
    /// A `$ref` that leads nowhere.
    #[error("schema {at}: `$ref` {target} leads nowhere")]
    LostRef {
        /// Where.
        at: String,
        /// The reference as written.
        target: String,
    },
    /// Following `$ref`, `allOf` and the like comes back to the same schema without a step into the document.
    #[error("schema {at}: refers to itself without an end")]
    Endless {
        /// Where.
        at: String,
    },
    /// An `x-code` that the caller does not know.
    #[error("schema {at}: unknown code {code}")]
    UnknownCode {
        /// Where.
        at: String,
        /// The code.
        code: String,
    },
    /// A pattern that is no regular expression.
    #[error("pattern {pattern}: {why}")]
    BadPattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        why: String,
    },
}

impl Schema {
    /// Compiles a schema whose `x-code`s are codes of the checker itself.
    ///
    /// # Errors
    /// [`SchemaError`], naming the place in the schema.
    pub fn compile(value: &serde_json::Value) -> Result<Self, SchemaError> {
        Self::compile_with_codes(value, &[])
    }

    /// Compiles a schema that may use `codes` besides the checker's own ([`crate::check::CODES`]).
    ///
    /// # Errors
    /// [`SchemaError`], naming the place in the schema.
    pub fn compile_with_codes(
        value: &serde_json::Value,
        codes: &[&'static str],
    ) -> Result<Self, SchemaError> {
        let [schema] = Self::compile_parts(value, ["#"], codes)?;
        Ok(schema)
    }

    /// Compiles several parts of one schema together, as [`Schema::compile_with_codes`]: each reference, such as `#` or
    /// `#/definitions/x`, is the root of one of the results, and what they have in common is compiled once.
    ///
    /// # Errors
    /// [`SchemaError`], naming the place in the schema.
    pub fn compile_parts<const N: usize>(
        value: &serde_json::Value,
        references: [&str; N],
        codes: &[&'static str],
    ) -> Result<[Self; N], SchemaError> {
        compile::compile(value, references, codes)
    }

    /// Compiles every pattern now. Patterns are otherwise compiled when first met, and one that is no regular
    /// expression then refuses every text; a test of each schema should call this.
    ///
    /// # Errors
    /// [`SchemaError::BadPattern`]
    pub fn compile_patterns(&self) -> Result<(), SchemaError> {
        self.arena.patterns.iter().try_for_each(|pattern| pattern.compiled().map(|_| ()))
    }

    /// Whether a document that fits may be warned of something: a deprecated field.
    pub fn warns(&self) -> bool {
        self.node(self.root).warns
    }

    pub(crate) fn root(&self) -> NodeId {
        self.root
    }

    pub(crate) fn node(&self, id: NodeId) -> &Node {
        // Ids are made by the compiler of this very schema.
        &self.arena.nodes[id.0 as usize]
    }

    pub(crate) fn pattern(&self, id: node::PatternId) -> &Pattern {
        &self.arena.patterns[id.0 as usize]
    }
}
