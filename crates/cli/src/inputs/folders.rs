//! Files below directories: those that may hold manifests, in order.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::is_stdin;
use crate::failure::Failure;

/// Endings of files that may hold manifests.
const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// The files that some paths name, and those that were found below directories.
pub(crate) struct Files {
    /// All of them, in the order of the paths.
    pub(crate) paths: Vec<PathBuf>,
    /// How many of the first are named: those go first.
    pub(crate) named: usize,
}

/// Goes through directories. A file that is named as well as found is read once.
///
/// # Errors
/// When a directory cannot be read.
pub(crate) fn files(paths: &[PathBuf]) -> Result<Files, Failure> {
    let (folders, mut files): (Vec<PathBuf>, Vec<PathBuf>) =
        paths.iter().cloned().partition(|path| !is_stdin(path) && path.is_dir());
    let named = files.len();
    let mut seen: BTreeSet<PathBuf> = files.iter().filter_map(|path| path.canonicalize().ok()).collect();
    for folder in folders {
        below(&folder, &mut seen, &mut files)?;
    }
    Ok(Files { paths: files, named })
}

/// Adds what a directory holds, sorted by name. A directory that was seen before, through a link, is not gone through
/// again.
fn below(folder: &Path, seen: &mut BTreeSet<PathBuf>, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failed = |source: io::Error| Failure::Read { path: folder.to_owned(), source, hint: String::new() };
    let real = folder.canonicalize().map_err(failed)?;
    if !seen.insert(real.clone()) {
        return Ok(());
    }
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>).map_err(failed)?;
    let mut entries: Vec<_> =
        entries.into_iter().map(|entry| (entry.file_name(), entry.file_type().ok())).collect();
    entries.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    for (name, kind) in entries {
        if name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let path = if folder == Path::new(".") { PathBuf::from(&name) } else { folder.join(&name) };
        // Where there is no link nobody has to be asked where the path leads; a link that leads nowhere is neither.
        let plain = kind.filter(|kind| !kind.is_symlink());
        let (is_folder, is_file) =
            plain.map_or_else(|| (path.is_dir(), path.is_file()), |kind| (kind.is_dir(), kind.is_file()));
        if is_folder {
            below(&path, seen, files)?;
        } else if is_file && has_ending(&path) {
            let real = if plain.is_some() { Some(real.join(&name)) } else { path.canonicalize().ok() };
            if real.is_some_and(|real| seen.insert(real)) {
                files.push(path);
            }
        }
    }
    Ok(())
}

fn has_ending(path: &Path) -> bool {
    path.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| ENDINGS.contains(&ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_are_gone_through_in_order_and_once() {
        let dir = tempfile::tempdir().unwrap();
        for path in ["b.yml", "a/c.yaml", "a/.hidden/d.yaml", "a/e.json", "f.txt", ".g.yaml"] {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(dir.path(), dir.path().join("a/loop")).unwrap();
            std::os::unix::fs::symlink("nowhere", dir.path().join("a/lost.yaml")).unwrap();
        }
        let found = files(&[dir.path().to_owned(), dir.path().join("b.yml")]).unwrap();
        let names: Vec<_> = found.paths.iter().map(|path| path.strip_prefix(dir.path()).unwrap()).collect();
        assert_eq!(names, [Path::new("b.yml"), Path::new("a/c.yaml"), Path::new("a/e.json")]);
        assert_eq!(found.named, 1);
    }
}
