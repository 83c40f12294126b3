//! Which names of secrets can be names of files and of variables.

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

/// Names by which the environment says which programs run, and what runs within them before they begin.
const STEERING: [&str; 6] = ["BASH_ENV", "ENV", "HOME", "IFS", "PATH", "SHELL"];
/// What such names begin with that loaders read.
const LOADERS: [&str; 2] = ["LD_", "DYLD_"];

/// Whether a variable of this name would let whoever writes secrets choose the program that runs, or run one of his own.
pub(super) fn steers(key: &str) -> Option<&'static str> {
    let steers = STEERING.contains(&key) || LOADERS.iter().any(|prefix| key.starts_with(prefix));
    steers.then_some("says how programs are found and begun; rename it")
}

/// Why a secret cannot be a variable of a process.
pub(super) fn no_variable(key: &str, value: &str) -> Option<&'static str> {
    match key {
        "" => Some("is empty"),
        _ if key.contains('=') => Some("has an equals sign"),
        _ if key.contains('\0') => Some("has a zero byte"),
        _ if value.contains('\0') => Some("has a value with a zero byte"),
        _ => steers(key),
    }
}

/// Whether a shell takes it for the name of a variable.
pub(super) fn is_identifier(key: &str) -> bool {
    let mut bytes = key.bytes();
    let first = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    first && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
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

    #[test]
    fn what_execve_cannot_take_is_no_variable() {
        for (key, value) in [("", ""), ("A=B", ""), ("A\0", ""), ("A", "\0")] {
            assert!(no_variable(key, value).is_some());
        }
        assert_eq!(no_variable("tls.crt", "="), None);
        assert!(is_identifier("_A1") && !is_identifier("1A") && !is_identifier("a.b") && !is_identifier(""));
    }

    #[test]
    fn what_steers_programs_is_no_variable() {
        for key in ["PATH", "HOME", "SHELL", "IFS", "BASH_ENV", "ENV", "LD_PRELOAD", "DYLD_INSERT_LIBRARIES"]
        {
            assert!(no_variable(key, "").is_some(), "{key}");
        }
        for key in ["PATHS", "MY_PATH", "path", "LDAP_URL", "ENVIRONMENT"] {
            assert_eq!(no_variable(key, ""), None, "{key}");
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
