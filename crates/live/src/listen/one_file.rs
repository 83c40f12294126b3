//! All secrets in one file, which changes as a whole.

use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use keyloom_runtime::Snapshot;
use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use super::files::Written;
use crate::variables::{is_identifier, steers};

/// Letters and digits at the end of the name of a file that is to take another's place.
const RANDOM: usize = 6;

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

    /// Removes what a start before this one was writing when it was killed.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn sweep(&self) -> io::Result<()> {
        let prefix = self.prefix();
        for entry in fs::read_dir(self.parent())? {
            let entry = entry?;
            let name = entry.file_name();
            let rest = name.as_bytes().strip_prefix(prefix.as_bytes());
            let ours = |rest: &[u8]| rest.len() == RANDOM && rest.iter().all(u8::is_ascii_alphanumeric);
            if rest.is_some_and(ours) && entry.file_type()?.is_file() {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    fn parent(&self) -> &Path {
        self.path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }

    /// What the names of files begin with that are to take its place.
    fn prefix(&self) -> OsString {
        let mut prefix = OsString::from(".keyloom-");
        prefix.push(self.path.file_name().unwrap_or_default());
        prefix.push("-");
        prefix
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
        let mut file =
            tempfile::Builder::new().prefix(&self.prefix()).rand_bytes(RANDOM).tempfile_in(self.parent())?;
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
        () => steers(key),
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
    fn what_a_kill_left_behind_is_removed_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let file = OneFile::new(&dir.path().join("env"), 0o400, Format::Json);
        // What a write makes, and others' of similar names.
        let half = tempfile::Builder::new().prefix(&file.prefix()).rand_bytes(RANDOM).tempfile_in(dir.path());
        let half = half.unwrap().keep().unwrap().1;
        let others =
            [".keyloom-env-a-123456", ".keyloom-env-12345", ".keyloom-en-123456", "env", ".tmp123456"];
        for name in others {
            fs::write(dir.path().join(name), "").unwrap();
        }
        file.sweep().unwrap();
        assert!(!half.exists());
        assert!(others.iter().all(|name| dir.path().join(name).exists()));
    }

    #[test]
    fn what_a_shell_cannot_name_is_told() {
        let values = [("a.b", "1"), ("A", "1"), ("LD_PRELOAD", "1"), ("PATH", "1"), ("Z", "\0")]
            .map(|(key, it)| (key.to_owned(), it.to_owned()));
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secrets");
        let file = OneFile::new(&path, 0o440, Format::Dotenv);
        let written = file.write(&snapshot(&values.into())).unwrap();
        assert_eq!((written.files, written.refused.len()), (1, 4));
        assert_eq!(fs::read_to_string(&path).unwrap(), "A='1'\n");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o440);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
