//! Body of a Secret of Kubernetes: what a program handed over to log in with. No document leads to one.

use crate::metadata::{Metadata, TextMap};
use crate::walk::{Sink, Walk, map};

/// A Secret of type `Opaque`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Secret {
    /// Metadata.
    pub metadata: Metadata,
    /// The values by key, not in base64.
    pub string_data: TextMap,
}

impl Secret {
    /// API version of the object.
    pub const API_VERSION: &str = "v1";
    /// Kind of the object.
    pub const KIND: &str = "Secret";
}

impl Walk for Secret {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("apiVersion", Self::API_VERSION)?;
            m.field("kind", Self::KIND)?;
            m.field("metadata", &self.metadata)?;
            m.field("type", "Opaque")?;
            m.field("stringData", &self.string_data)
        })
    }
}
