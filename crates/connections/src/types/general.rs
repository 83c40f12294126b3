//! What belongs to no service, and accounts of clouds.

use crate::Secret;

connections! {
    /// Amazon Web Services.
    Aws = "aws" {
        access_key: Secret,
        secret_key: Secret,
        region "Region of AWS, such as `eu-west-1`.": String,
    }

    /// Bruin Cloud.
    Bruin = "bruin" {
        api_token: Secret,
    }

    /// A single secret value.
    Generic = "generic" {
        value "The value.": Secret,
    }
}
