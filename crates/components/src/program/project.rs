//! The project of a program: the directory with its Pulumi.yaml.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use keyloom_syntax::{Budget, Sources, decode, parse};
use thiserror::Error;

/// Names by which the stock command knows a project's file.
const NAMES: [&str; 3] = ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"];

/// Longest name of a project.
const LONGEST: usize = 100;

/// What a Pulumi.yaml says of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Language<'a> {
    /// By what it is run: what is found must say the same.
    pub runtime: &'a str,
    /// How it is run, in words, for whoever tries it otherwise; stands only in a file that had to be written.
    pub description: &'a str,
}

/// Why there is no project.
#[derive(Debug, Error)]
pub enum ProjectError {
    /// There is nothing to refresh or destroy.
    #[error("no Pulumi.yaml in {} or above it; `up` writes one", .0.display())]
    Missing(PathBuf),
    /// There is none yet, and so no stack that could have been selected; nothing was written.
    #[error(
        "no Pulumi.yaml in {} or above it, so that no stack is selected; name one with --stack, and both are made",
        .0.display()
    )]
    NoStack(PathBuf),
    /// The directory is not there, or cannot be looked into.
    #[error("cannot look into {}: {source}", .path.display())]
    Read {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A project is there, and its program is another one: its resources would be deleted in favour of this program's.
    #[error(
        "{} is the project of another program, with {}; to run this one over it would delete what that one made. \
         Run it in a folder that is not below that project, or in one with a Pulumi.yaml of its own that says \
         `runtime: {wanted}`",
        .file.display(),
        .found.as_ref().map_or_else(|| "no `runtime` that could be read".to_owned(), |found| format!("`runtime: {found}`"))
    )]
    Foreign {
        /// The project's file.
        file: PathBuf,
        /// What it says that its program is run by, if it can be read.
        found: Option<String>,
        /// What it would have to say.
        wanted: String,
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
/// begun, a minimal one is written into the directory: state and configuration of its stacks are found by it later. A
/// project whose program is run by something else is none of ours.
pub(crate) fn find(from: &Path, language: Language<'_>, begin: bool) -> Result<Project, ProjectError> {
    let from = from.canonicalize().map_err(|source| ProjectError::Read { path: from.to_owned(), source })?;
    for directory in from.ancestors() {
        let files = NAMES.iter().map(|name| directory.join(name)).filter(|file| file.is_file());
        let files: Vec<_> = files.collect();
        // Which of several the stock command takes is its own business.
        for file in &files {
            is_ours(file, language.runtime)?;
        }
        if !files.is_empty() {
            return Ok(Project { directory: directory.to_owned(), written: None });
        }
    }
    if !begin {
        return Err(ProjectError::Missing(from));
    }
    let path = from.join(NAMES[0]);
    let Language { runtime, description } = language;
    let text = format!("name: {}\nruntime: {runtime}\ndescription: {description}\n", name(&from));
    // Never over a file that appeared meanwhile.
    let written = File::create_new(&path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|source| ProjectError::Write { path: path.clone(), source })?;
    Ok(Project { directory: from, written: Some(path) })
}

fn is_ours(file: &Path, wanted: &str) -> Result<(), ProjectError> {
    let bytes = fs::read(file).map_err(|source| ProjectError::Read { path: file.to_owned(), source })?;
    let found = runtime_of(bytes);
    if found.as_deref() == Some(wanted) {
        return Ok(());
    }
    Err(ProjectError::Foreign { file: file.to_owned(), found, wanted: wanted.to_owned() })
}

/// What a project's file says that its program is run by: `runtime: NAME`, or `runtime: {name: NAME}` with options.
fn runtime_of(bytes: Vec<u8>) -> Option<String> {
    let budget = Budget::default();
    let mut sources = Sources::new();
    sources.add(NAMES[0], decode(NAMES[0], bytes, &budget).ok()?).ok()?;
    let (tree, _) = parse(&sources, &budget);
    let runtime = tree.documents().next()?.get("runtime")?;
    let name = runtime.get("name").unwrap_or(runtime);
    name.as_str().map(str::to_owned)
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

    const RUST: Language<'_> = Language { runtime: "rust", description: "run by `cargo run`" };
    const KEYLOOM: Language<'_> = Language { runtime: "keyloom", description: "" };

    #[test]
    fn a_project_is_found_above_and_begun_where_there_is_none() {
        let root = tempfile::tempdir().unwrap();
        let here = root.path().join("web shop").join("deploy");
        std::fs::create_dir_all(&here).unwrap();
        assert!(matches!(find(&here, RUST, false), Err(ProjectError::Missing(_))));
        let begun = find(here.parent().unwrap(), RUST, true).unwrap();
        let text = std::fs::read_to_string(begun.written.unwrap()).unwrap();
        assert_eq!(text, "name: web-shop\nruntime: rust\ndescription: run by `cargo run`\n");
        let found = find(&here, RUST, true).unwrap();
        assert_eq!((found.directory, found.written), (begun.directory, None));
    }

    #[test]
    fn a_project_of_another_program_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let here = root.path().join("deploy");
        std::fs::create_dir(&here).unwrap();
        let found = |name: &str, text: &str, begin: bool| {
            let file = root.path().join(name);
            std::fs::write(&file, text).unwrap();
            let found = find(&here, KEYLOOM, begin).map(|project| project.written);
            assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
            std::fs::remove_file(file).unwrap();
            found
        };
        for (name, text) in [
            ("Pulumi.yaml", "name: shop\nruntime: keyloom\n"),
            ("Pulumi.yml", "name: shop\nruntime: {name: keyloom, options: {a: b}}\n"),
            ("Pulumi.json", r#"{"name": "shop", "runtime": "keyloom"}"#),
        ] {
            assert_eq!(found(name, text, true).unwrap(), None, "{text}");
        }
        for (name, text, runtime) in [
            ("Pulumi.yaml", "name: shop\nruntime: yaml\nresources: {}\n", Some("yaml")),
            (
                "Pulumi.yaml",
                "name: shop\nruntime: {name: nodejs, options: {typescript: true}}\n",
                Some("nodejs"),
            ),
            ("Pulumi.json", r#"{"name": "shop", "runtime": "go"}"#, Some("go")),
            ("Pulumi.yaml", "name: shop\n", None),
            ("Pulumi.yaml", "", None),
            ("Pulumi.yaml", "{", None),
        ] {
            for begin in [true, false] {
                match found(name, text, begin) {
                    Err(ProjectError::Foreign { found, .. }) => {
                        assert_eq!(found.as_deref(), runtime, "{text}")
                    }
                    other => panic!("{text}: {other:?}"),
                }
            }
        }
        std::fs::write(root.path().join("Pulumi.yaml"), "runtime: yaml").unwrap();
        let words = find(&here, KEYLOOM, true).unwrap_err().to_string();
        assert!(
            words.contains("with `runtime: yaml`;") && words.ends_with("says `runtime: keyloom`"),
            "{words}"
        );
        assert!(!here.join("Pulumi.yaml").exists());
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
