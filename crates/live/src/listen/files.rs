//! One file a secret in a directory; all of them change at once, as kubelet's volumes do.
//!
//! `DIR/KEY` leads to `..data/KEY`, `DIR/..data` to `DIR/..N`, which holds the files. A new state is written beside the old
//! one, and then `..data` is renamed over: whoever opens a file finds one state or the other, and so does whoever looks
//! after a crash.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use keyloom_runtime::Snapshot;

use super::names::{LeftOut, no_file};

/// Leads to the files of now.
const DATA: &str = "..data";
/// Its successor, before it takes its place.
const NEXT: &str = "..data_tmp";
/// What a directory hands on to what is made in it: the group that `fsGroup` of a pod gave it.
const SETGID: u32 = 0o2000;

/// A directory with a file for each secret.
#[derive(Debug)]
pub(crate) struct Directory {
    path: PathBuf,
    /// Of each file.
    mode: u32,
}

/// What was written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// How many files.
    pub(crate) files: usize,
    /// Names of secrets that cannot be files, and why.
    pub(crate) refused: LeftOut,
}

impl Directory {
    /// Takes a directory, or makes it; what a crash left behind is removed.
    ///
    /// # Errors
    /// What the system says, and a directory that somebody else fills.
    pub(crate) fn open(path: &Path, mode: u32) -> io::Result<Self> {
        let made = DirBuilder::new().recursive(true).mode(searchable(mode)).create(path);
        made?;
        let directory = Self { path: path.to_owned(), mode };
        let now = directory.now()?;
        if now.as_ref().is_some_and(|now| number(now).is_none()) {
            return Err(io::Error::other("somebody else fills this directory; name one of its own"));
        }
        directory.sweep(now.as_deref())?;
        Ok(directory)
    }

    /// Writes all secrets, and removes those that are gone.
    ///
    /// # Errors
    /// What the system says; the old state is whole then.
    pub(crate) fn write(&self, snapshot: &Snapshot) -> io::Result<Written> {
        let old = self.now()?;
        let name = format!("..{}", old.as_deref().and_then(number).unwrap_or_default().wrapping_add(1));
        let mut written = Written::default();
        let mut keys = BTreeSet::new();
        let filled = self.fill(&name, snapshot, &mut keys, &mut written).and_then(|()| self.swap(&name));
        if let Err(error) = filled {
            // What cannot be removed now is when this is next begun.
            let _ = fs::remove_dir_all(self.path.join(&name));
            return Err(error);
        }
        self.links(&keys)?;
        self.sweep(Some(&name))?;
        written.files = keys.len();
        Ok(written)
    }

    /// The directory that holds the files of now.
    fn now(&self) -> io::Result<Option<String>> {
        match fs::read_link(self.path.join(DATA)) {
            Ok(target) => Ok(Some(target.to_string_lossy().into_owned())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn fill<'s>(
        &self,
        name: &str,
        snapshot: &'s Snapshot,
        keys: &mut BTreeSet<&'s str>,
        written: &mut Written,
    ) -> io::Result<()> {
        let directory = self.path.join(name);
        DirBuilder::new().mode(0o700).create(&directory)?;
        for (key, secret) in snapshot.iter() {
            match no_file(key).or_else(|| self.taken(key)) {
                Some(why) => written.refused.push((key.to_owned(), why)),
                None => {
                    self.file(&directory.join(key), secret.expose())?;
                    keys.insert(key);
                }
            }
        }
        let group = fs::metadata(&directory)?.permissions().mode() & SETGID;
        fs::set_permissions(&directory, Permissions::from_mode(searchable(self.mode) | group))
    }

    fn file(&self, path: &Path, text: &str) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(text.as_bytes())?;
        file.set_permissions(Permissions::from_mode(self.mode))
    }

    /// Whether something that is not ours stands where a secret is to be. It is left alone.
    fn taken(&self, key: &str) -> Option<&'static str> {
        let path = self.path.join(key);
        let free = fs::symlink_metadata(&path).is_err() || is_link(&path, key);
        (!free).then_some("is the name of something else there")
    }

    fn swap(&self, name: &str) -> io::Result<()> {
        let next = self.path.join(NEXT);
        symlink(name, &next)?;
        fs::rename(next, self.path.join(DATA))
    }

    /// Makes the links that are missing, and removes those of secrets that are gone.
    fn links(&self, keys: &BTreeSet<&str>) -> io::Result<()> {
        for key in keys {
            let path = self.path.join(key);
            if !is_link(&path, key) {
                symlink(Path::new(DATA).join(key), path)?;
            }
        }
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let name = entry.file_name();
            let gone = name.to_str().is_some_and(|name| !keys.contains(name) && is_link(&entry.path(), name));
            if gone {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Removes states that are not the one of now.
    fn sweep(&self, now: Option<&str>) -> io::Result<()> {
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| Some(*name) != now) else { continue };
            if name == NEXT {
                fs::remove_file(entry.path())?;
            } else if number(name).is_some() && entry.file_type()?.is_dir() {
                fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }
}

/// `N` of `..N`.
fn number(name: &str) -> Option<u64> {
    let digits = name.strip_prefix("..")?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// Whether this is the link that is made for a secret.
fn is_link(path: &Path, key: &str) -> bool {
    fs::read_link(path).is_ok_and(|target| target == Path::new(DATA).join(key))
}

/// A directory is searched by whoever may read its files, and changed by its owner.
fn searchable(mode: u32) -> u32 {
    0o700 | (mode & 0o044) | ((mode & 0o044) >> 2)
}

#[cfg(test)]
mod tests;
