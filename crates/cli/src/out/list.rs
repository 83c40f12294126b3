//! `.keyloom.json`: the list of files that were written.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{DocumentSet, OutError, apply};

/// Name of the list in the output directory.
pub const LIST: &str = ".keyloom.json";

/// The version of the list's own form.
const VERSION: u32 = 1;

/// Every file that any document set has written into the directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct List {
    /// By path below the directory.
    pub(super) files: BTreeMap<String, Entry>,
}

/// What is known of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) format: String,
    pub(super) set: DocumentSet,
    /// What the file holds; none if it may be absent.
    pub(super) sha256: Option<String>,
    /// What it holds if the run that was to write this was not cut short.
    pub(super) next: Option<String>,
}

impl Entry {
    /// Whether a file with this digest is one that we wrote.
    pub(super) fn knows(&self, digest: &str) -> bool {
        [&self.sha256, &self.next].into_iter().flatten().any(|known| known == digest)
    }
}

/// The list as it stands in the file, by document set.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(rename = "//")]
    about: String,
    version: u32,
    sets: Vec<WrittenSet>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSet {
    set: DocumentSet,
    files: Vec<WrittenFile>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFile {
    path: String,
    format: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl List {
    /// The list of `dir`; an empty one if there is none.
    pub(super) fn read(dir: &Path) -> Result<Self, OutError> {
        let path = dir.join(LIST);
        let damaged = |why: String| OutError::DamagedList { path: path.clone(), why };
        if path.is_symlink() {
            return Err(damaged("it is a link".to_owned()));
        }
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(OutError::io("read", &path, error)),
        };
        let written: Written = serde_json::from_slice(&bytes).map_err(|error| damaged(error.to_string()))?;
        if written.version != VERSION {
            return Err(damaged(format!(
                "it has the form {}, this version knows {VERSION}",
                written.version
            )));
        }
        let mut files = BTreeMap::new();
        for WrittenSet { set, files: of_set } in written.sets {
            for WrittenFile { path, format, sha256, next } in of_set {
                if !apply::is_below(&path) {
                    return Err(damaged(format!("{path:?} is no path below the directory")));
                }
                files.insert(path, Entry { format, set: set.clone(), sha256, next });
            }
        }
        Ok(Self { files })
    }

    /// The list's text: the same for the same list.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut sets: BTreeMap<&DocumentSet, Vec<WrittenFile>> = BTreeMap::new();
        for (path, Entry { format, set, sha256, next }) in &self.files {
            let (path, format) = (path.clone(), format.clone());
            let file = WrittenFile { path, format, sha256: sha256.clone(), next: next.clone() };
            sets.entry(set).or_default().push(file);
        }
        let sets = sets.into_iter().map(|(set, files)| WrittenSet { set: set.clone(), files }).collect();
        let about =
            "Written by keyloom render --out; it keeps keyloom from touching files that it did not write.";
        let written = Written { about: about.to_owned(), version: VERSION, sets };
        // These types always have a JSON form; an empty list would only make later runs more careful.
        let mut bytes = serde_json::to_vec_pretty(&written).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}

/// The digest of a file's contents, in hexadecimal.
pub(super) fn digest(contents: &[u8]) -> String {
    Sha256::digest(contents).iter().map(|byte| format!("{byte:02x}")).collect()
}
