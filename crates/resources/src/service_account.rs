//! Body of a ServiceAccount (`v1`): who a service's pods are.

use crate::metadata::Metadata;

/// A ServiceAccount; there is nothing in it but who it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServiceAccount {
    /// Metadata.
    pub metadata: Metadata,
}

impl ServiceAccount {
    /// API version of the object.
    pub const API_VERSION: &str = "v1";
    /// Kind of the object.
    pub const KIND: &str = "ServiceAccount";
}
