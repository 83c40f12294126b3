//! What AWS takes, of syncs and pipelines alike.

/// What is wrong with a tag, if anything; of a value that is not known, nothing is.
pub(super) fn complaint(key: &str, value: Option<&str>) -> Option<&'static str> {
    let legal = |text: &str| text.chars().all(|c| c.is_alphanumeric() || " _.:/=+-@".contains(c));
    let length = key.chars().count();
    if length == 0 || length > 128 {
        Some("a key has 1 to 128 characters")
    } else if key.to_ascii_lowercase().starts_with("aws:") {
        Some("keys that begin with `aws:` are AWS's own")
    } else if !legal(key) {
        Some("a key has letters, digits, spaces and _.:/=+-@ alone")
    } else if value.is_some_and(|value| value.chars().count() > 256) {
        Some("a value has at most 256 characters")
    } else if value.is_some_and(|value| !legal(value)) {
        Some("a value has letters, digits, spaces and _.:/=+-@ alone")
    } else {
        None
    }
}

/// So many tags a secret may have.
pub(super) const MOST_TAGS: usize = 50;
