//! Body of a ConfigMap (`v1`).

use crate::metadata::{Metadata, TextMap};

/// A ConfigMap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConfigMap {
    /// Metadata.
    pub metadata: Metadata,
    /// The values by key.
    pub data: TextMap,
}

impl ConfigMap {
    /// API version of the object.
    pub const API_VERSION: &str = "v1";
    /// Kind of the object.
    pub const KIND: &str = "ConfigMap";
}
