//! The External Secrets Operator: API `external-secrets.io/v1`, as its CRDs describe it.
//!
//! Two versions are condensed so far, and every other one is answered by its neighbours: see [`Coverage`].
//!
//! | what the API server does | before 2.9 | from 2.9 on |
//! |---|---|---|
//! | writes `conversionStrategy`, `decodingStrategy`, `metadataPolicy` into references | yes | no |
//! | writes `refreshInterval` when an ExternalSecret has none | `1h` | `1h0m0s` |
//!
//! Both follow from the schemas; `nullBytePolicy` came after 0.20 and was written for a few versions before 2.9, none
//! of which is condensed here.

use std::sync::OnceLock;

use serde_json::Value;

use crate::{Cursor, Path, defaults, unknown};

mod history;
mod version;

pub use history::{Presence, enum_introduced, introduced, presence};
pub use version::{Coverage, EsoVersion, ParseVersionError};

/// The kinds whose schema is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A store for one namespace.
    SecretStore,
    /// A store for all namespaces; its `spec` is the same as a SecretStore's.
    ClusterSecretStore,
    /// A Secret made from what a store holds.
    ExternalSecret,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 3] = [Kind::SecretStore, Kind::ClusterSecretStore, Kind::ExternalSecret];

    /// The kind as manifests spell it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::SecretStore => "SecretStore",
            Kind::ClusterSecretStore => "ClusterSecretStore",
            Kind::ExternalSecret => "ExternalSecret",
        }
    }
}

/// One generated file, read when first asked for.
struct Condensed {
    version: EsoVersion,
    text: &'static str,
    parsed: OnceLock<Value>,
}

static CONDENSED: [Condensed; EsoVersion::KNOWN.len()] = [
    Condensed::new(EsoVersion::KNOWN[0], include_str!("generated/eso-0.20.json")),
    Condensed::new(EsoVersion::KNOWN[1], include_str!("generated/eso-2.9.json")),
];

impl Condensed {
    const fn new(version: EsoVersion, text: &'static str) -> Self {
        Self { version, text, parsed: OnceLock::new() }
    }

    fn value(&self) -> &Value {
        // The text is part of this program; a test reads every one of them.
        self.parsed.get_or_init(|| serde_json::from_str(self.text).unwrap_or_default())
    }
}

/// The schema of one kind's `.spec` in one version.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    version: EsoVersion,
    root: Cursor<'static>,
}

/// The schema of `.spec` of that kind, for that version.
///
/// For a version that is not condensed it is the schema of the newest condensed one before it, or of the oldest when
/// there is none; ask [`EsoVersion::coverage`] first when that makes a difference.
pub fn spec(version: EsoVersion, kind: Kind) -> Spec {
    let version = version.condensed();
    let file = CONDENSED.iter().find(|file| file.version == version).map_or(&Value::Null, Condensed::value);
    let schema = file.pointer("/kinds").and_then(|kinds| kinds.get(kind.name())).unwrap_or(&Value::Null);
    let definitions = file.get("definitions").unwrap_or(&Value::Null);
    Spec { version, root: Cursor::new(schema, definitions) }
}

impl Spec {
    /// The version whose CRD this schema was made from.
    pub fn version(self) -> EsoVersion {
        self.version
    }

    /// Where the schema begins.
    pub fn root(self) -> Cursor<'static> {
        self.root
    }

    /// The whole schema as a document of its own (draft-07, with `definitions`), as [`Cursor::schema`] makes it.
    pub fn schema(self) -> Value {
        self.root.schema()
    }
}

/// Completes a `.spec` with the defaults that the API server would add.
pub fn fill_defaults(version: EsoVersion, kind: Kind, value: &mut Value) {
    defaults::fill(spec(version, kind).root(), value);
}

/// The places in a `.spec` that the version's CRD does not know; nothing below such a place is looked at.
pub fn unknown_fields(version: EsoVersion, kind: Kind, value: &Value) -> Vec<Path> {
    unknown::fields(spec(version, kind).root(), value)
}

#[cfg(test)]
mod tests;
