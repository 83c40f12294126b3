//! Whether two sides wrote the same objects, whatever the spelling.

use serde::Deserialize;
use serde_json::Value;

use crate::Result;

/// Compares two YAML streams object by object.
pub(super) fn check(what: &str, ours: &[u8], theirs: &[u8]) -> Result<()> {
    let (ours, theirs) = (objects(ours)?, objects(theirs)?);
    if ours.len() != theirs.len() {
        return Err(format!("{what}: {} objects instead of {}", theirs.len(), ours.len()).into());
    }
    match ours.iter().zip(&theirs).find(|(ours, theirs)| ours != theirs) {
        Some((ours, theirs)) => Err(format!("{what} differs:\n{theirs}\ninstead of\n{ours}").into()),
        None => Ok(()),
    }
}

fn objects(stream: &[u8]) -> Result<Vec<Value>> {
    let documents = yaml_serde::Deserializer::from_slice(stream);
    Ok(documents.map(Value::deserialize).collect::<std::result::Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_count_and_content_does() {
        let ours = b"a: b\nc: [1]\n---\nd: e\n";
        check("x", ours, b"---\n'a': \"b\"\nc:\n- 1\n---\nd: e\n").unwrap();
        assert!(
            check("x", ours, b"a: b\nc: [1]\n").unwrap_err().to_string().contains("1 objects instead of 2")
        );
        assert!(
            check("x", ours, b"a: b\nc: [2]\n---\nd: e\n").unwrap_err().to_string().contains("x differs")
        );
    }
}
