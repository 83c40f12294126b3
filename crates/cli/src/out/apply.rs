//! Does what was decided.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use keyloom_codegen::File;

use super::list::{Entry, LIST, List};
use super::survey::{Plan, Step};
use super::{OutError, OutOptions};

/// Writes and removes files, in the order that the [module above](super) gives.
pub(super) fn apply(
    dir: &Path,
    plan: &Plan<'_>,
    before: &List,
    options: &OutOptions,
) -> Result<(), OutError> {
    let own = |file: &File| file.format.makes(&file.path);
    if let Some(file) = plan.write.iter().map(|step| step.file).find(|file| !own(file)) {
        let error = io::Error::new(io::ErrorKind::InvalidInput, "the format makes no such path");
        return Err(OutError::io("write", Path::new(&file.path), error));
    }
    if !plan.write.is_empty() || !plan.remove.is_empty() {
        write(&dir.join(LIST), &under_way(plan, before, options).to_bytes())?;
    }
    for Step { file, .. } in &plan.write {
        write(&place(dir, &file.path), &file.contents)?;
    }
    for path in &plan.remove {
        let place = place(dir, path);
        fs::remove_file(&place).map_err(|error| OutError::io("remove", &place, error))?;
        remove_empty(dir, &place);
    }
    write(&dir.join(LIST), &plan.after.to_bytes())
}

/// The list while files are changing: each is known by what it held and by what it will hold.
fn under_way(plan: &Plan<'_>, before: &List, options: &OutOptions) -> List {
    let mut list = before.clone();
    for Step { file, there, digest } in &plan.write {
        let entry = Entry {
            format: file.format.as_str().to_owned(),
            set: options.document_set.clone(),
            sha256: there.clone(),
            next: Some(digest.clone()),
        };
        list.files.insert(file.path.clone(), entry);
    }
    list
}

fn place(dir: &Path, path: &str) -> PathBuf {
    path.split('/').fold(dir.to_owned(), |place, part| place.join(part))
}

/// Makes the directory and those above it, where they are not there.
pub(super) fn make_dir(dir: &Path) -> Result<(), OutError> {
    fs::create_dir_all(dir).map_err(|error| OutError::io("make the directory", dir, error))
}

/// The file appears whole or not at all: it is written beside its place and renamed into it.
fn write(place: &Path, contents: &[u8]) -> Result<(), OutError> {
    let failed = |error| OutError::io("write", place, error);
    let parent = place.parent().unwrap_or(Path::new("."));
    make_dir(parent)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".keyloom-").suffix(".tmp");
    #[cfg(unix)]
    {
        // As any other file that a program makes; a temporary one would be its owner's alone.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(parent).map_err(failed)?;
    file.write_all(contents).map_err(failed)?;
    file.persist(place).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Removes the directories above a removed file that are empty now, up to the output directory.
fn remove_empty(dir: &Path, place: &Path) {
    let above = place.ancestors().skip(1).take_while(|above| *above != dir && above.starts_with(dir));
    for empty in above {
        // One that is not empty refuses, and it and those above it stay.
        if fs::remove_dir(empty).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::out::{DocumentSet, survey::survey, write_out};
    use keyloom_codegen::Format;

    fn file(path: &str, contents: &str) -> File {
        File { path: path.to_owned(), format: Format::Kubernetes, contents: contents.into() }
    }

    #[test]
    fn a_run_that_was_cut_short_can_be_followed_by_any_other() {
        let root = tempfile::tempdir().unwrap();
        let dir = root.path();
        let options = OutOptions {
            force: false,
            formats: vec![Format::Kubernetes],
            document_set: DocumentSet { inputs: vec!["keyloom.yaml".into()], env: None },
        };
        let first = [file("kubernetes/a/1.yaml", "one"), file("kubernetes/gone/x.yaml", "x")];
        write_out(dir, &first, &options).unwrap();

        // The second run changes a/1.yaml, adds a/2.yaml, and is stopped at b/3.yaml, for a file has come in the way.
        for contents in ["two", "three"] {
            let second = ["a/1", "a/2", "b/3"].map(|path| file(&format!("kubernetes/{path}.yaml"), contents));
            let before = List::read(dir).unwrap();
            let plan = survey(dir, &second, &before, &options).unwrap();
            fs::write(dir.join("kubernetes/b"), "in the way").unwrap();
            assert!(matches!(apply(dir, &plan, &before, &options), Err(OutError::Io { .. })));
            assert_eq!(fs::read_to_string(dir.join("kubernetes/a/1.yaml")).unwrap(), contents);
            assert!(dir.join("kubernetes/gone/x.yaml").exists(), "removal comes last");
            fs::remove_file(dir.join("kubernetes/b")).unwrap();
        }

        let outcome = write_out(dir, &[file("kubernetes/a/1.yaml", "four")], &options).unwrap();
        assert_eq!(
            (outcome.changed, outcome.removed),
            (
                vec!["kubernetes/a/1.yaml".into()],
                vec!["kubernetes/a/2.yaml".into(), "kubernetes/gone/x.yaml".into()]
            )
        );
        assert!(!fs::read_to_string(dir.join(LIST)).unwrap().contains("next"));
    }
}
