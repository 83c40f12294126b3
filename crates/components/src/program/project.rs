//! The project of a program: the directory with its Pulumi.yaml.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Names by which the stock command knows a project's file.
const NAMES: [&str; 3] = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

/// Longest name of a project.
const LONGEST: usize = 100;

/// Why there is no project.
#[derive(Debug, Error)]
pub enum ProjectError {
    /// There is nothing to refresh or destroy.
    #[error("no Pulumi.yaml in {} or above it; `up` writes one", .0.display())]
    Missing(PathBuf),
    /// The directory is not there, or cannot be looked into.
    #[error("cannot look into {}: {source}", .path.display())]
    Read {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// No file can be written there.
    #[error("cannot write {}: {source}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// The directory of a project.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Project {
    pub(crate) directory: PathBuf,
    /// Its file, if there was none before.
    pub(crate) written: Option<PathBuf>,
}

/// Looks for the project in a directory and above it, as the stock command does. Where there is none and one may be
/// begun, a minimal one is written into the directory: state and configuration of its stacks are found by it later.
pub(crate) fn find(from: &Path, begin: Option<&str>) -> Result<Project, ProjectError> {
    let from = from.canonicalize().map_err(|source| ProjectError::Read { path: from.to_owned(), source })?;
    let has_project = |directory: &&Path| NAMES.iter().any(|name| directory.join(name).is_file());
    if let Some(directory) = from.ancestors().find(has_project) {
        return Ok(Project { directory: directory.to_owned(), written: None });
    }
    let Some(runtime) = begin else { return Err(ProjectError::Missing(from)) };
    let path = from.join(NAMES[0]);
    let text = format!("name: {}\nruntime: {runtime}\n", name(&from));
    // Never over a file that appeared meanwhile.
    let written = File::create_new(&path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|source| ProjectError::Write { path: path.clone(), source })?;
    Ok(Project { directory: from, written: Some(path) })
}

/// A project is called as its directory, in the letters that the names of projects may have.
fn name(directory: &Path) -> String {
    let name = directory.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    let name: String =
        name.chars().map(|letter| if allowed(letter) { letter } else { '-' }).take(LONGEST).collect();
    let name = name.trim_matches(['-', '.', '_']);
    // A name of digits alone would be a number in YAML, and so would others be something else.
    if name.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && !WORDS.contains(&&*name.to_ascii_lowercase())
    {
        name.to_owned()
    } else {
        format!("keyloom-{name}").trim_end_matches('-').to_owned()
    }
}

/// What YAML takes for something else than text.
const WORDS: [&str; 9] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_is_found_above_and_begun_where_there_is_none() {
        let root = tempfile::tempdir().unwrap();
        let here = root.path().join("web shop").join("deploy");
        std::fs::create_dir_all(&here).unwrap();
        assert!(matches!(find(&here, None), Err(ProjectError::Missing(_))));
        let begun = find(here.parent().unwrap(), Some("rust")).unwrap();
        let text = std::fs::read_to_string(begun.written.unwrap()).unwrap();
        assert_eq!(text, "name: web-shop\nruntime: rust\n");
        let found = find(&here, Some("rust")).unwrap();
        assert_eq!((found.directory, found.written), (begun.directory, None));
    }

    #[test]
    fn names_are_names_of_projects() {
        let cases = [
            ("/srv/web-shop", "web-shop"),
            ("/srv/caf\u{e9}", "caf"),
            ("/srv/2024", "keyloom-2024"),
            ("/srv/On", "keyloom-On"),
            ("/", "keyloom"),
            ("/srv/__", "keyloom"),
        ];
        for (directory, wanted) in cases {
            assert_eq!(name(Path::new(directory)), wanted, "{directory}");
        }
    }
}
