//! All secrets in one file, which changes as a whole.

use std::fs::Permissions;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use keyloom_runtime::Snapshot;
use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use super::files::Written;
use super::names::is_identifier;

/// How all secrets are written into one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `NAME='value'` lines, which a shell reads.
    Dotenv,
    /// One object of JSON.
    Json,
}

/// A file for all secrets.
#[derive(Debug)]
pub(crate) struct OneFile {
    path: PathBuf,
    mode: u32,
    format: Format,
}

/// All secrets as an object of JSON.
pub(crate) struct Object<'s>(pub(crate) &'s Snapshot);

impl OneFile {
    pub(crate) fn new(path: &Path, mode: u32, format: Format) -> Self {
        Self { path: path.to_owned(), mode, format }
    }

    /// Writes all secrets beside the file, and then puts that in its place.
    ///
    /// # Errors
    /// What the system says; the old file is whole then.
    pub(crate) fn write(&self, snapshot: &Snapshot) -> io::Result<Written> {
        let mut text = Zeroizing::new(Vec::with_capacity(room(snapshot)));
        let mut written = Written { files: snapshot.len(), refused: Vec::new() };
        match self.format {
            Format::Json => serde_json::to_writer(&mut *text, &Object(snapshot))?,
            Format::Dotenv => {
                for (key, secret) in snapshot.iter() {
                    match why_not(key, secret.expose()) {
                        Some(why) => written.refused.push((key.to_owned(), why)),
                        None => line(&mut text, key, secret.expose()),
                    }
                }
                written.files -= written.refused.len();
            }
        }
        let parent = self.path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(parent)?;
        file.write_all(&text)?;
        file.as_file().set_permissions(Permissions::from_mode(self.mode))?;
        file.persist(&self.path).map_err(|error| error.error)?;
        Ok(written)
    }
}

/// Enough for all names and values, so that no half of them is left behind where there was too little.
pub(crate) fn room(snapshot: &Snapshot) -> usize {
    let each = snapshot.iter().map(|(key, secret)| 6 * (key.len() + secret.expose().len()) + 8);
    each.sum::<usize>() + 128
}

fn why_not(key: &str, value: &str) -> Option<&'static str> {
    match () {
        () if !is_identifier(key) => Some("is no name of a variable in a shell"),
        () if value.contains('\0') => Some("has a value with a zero byte"),
        () => None,
    }
}

/// Between single quotes a shell takes everything as it is, but for a single quote.
fn line(text: &mut Vec<u8>, key: &str, value: &str) {
    text.extend_from_slice(key.as_bytes());
    text.extend_from_slice(b"='");
    for (number, part) in value.split('\'').enumerate() {
        if number > 0 {
            text.extend_from_slice(br"'\''");
        }
        text.extend_from_slice(part.as_bytes());
    }
    text.extend_from_slice(b"'\n");
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, secret)| (key, secret.expose())))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::process::Command;

    use keyloom_runtime::{Loaded, Secret, Value};
    use proptest::prelude::*;

    use super::*;

    fn snapshot(values: &BTreeMap<String, String>) -> Snapshot {
        let value = |text: &String| Value { secret: Secret::new(text.clone()), rotated: false };
        let values = values.iter().map(|(key, text)| (key.clone(), value(text))).collect();
        Snapshot::empty(1).with(0, Loaded { values, hidden: BTreeSet::new(), etag: None }).0
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        /// A shell and a reader of JSON read what was written.
        #[test]
        fn what_is_written_is_read(value in "[a-z'\"\\\\$`!#\n\t é]{0,20}", other in "\\PC{0,9}") {
            let values: BTreeMap<_, _> = [("A", &value), ("B", &other)].map(|(key, it)| (key.to_owned(), it.clone())).into();
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("secrets");
            OneFile::new(&path, 0o400, Format::Dotenv).write(&snapshot(&values)).unwrap();
            let script = format!("set -a; . {}; printf '%s|%s' \"$A\" \"$B\"", path.display());
            let said = Command::new("sh").args(["-c", &script]).output().unwrap();
            prop_assert_eq!(String::from_utf8(said.stdout).unwrap(), format!("{value}|{other}"));
            OneFile::new(&path, 0o400, Format::Json).write(&snapshot(&values)).unwrap();
            let read: BTreeMap<String, String> = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            prop_assert_eq!(read, values);
        }
    }

    #[test]
    fn what_a_shell_cannot_name_is_told() {
        let values = [("a.b", "1"), ("A", "1"), ("Z", "\0")].map(|(key, it)| (key.to_owned(), it.to_owned()));
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secrets");
        let file = OneFile::new(&path, 0o440, Format::Dotenv);
        let written = file.write(&snapshot(&values.into())).unwrap();
        assert_eq!((written.files, written.refused.len()), (1, 2));
        assert_eq!(fs::read_to_string(&path).unwrap(), "A='1'\n");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o440);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
