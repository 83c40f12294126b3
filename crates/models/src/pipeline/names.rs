//! Names of one secret at the stations of a pipeline: made of one name so that none is made of two.

/// Name in Terraform: lower case.
pub(crate) fn snake(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// Name in AWS: lower case, with `-` for `_`.
pub(crate) fn kebab(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn names_lead_back(name in "[A-Z][A-Z0-9_]{0,40}") {
            prop_assert_eq!(snake(&name).to_ascii_uppercase(), name.clone());
            prop_assert_eq!(kebab(&name).to_ascii_uppercase().replace('-', "_"), name);
        }
    }

    #[test]
    fn digits_and_double_underscores_stay() {
        assert_eq!(snake("S3__KEY_2"), "s3__key_2");
        assert_eq!(kebab("S3__KEY_2"), "s3--key-2");
    }
}
