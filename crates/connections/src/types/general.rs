//! What belongs to no service.

use crate::Secret;

connections! {
    /// A single secret value.
    Generic = "generic" {
        value: Secret,
    }
}
