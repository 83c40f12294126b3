//! `.keyloom.json`: the list of files that were written.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use keyloom_codegen::Format;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{DocumentSet, OutError};

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

impl Entry {
    /// Why this cannot be what we wrote. Whoever can change the list must not choose what is removed.
    fn doubt(&self, path: &str) -> Option<String> {
        let digest = |text: &String| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        match Format::named(&self.format) {
            None => Some(format!("this version knows no format {:?}", self.format)),
            Some(format) if !format.makes(path) => {
                Some(format!("it lists {path:?}, which keyloom does not write"))
            }
            Some(_) if ![&self.sha256, &self.next].into_iter().flatten().all(digest) => {
                Some(format!("it has no digest for {path}"))
            }
            Some(_) => None,
        }
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
        let unreadable = |error| OutError::io("read", &path, error);
        match path.symlink_metadata() {
            Ok(metadata) if metadata.is_file() => {}
            Ok(metadata) if metadata.is_symlink() => return Err(damaged("it is a link".to_owned())),
            Ok(_) => return Err(damaged("it is not an ordinary file".to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(unreadable(error)),
        }
        let bytes = std::fs::read(&path).map_err(unreadable)?;
        // What is wrong with it in JSON's terms helps nobody, and would quote it.
        let not_ours = |error: serde_json::Error| {
            damaged(format!("line {} is not as keyloom writes it", error.line().max(1)))
        };
        let written: Written = serde_json::from_slice(&bytes).map_err(not_ours)?;
        if written.version != VERSION {
            return Err(damaged(format!(
                "it has the form {}, this version knows {VERSION}",
                written.version
            )));
        }
        let mut files = BTreeMap::new();
        for WrittenSet { set, files: of_set } in written.sets {
            for WrittenFile { path, format, sha256, next } in of_set {
                let entry = Entry { format, set: set.clone(), sha256, next };
                if let Some(why) = entry.doubt(&path) {
                    return Err(damaged(why));
                }
                if let Some((path, _)) = files.get_key_value(&path) {
                    return Err(damaged(format!("it lists {path} twice")));
                }
                files.insert(path, entry);
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
