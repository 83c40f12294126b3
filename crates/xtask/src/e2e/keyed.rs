//! Directories named after what they were made from.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::Result;

/// A short name for these inputs, in this order.
pub(super) fn digest(inputs: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for input in inputs {
        // Lengths keep two inputs from being taken for one.
        hasher.update((input.len() as u64).to_le_bytes());
        hasher.update(input);
    }
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// `CACHE/NAME-KEY`, made by `fill` if it is not there. It appears whole or not at all.
pub(super) fn directory(
    cache: &Path,
    name: &str,
    key: &str,
    fill: impl FnOnce(&Path) -> Result<()>,
) -> Result<PathBuf> {
    let dir = cache.join(format!("{name}-{key}"));
    if dir.exists() {
        return Ok(dir);
    }
    let new = tempfile::Builder::new().prefix(".new-").tempdir_in(cache)?;
    fill(new.path())?;
    match fs::rename(new.path(), &dir) {
        // Another run may have been quicker; its result is the same.
        Err(_) if dir.exists() => Ok(dir),
        Err(error) => Err(error.into()),
        Ok(()) => Ok(dir),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_filled_once() {
        let cache = tempfile::tempdir().unwrap();
        let key = digest(&[b"a", b"b"]);
        assert_ne!(key, digest(&[b"ab"]));
        let fill = |new: &Path| Ok(fs::write(new.join("it"), "1")?);
        let first = directory(cache.path(), "tool", &key, fill).unwrap();
        let second = directory(cache.path(), "tool", &key, |_| Err("again".into())).unwrap();
        assert_eq!(first, second);
        assert_eq!(fs::read_to_string(second.join("it")).unwrap(), "1");
    }

    #[test]
    fn what_failed_leaves_nothing() {
        let cache = tempfile::tempdir().unwrap();
        directory(cache.path(), "tool", "key", |_| Err("no".into())).unwrap_err();
        assert_eq!(fs::read_dir(cache.path()).unwrap().count(), 0);
    }
}
