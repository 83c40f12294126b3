//! Every folder of `corpus/` is a set of manifests as people write them. Each is imported, and what its declaration is
//! rendered to must be the same objects: compared here by other means than import itself has. The declaration is
//! `corpus/FOLDER.keyloom.yaml`; `UPDATE=1` writes it, and the difference is then read in review.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

mod common;

use common::{Twins, declaration, mended, twins};
use keyloom_syntax::Sources;

fn folders() -> Vec<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut folders: Vec<_> = fs::read_dir(corpus).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders
}

fn files(folder: &Path, files_in: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() { files(&entry, files_in) } else { files_in.push(entry) }
    }
}

fn sources(folder: &Path) -> Sources {
    let mut paths = Vec::new();
    files(folder, &mut paths);
    let mut sources = Sources::new();
    for path in paths {
        let name = path.strip_prefix(folder).unwrap().display().to_string();
        sources.add(name, fs::read_to_string(&path).unwrap()).unwrap();
    }
    sources
}

#[test]
fn what_is_imported_is_rendered_again() {
    let mut count = 0;
    for folder in folders() {
        let sources = mended(&sources(&folder));
        let text =
            declaration(&sources).unwrap_or_else(|problems| panic!("{}: {problems}", folder.display()));
        let golden = folder.with_extension("keyloom.yaml");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&golden, &text).unwrap();
        }
        assert_eq!(text, fs::read_to_string(&golden).unwrap_or_default(), "{}", golden.display());
        let Twins { pairs, lost, added } = twins(&sources, &text);
        assert_eq!((&lost, &added), (&vec![], &vec![]), "{}", folder.display());
        count += pairs.len();
        for (manifest, rendered) in pairs {
            assert_eq!(manifest, rendered, "{}", folder.display());
        }
    }
    assert!(count >= 200, "{count} manifests");
}
