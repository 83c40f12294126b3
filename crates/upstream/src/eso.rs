//! The External Secrets Operator: every kind it has, as its CRDs describe it.
//!
//! [`spec`] answers for the API version that is written today, [`apis`] for each one that a CRD has, so for `v1beta1` too.
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

use crate::{Cursor, Lines, Path, defaults, unknown};

mod api;
mod history;
mod kind;
mod version;

pub use api::{Api, api, apis};
pub use history::{Presence, enum_introduced, introduced, presence};
pub use kind::{GENERATORS, GROUP, Kind};
pub use version::{Coverage, EsoVersion, ParseVersionError};

/// One generated file, whose parts are read when they are first asked for.
#[derive(Debug)]
struct Condensed {
    version: EsoVersion,
    text: &'static str,
    kinds: OnceLock<Lines>,
    definitions: OnceLock<Lines>,
}

static CONDENSED: [Condensed; EsoVersion::KNOWN.len()] = [
    Condensed::new(EsoVersion::KNOWN[0], include_str!("generated/eso-0.20.json")),
    Condensed::new(EsoVersion::KNOWN[1], include_str!("generated/eso-2.9.json")),
];

static NOTHING: Lines = Lines::NONE;

impl Condensed {
    const fn new(version: EsoVersion, text: &'static str) -> Self {
        Self { version, text, kinds: OnceLock::new(), definitions: OnceLock::new() }
    }

    /// The file that answers for that version.
    fn of(version: EsoVersion) -> Option<&'static Self> {
        CONDENSED.iter().find(|file| file.version == version.condensed())
    }

    /// The CRD's `.spec`; `null` when this version has no such kind.
    fn crd(&self, kind: Kind) -> &Value {
        let kinds = self.kinds.get_or_init(|| Lines::of(self.text, "kinds"));
        kinds.get(kind.name()).unwrap_or(&Value::Null)
    }

    fn definitions(&self) -> &Lines {
        self.definitions.get_or_init(|| Lines::of(self.text, "definitions"))
    }
}

/// The names of a kind in its newest CRD.
fn names(kind: Kind) -> &'static Value {
    let file = Condensed::of(EsoVersion::newest());
    file.and_then(|file| file.crd(kind).get("names")).unwrap_or(&Value::Null)
}

/// The schema of one kind's `.spec` in one version.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    version: EsoVersion,
    root: Option<Cursor<'static>>,
}

/// The schema of `.spec` of that kind, for that version.
///
/// For a version that is not condensed it is the schema of the newest condensed one before it, or of the oldest when
/// there is none; ask [`EsoVersion::coverage`] first when that makes a difference. Of a kind which that version lacks it is
/// empty: see [`Spec::exists`], and [`presence`] of the kind as a whole.
pub fn spec(version: EsoVersion, kind: Kind) -> Spec {
    let root = api(version, kind, kind.version()).and_then(Api::spec);
    Spec { version: version.condensed(), root }
}

impl Spec {
    /// The version whose CRD this schema was made from.
    pub fn version(self) -> EsoVersion {
        self.version
    }

    /// Whether that version has the kind at all.
    pub fn exists(self) -> bool {
        self.root.is_some()
    }

    /// Where the schema begins.
    pub fn root(self) -> Cursor<'static> {
        self.root.unwrap_or(Cursor::new(&Value::Null, &NOTHING))
    }

    /// The whole schema as a document of its own (draft-07, with `definitions`), as [`Cursor::schema`] makes it.
    pub fn schema(self) -> Value {
        self.root().schema()
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
