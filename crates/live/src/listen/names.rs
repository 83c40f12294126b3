//! Which names of secrets can be names of files.

/// The longest name of a file that Linux takes, in bytes.
const LONGEST: usize = 255;

/// Names of secrets that are left out, and why.
pub(super) type LeftOut = Vec<(String, &'static str)>;

/// Why a secret of this name cannot be a file in a directory.
pub(super) fn no_file(key: &str) -> Option<&'static str> {
    match key {
        "" => Some("is empty"),
        "." => Some("is the directory itself"),
        _ if key.starts_with("..") => Some("begins with .., as what the directory itself needs"),
        _ if key.contains('/') => Some("has a slash"),
        _ if key.contains('\0') => Some("has a zero byte"),
        _ if key.len() > LONGEST => Some("is longer than 255 bytes"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_no_files() {
        for key in ["", ".", "..", "..data", "..1", "a/b", "/a", "a\0", &"a".repeat(256)] {
            assert!(no_file(key).is_some(), "{key}");
        }
        for key in ["A", ".env", "a..b", "tls.crt", "ключ", &"a".repeat(255)] {
            assert_eq!(no_file(key), None, "{key}");
        }
    }

    proptest! {
        /// A name that is taken is one step below the directory, and never what the directory itself needs.
        #[test]
        fn a_file_stays_in_its_directory(key in "[./a-c\0]{0,6}") {
            if no_file(&key).is_none() {
                let path = std::path::Path::new("dir").join(&key);
                prop_assert_eq!(path.components().count(), 2);
                prop_assert!(!key.starts_with(".."));
            }
        }
    }
}
