//! Files that hold the secrets.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use keyloom_runtime::Snapshot;

use super::files::{Directory, Written};
use super::memory::is_memory;
use super::one_file::{Format, OneFile};
use super::{Say, secrets};

/// One file with all secrets.
#[derive(Clone, Debug)]
pub struct FileOptions {
    /// Where it is.
    pub path: PathBuf,
    /// Its form.
    pub format: Format,
}

/// Where files are written.
#[derive(Debug, Default)]
pub(super) struct Outputs {
    places: Vec<(PathBuf, Place)>,
    /// What has been said of names, which is said once.
    said: BTreeSet<String>,
}

#[derive(Debug)]
enum Place {
    Directory(Directory),
    File(OneFile),
}

impl Outputs {
    /// Takes a directory, for a file each.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub(super) fn directory(&mut self, path: &Path, mode: u32, say: Say<'_>) -> Result<(), String> {
        let directory = Directory::open(path, mode).map_err(|error| cannot(path, &error))?;
        self.places.push((path.to_owned(), Place::Directory(directory)));
        warn(path, path, say);
        Ok(())
    }

    /// Takes a file for all.
    ///
    /// # Errors
    /// Why it cannot be had.
    pub(super) fn file(&mut self, file: &FileOptions, mode: u32, say: Say<'_>) -> Result<(), String> {
        let FileOptions { path, format } = file;
        let parent = path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = OneFile::new(path, mode, *format);
        file.sweep().map_err(|error| cannot(path, &error))?;
        self.places.push((path.clone(), Place::File(file)));
        warn(path, parent, say);
        Ok(())
    }

    /// Writes all files.
    ///
    /// # Errors
    /// What could not be written; it is what it was.
    pub(super) fn write(&mut self, snapshot: &Snapshot, say: Say<'_>) -> Result<(), String> {
        let mut wrong = Vec::new();
        for (path, place) in &self.places {
            let written = match place {
                Place::Directory(directory) => directory.write(snapshot),
                Place::File(file) => file.write(snapshot),
            };
            match written {
                Ok(Written { files, refused }) => {
                    say(&format!("wrote {} to {}", secrets(files), path.display()));
                    for (key, why) in refused {
                        let words =
                            format!("warning: {key:?} is not written to {}: it {why}", path.display());
                        if !self.said.contains(&words) {
                            say(&words);
                            self.said.insert(words);
                        }
                    }
                }
                Err(error) => wrong.push(cannot(path, &error)),
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
    }
}

fn cannot(path: &Path, error: &std::io::Error) -> String {
    format!("cannot write {}: {error}", path.display())
}

fn warn(path: &Path, directory: &Path, say: Say<'_>) {
    if !is_memory(directory).unwrap_or(false) {
        say(&format!(
            "warning: {} does not lie in memory, so that secrets stay behind on a disk; in Kubernetes mount an emptyDir \
             with `medium: Memory`",
            path.display()
        ));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::listen::state::tests::next;

    #[test]
    fn what_is_written_is_said_by_name_and_number_alone() {
        let dir = tempfile::tempdir().unwrap();
        let said = Mutex::new(Vec::new());
        let say = |line: &str| said.lock().unwrap().push(line.replace(dir.path().to_str().unwrap(), "DIR"));
        let mut outputs = Outputs::default();
        outputs.directory(&dir.path().join("all"), 0o400, &say).unwrap();
        let file = FileOptions { path: dir.path().join("one.env"), format: Format::Dotenv };
        outputs.file(&file, 0o400, &say).unwrap();
        let lost = FileOptions { path: dir.path().join("not/there"), format: Format::Json };
        assert!(outputs.file(&lost, 0o400, &say).unwrap_err().starts_with("cannot write "));
        let snapshot = next(&Snapshot::empty(1), &[("A", "canary"), ("a/b\n", "canary")]);
        for _ in 0..2 {
            said.lock().unwrap().retain(|line| !line.contains("medium: Memory"));
            outputs.write(&snapshot, &say).unwrap();
        }
        assert_eq!(
            *said.lock().unwrap(),
            [
                "wrote 1 secret to DIR/all",
                "warning: \"a/b\\n\" is not written to DIR/all: it has a slash",
                "wrote 1 secret to DIR/one.env",
                "warning: \"a/b\\n\" is not written to DIR/one.env: it is no name of a variable in a shell",
                "wrote 1 secret to DIR/all",
                "wrote 1 secret to DIR/one.env",
            ]
        );
        std::fs::remove_dir_all(dir.path().join("all")).unwrap();
        assert!(outputs.write(&snapshot, &say).unwrap_err().starts_with("cannot write "));
    }
}
