//! Every rule by example: `reject/CODE/CASE.yaml` with what is reported in `CASE.txt`, and `accept/CODE.yaml`, a near
//! miss. A case of several files is a folder. `UPDATE=1` rewrites the texts; the difference is then read in review.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use keyloom_foreign::{Options, Outcome, validate};
use keyloom_models::code::code;
use keyloom_syntax::{Diagnostic, Label, Severity, Sources};

/// Codes that only manifests bring about.
const OWN: [&str; 14] = [
    "crd-rule",
    "empty-default",
    "json-syntax",
    "kustomize-patch",
    "perpetual-diff",
    "provider-rule",
    "store-cannot-push",
    "templated-manifest",
    "trust-too-wide",
    "unknown-generator",
    "unknown-kind",
    "unknown-reference",
    "unknown-resource",
    "unserved-version",
];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_none_or(|ending| ending != "txt"));
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().split('.').next().unwrap().to_owned()
}

/// A file, or all files of a folder, by their names in it.
fn sources(path: &Path) -> Sources {
    let mut sources = Sources::new();
    let mut add = |file: &Path, name: &Path| {
        sources.add(name.display().to_string(), fs::read_to_string(file).unwrap()).unwrap();
    };
    if path.is_dir() {
        let mut folders = vec![path.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in entries(&folder) {
                if entry.is_dir() {
                    folders.push(entry)
                } else {
                    add(&entry, entry.strip_prefix(path).unwrap())
                }
            }
        }
    } else {
        add(path, Path::new(path.file_name().unwrap()));
    }
    sources
}

/// What is reported of a case; its first line may say `# eso: 0.20`.
fn outcome(sources: &Sources) -> Outcome {
    let mut options = Options { named: sources.files().map(|(id, _)| id).collect(), ..Options::default() };
    let first = sources.files().next().and_then(|(_, file)| file.text.lines().next()).unwrap_or_default();
    if let Some(version) = first.strip_prefix("# eso: ") {
        options.eso = version.parse().unwrap();
    }
    // Cases of several files hold some that are of no interest by themselves.
    if sources.files().count() > 1 {
        options.named.clear();
    }
    validate(sources, &options)
}

fn shown(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    let mut text = String::new();
    for one in diagnostics {
        let place = place(sources, &one.primary);
        let _ = writeln!(text, "{}[{}] {place} {}", one.severity.as_str(), one.code, one.message);
        let label = Some(&one.primary.text).filter(|text| !text.is_empty());
        for (what, words) in [("label", label), ("why", one.why.as_ref()), ("fix", one.fix.as_ref())] {
            if let Some(words) = words {
                let _ = writeln!(text, "  {what}: {words}");
            }
        }
        for other in &one.secondary {
            let _ = writeln!(text, "  also: {} {}", self::place(sources, other), other.text);
        }
    }
    text
}

fn place(sources: &Sources, label: &Label) -> String {
    match label.span.and_then(|span| sources.locate(span)) {
        Some(at) => format!("{}:{}:{} {}", at.file, at.line, at.column, label.path).trim_end().to_owned(),
        None => "(no place)".to_owned(),
    }
}

#[test]
fn every_reject_fixture_reports_its_code_and_nothing_unexpected() {
    let mut wrong = Vec::new();
    let mut codes = BTreeSet::new();
    for folder in entries(&folder("reject")) {
        let expected = code(&name(&folder)).unwrap_or_else(|| panic!("{} is no code", folder.display())).name;
        codes.insert(expected);
        for path in entries(&folder) {
            let sources = sources(&path);
            let found = outcome(&sources).diagnostics;
            let text = shown(&sources, &found);
            assert!(found.iter().all(|one| code(one.code).is_some()), "a code without a page: {text}");
            if !found.iter().any(|one| one.code == expected) {
                wrong.push(format!("{} does not report {expected}:\n{text}", path.display()));
            }
            let stored = path.with_extension("txt");
            if fs::read_to_string(&stored).unwrap_or_default() == text {
                continue;
            }
            if std::env::var_os("UPDATE").is_some_and(|value| value == "1") {
                fs::write(&stored, text).unwrap();
            } else {
                wrong.push(format!("{} is now\n{text}", stored.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let missing: Vec<_> = OWN.iter().filter(|name| !codes.contains(*name)).collect();
    assert!(missing.is_empty(), "no reject fixture: {missing:?}");
}

#[test]
fn every_accept_fixture_is_clean_of_its_code_and_of_errors() {
    let mut wrong = Vec::new();
    let mut codes = BTreeSet::new();
    for path in entries(&folder("accept")) {
        let name = name(&path);
        assert!(code(&name).is_some(), "{} is no code", path.display());
        let sources = sources(&path);
        let mut found = outcome(&sources).diagnostics;
        found.retain(|one| one.severity == Severity::Error || one.code == name);
        if !found.is_empty() {
            wrong.push(format!("{}\n{}", path.display(), shown(&sources, &found)));
        }
        codes.insert(name);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let rejected = entries(&folder("reject"));
    let missing: Vec<_> =
        rejected.iter().map(|path| name(path)).filter(|name| !codes.contains(name)).collect();
    assert!(missing.is_empty(), "no accept fixture: {missing:?}");
}

/// Manifests as people write them: nothing is wrong with any.
#[test]
fn real_shapes_are_clean() {
    for path in entries(&folder("shapes")) {
        let sources = sources(&path);
        let outcome = outcome(&sources);
        let found = shown(&sources, &outcome.diagnostics);
        assert!(found.is_empty() && outcome.objects > 1, "{}\n{found}", path.display());
    }
}
