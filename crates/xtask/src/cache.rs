//! What is fetched or built once and kept between runs, outside the checkout: directories named after what they were
//! made from.

use std::env::var_os;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::Result;

/// Where it is kept: `$KEYLOOM_ENGINES_DIR`, else below the user's cache.
pub(crate) fn dir() -> Result<PathBuf> {
    let own = var_os("KEYLOOM_ENGINES_DIR").map(PathBuf::from);
    let shared = || var_os("XDG_CACHE_HOME").map(|dir| PathBuf::from(dir).join("keyloom/engines"));
    let home = || var_os("HOME").map(|dir| PathBuf::from(dir).join(".cache/keyloom/engines"));
    let dir = own.or_else(shared).or_else(home).ok_or("set KEYLOOM_ENGINES_DIR")?;
    fs::create_dir_all(&dir)?;
    Ok(dir.canonicalize()?)
}

/// A short name for these inputs, in this order.
pub(crate) fn digest(inputs: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for input in inputs {
        // Lengths keep two inputs from being taken for one.
        hasher.update((input.len() as u64).to_le_bytes());
        hasher.update(input);
    }
    hasher.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// `CACHE/NAME-KEY`, made by `fill` if it is not there. It appears whole or not at all.
pub(crate) fn keyed(
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
        let first = keyed(cache.path(), "tool", &key, fill).unwrap();
        let second = keyed(cache.path(), "tool", &key, |_| Err("again".into())).unwrap();
        assert_eq!(first, second);
        assert_eq!(fs::read_to_string(second.join("it")).unwrap(), "1");
    }

    #[test]
    fn what_failed_leaves_nothing() {
        let cache = tempfile::tempdir().unwrap();
        keyed(cache.path(), "tool", "key", |_| Err("no".into())).unwrap_err();
        assert_eq!(fs::read_dir(cache.path()).unwrap().count(), 0);
    }
}
