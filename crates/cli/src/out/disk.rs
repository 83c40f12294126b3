//! What stands where, below the output directory.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::list::digest;
use super::{OutError, Reason};

/// What stands at a path.
pub(super) enum Seen {
    Absent,
    /// A file with this digest. A link is a file that nobody knows.
    File(String),
    InTheWay(Reason),
}

/// The output directory, or the nearest one above it that is there, must be a directory.
pub(super) fn expect_directory(dir: &Path) -> Result<(), OutError> {
    for place in dir.ancestors().filter(|place| !place.as_os_str().is_empty()) {
        if place.symlink_metadata().is_err() {
            continue;
        }
        let metadata = place.metadata();
        return match &metadata {
            Ok(metadata) if metadata.is_dir() => Ok(()),
            Err(error) if error.kind() != io::ErrorKind::NotFound => break,
            _ => Err(OutError::NotADirectory {
                dir: dir.to_owned(),
                place: place.to_owned(),
                dangling: metadata.is_err(),
            }),
        };
    }
    // What else is wrong with it shows when it is opened.
    Ok(())
}

/// The output directory as it is.
pub(super) struct Disk {
    dir: PathBuf,
    /// Without links; none if the directory is not there.
    real: Option<PathBuf>,
    /// Names in each directory, by their lower case.
    names: BTreeMap<PathBuf, BTreeMap<String, Vec<String>>>,
}

impl Disk {
    /// Looks at the directory itself, or at what is there of the way to it.
    pub(super) fn new(dir: &Path) -> Result<Self, OutError> {
        let real = match dir.canonicalize() {
            Ok(real) => Some(real),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(OutError::io("open", dir, error)),
        };
        Ok(Self { dir: dir.to_owned(), real, names: BTreeMap::new() })
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Looks at a path below the directory, from the top down.
    pub(super) fn look(&mut self, path: &str) -> Result<Seen, OutError> {
        let Some(real) = self.real.clone() else { return Ok(Seen::Absent) };
        let mut parts = path.split('/').peekable();
        let (mut place, mut shown) = (self.dir.clone(), String::new());
        while let Some(part) = parts.next() {
            let names = self.names(&place)?.get(&part.to_lowercase());
            if let Some(other) = names.and_then(|names| names.iter().find(|name| *name != part)) {
                return Ok(Seen::InTheWay(Reason::OtherCase(format!("{shown}{other}"))));
            }
            place.push(part);
            shown.push_str(part);
            let kind = match place.symlink_metadata() {
                Ok(metadata) => metadata.file_type(),
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Seen::Absent),
                Err(error) => return Err(OutError::io("look at", &place, error)),
            };
            let last = parts.peek().is_none();
            if kind.is_symlink() {
                // Behind a link on the way two outputs could be one file.
                let inside = || place.canonicalize().is_ok_and(|target| target.starts_with(&real));
                return Ok(if last && inside() {
                    Seen::File("a link".to_owned())
                } else {
                    Seen::InTheWay(Reason::Link(shown))
                });
            }
            match last {
                false if kind.is_dir() => shown.push('/'),
                true if kind.is_file() => {
                    let contents =
                        std::fs::read(&place).map_err(|error| OutError::io("read", &place, error))?;
                    return Ok(Seen::File(digest(&contents)));
                }
                _ => return Ok(Seen::InTheWay(Reason::WrongKind)),
            }
        }
        Ok(Seen::Absent)
    }

    fn names(&mut self, place: &Path) -> Result<&BTreeMap<String, Vec<String>>, OutError> {
        if !self.names.contains_key(place) {
            let mut names: BTreeMap<String, Vec<String>> = BTreeMap::new();
            let unreadable = |error| OutError::io("read the directory", place, error);
            for entry in place.read_dir().map_err(unreadable)? {
                let name = entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned();
                names.entry(name.to_lowercase()).or_default().push(name);
            }
            self.names.insert(place.to_owned(), names);
        }
        Ok(&self.names[place])
    }
}
