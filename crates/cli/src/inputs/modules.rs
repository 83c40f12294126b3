//! Folders of Terraform: all their files are one module, so whoever looks at some must know that there are others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use keyloom_syntax::{FileId, Sources};

use super::{is_stdin, name};

/// The files of Terraform among those that were read in whose folders lie others.
pub(crate) fn open(paths: &[PathBuf], sources: &Sources) -> BTreeSet<FileId> {
    let read: BTreeMap<String, &PathBuf> =
        paths.iter().filter(|path| !is_stdin(path)).map(|path| (name(path), path)).collect();
    let known: BTreeSet<PathBuf> =
        read.values().filter(|path| is_of_module(path)).filter_map(|path| path.canonicalize().ok()).collect();
    let mut folders: BTreeMap<PathBuf, bool> = BTreeMap::new();
    let files = sources.files().filter_map(|(id, file)| Some((id, *read.get(&file.name)?)));
    let of_module = files.filter(|(_, path)| is_of_module(path));
    let open = of_module.filter(|(_, path)| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        *folders.entry(folder.to_owned()).or_insert_with(|| has_others(folder, &known))
    });
    open.map(|(id, _)| id).collect()
}

fn has_others(folder: &Path, known: &BTreeSet<PathBuf>) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return true };
    entries.flatten().map(|entry| entry.path()).any(|path| {
        is_of_module(&path) && path.canonicalize().is_ok_and(|path| path.is_file() && !known.contains(&path))
    })
}

/// Whether Terraform, or its twin, reads the file: hidden ones and those of editors it passes over.
fn is_of_module(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return false };
    let ending = [".tf", ".tf.json", ".tofu", ".tofu.json"].iter().any(|ending| name.ends_with(ending));
    ending && !name.starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_other_files_is_open() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        for name in ["a/main.tf.json", "a/extra.tf", "b/main.tf.json", "b/vars.tf.json", "c.yaml"] {
            fs::create_dir_all(path(name).parent().unwrap()).unwrap();
            fs::write(path(name), "{}").unwrap();
        }
        let open = |names: &[&str]| {
            let paths: Vec<_> = names.iter().map(|name| path(name)).collect();
            let mut sources = Sources::new();
            for path in &paths {
                sources.add(name(path), "{}".to_owned()).unwrap();
            }
            super::open(&paths, &sources).len()
        };
        assert_eq!(open(&["a/main.tf.json"]), 1);
        assert_eq!(open(&["b/main.tf.json"]), 1);
        assert_eq!(open(&["b/main.tf.json", "b/vars.tf.json", "c.yaml"]), 0);
    }
}
