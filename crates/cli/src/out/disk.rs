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

/// The output directory as it is.
pub(super) struct Disk {
    dir: PathBuf,
    /// Without links; none if the directory is not there.
    real: Option<PathBuf>,
    /// Names in each directory, by their lower case.
    names: BTreeMap<PathBuf, BTreeMap<String, Vec<String>>>,
}

impl Disk {
    pub(super) fn new(dir: &Path) -> Result<Self, OutError> {
        let real = match dir.canonicalize() {
            Ok(real) => Some(real),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(OutError::io("open", dir, error)),
        };
        Ok(Self { dir: dir.to_owned(), real, names: BTreeMap::new() })
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
            if kind.is_symlink() && !place.canonicalize().is_ok_and(|target| target.starts_with(&real)) {
                return Ok(Seen::InTheWay(Reason::LeadsOut(shown)));
            }
            match (parts.peek(), kind.is_symlink()) {
                (Some(_), _) if place.is_dir() => shown.push('/'),
                (None, true) => return Ok(Seen::File("a link".to_owned())),
                (None, false) if kind.is_file() => {
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
