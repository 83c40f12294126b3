//! Identifiers: made of what they name, so that every run has the same ones.

use sha2::{Digest, Sha256};

/// A UUID (version 4 in form) of what it names, such as `project/payments`.
#[must_use]
pub fn uuid(of: &str) -> String {
    let mut hex = digest(of);
    hex.truncate(32);
    hex.replace_range(12..13, "4");
    hex.replace_range(16..17, "a");
    for at in [20, 16, 12, 8] {
        hex.insert(at, '-');
    }
    hex
}

/// The number of a request as the server writes it: `req-` and 14 characters.
pub(crate) fn request(number: u64) -> String {
    format!("req-{}", &digest(&format!("request/{number}"))[..14])
}

/// The SHA-256 of a text, in hexadecimal digits.
pub(crate) fn digest(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether a text has the form of a UUID.
pub(crate) fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    lengths == [8, 4, 4, 4, 12] && groups.concat().bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_have_the_form_and_differ() {
        assert!(is_uuid(&uuid("project/a")));
        assert_ne!(uuid("project/a"), uuid("project/b"));
        assert!(!is_uuid("payments"));
        assert_eq!(request(1).len(), 18);
    }
}
