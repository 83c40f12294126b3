//! Which names can be variables of a process.

/// Names by which the environment says which programs run, and what runs within them before they begin.
const STEERING: [&str; 6] = ["BASH_ENV", "ENV", "HOME", "IFS", "PATH", "SHELL"];
/// What such names begin with that loaders read.
const LOADERS: [&str; 2] = ["LD_", "DYLD_"];

/// Whether a variable of this name would let whoever writes secrets choose the program that runs, or run one of his own.
pub(crate) fn steers(key: &str) -> Option<&'static str> {
    let steers = STEERING.contains(&key) || LOADERS.iter().any(|prefix| key.starts_with(prefix));
    steers.then_some("says how programs are found and begun; rename it")
}

/// Why a secret cannot be a variable of a process.
pub(crate) fn no_variable(key: &str, value: &str) -> Option<&'static str> {
    match key {
        "" => Some("is empty"),
        _ if key.contains('=') => Some("has an equals sign"),
        _ if key.contains('\0') => Some("has a zero byte"),
        _ if value.contains('\0') => Some("has a value with a zero byte"),
        _ => steers(key),
    }
}

/// Whether a shell takes it for the name of a variable.
pub(crate) fn is_identifier(key: &str) -> bool {
    let mut bytes = key.bytes();
    let first = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    first && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
