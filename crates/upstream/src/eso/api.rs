//! [`Api`]: one kind in one API version, such as `external-secrets.io/v1beta1`.

use serde_json::{Value, json};

use super::{Condensed, EsoVersion, Kind};
use crate::Cursor;

/// What a version of the operator has of one kind in one API version.
#[derive(Clone, Copy, Debug)]
pub struct Api {
    file: &'static Condensed,
    /// The entry of the CRD's `versions`.
    entry: &'static Value,
}

/// Every API version of a kind in that version of the operator, in the order of its CRD; none when it lacks the kind.
///
/// A version that is not condensed is answered as by [`spec`](super::spec).
pub fn apis(version: EsoVersion, kind: Kind) -> impl Iterator<Item = Api> {
    let file = Condensed::of(version);
    let crd = file.map(|file| file.crd(kind)).unwrap_or(&Value::Null);
    let entries = crd.get("versions").and_then(Value::as_array).into_iter().flatten();
    file.into_iter().flat_map(move |file| entries.clone().map(move |entry| Api { file, entry }))
}

/// The API version of that name, such as `v1beta1`.
pub fn api(version: EsoVersion, kind: Kind, name: &str) -> Option<Api> {
    apis(version, kind).find(|api| api.name() == name)
}

impl Api {
    /// The version without its group: `v1`.
    pub fn name(self) -> &'static str {
        self.entry["name"].as_str().unwrap_or_default()
    }

    /// Whether the API server answers for it. Nobody can read or write one that is not served.
    pub fn served(self) -> bool {
        self.entry["served"] == true
    }

    /// Whether upstream says that it is on its way out.
    pub fn deprecated(self) -> bool {
        self.entry["deprecated"] == true
    }

    /// The whole object: `apiVersion`, `kind`, `metadata`, `spec`, and `status` if it has one. Of `metadata`, which is the
    /// API server's own, it says no more than that it is an object.
    pub fn object(self) -> Cursor<'static> {
        let schema = self.entry.pointer("/schema/openAPIV3Schema").unwrap_or(&Value::Null);
        Cursor::new(schema, self.file.definitions())
    }

    /// The schema of `.spec`.
    pub fn spec(self) -> Option<Cursor<'static>> {
        self.object().property("spec")
    }

    /// The schema of `.status`, which the controller writes.
    pub fn status(self) -> Option<Cursor<'static>> {
        self.object().property("status")
    }

    /// The schema of the whole object as a document of its own, as [`Cursor::schema`] makes it; what stands in `metadata`
    /// is left to others.
    pub fn schema(self) -> Value {
        let mut schema = self.object().schema();
        if let Some(metadata) = schema.pointer_mut("/properties/metadata") {
            *metadata = json!({"type": "object"});
        }
        schema
    }
}
