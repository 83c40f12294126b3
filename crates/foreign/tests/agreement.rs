//! What a real API server is shown elsewhere is judged alike here: it takes every example, and refuses every twin of a
//! fixture (`cargo xtask e2e` asks it).
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

use keyloom_foreign::{Options, validate};
use keyloom_syntax::{Diagnostic, Severity, Sources};

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The errors of a file, for the version that its first line names (`# crds: 0.20`), else for the newest.
fn errors(path: &Path) -> Vec<Diagnostic> {
    let text = fs::read_to_string(path).unwrap();
    let mut options = Options::default();
    if let Some(version) = text.lines().next().and_then(|line| line.strip_prefix("# crds: ")) {
        options.eso = version.parse().unwrap();
    }
    // Some hold nothing but kinds of Kubernetes' own.
    let of_operator = text.contains("external-secrets.io/");
    let mut sources = Sources::new();
    sources.add("a.yaml", text).unwrap();
    let outcome = validate(&sources, &options);
    assert_eq!(outcome.objects > 0, of_operator, "{}", path.display());
    outcome.diagnostics.into_iter().filter(|one| one.severity == Severity::Error).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn every_example_is_without_errors() {
    let manifests = files(&root().join("examples"), "kubernetes.yaml");
    assert!(manifests.len() > 15);
    for path in manifests {
        let found = errors(&path);
        assert!(found.is_empty(), "{}: {found:#?}", path.display());
    }
}

#[test]
fn every_twin_that_the_api_server_refuses_is_refused() {
    let manifests = files(&root().join("crates/models/tests/reject"), ".manifest.yaml");
    assert!(manifests.len() > 30);
    let taken: Vec<_> = manifests.iter().filter(|path| errors(path).is_empty()).collect();
    assert!(taken.is_empty(), "{taken:#?}");
}
