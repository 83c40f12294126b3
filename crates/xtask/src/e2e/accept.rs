//! What is rendered is accepted, and stored as rendered.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::e2e::compare::differences;
use crate::e2e::keyloom::{Keyloom, Rendered};
use crate::e2e::manifests::{Manifest, sorted};
use crate::e2e::objects::Objects;
use crate::e2e::options::Options;
use crate::e2e::report::Report;
use crate::e2e::versions::Version;

/// A document says this when it needs more than the older version has.
const NEEDS_NEWEST: &str = "# e2e: needs eso 2.9";
/// Folders of folders with a document each.
const HOMES: [&str; 4] = ["examples", "e2e/accept", "e2e/sync", "crates/codegen/tests/golden"];

/// Checks every example and golden against one version's server.
pub(super) fn run(
    version: Version,
    objects: &mut Objects,
    keyloom: &Keyloom,
    options: &Options,
    report: &mut Report,
) -> Result<()> {
    for document in documents(&crate::root())? {
        let check = format!("accept {version} {}", title(&document));
        if options.selects(&check) {
            one(version, objects, keyloom, &document, &check, report)?;
        }
    }
    Ok(())
}

fn one(
    version: Version,
    objects: &mut Objects,
    keyloom: &Keyloom,
    document: &Path,
    check: &str,
    report: &mut Report,
) -> Result<()> {
    if version == Version::V0_20 && needs_newest(document)? {
        return report.not_run(check, "needs eso 2.9");
    }
    match keyloom.render(version, document)? {
        Rendered::Manifests(manifests) if manifests.is_empty() => report.fail(check, "nothing was rendered"),
        Rendered::Manifests(manifests) => {
            let wrong = hold(objects, &manifests).unwrap_or_else(|error| vec![error.to_string()]);
            report.settle(&format!("{check} ({} objects)", manifests.len()), &wrong)
        }
        Rendered::NewerThanVersion if version == Version::V0_20 => {
            report.not_run(check, "has fields newer than this version")
        }
        Rendered::NewerThanVersion => report.fail(check, "calls the newest version too old"),
        Rendered::Refused(words) => report.fail(check, &words),
    }
}

/// Applies all objects, compares each with what is stored, and clears up. Every fault is a line.
pub(super) fn hold(objects: &mut Objects, manifests: &[Manifest]) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for manifest in manifests {
        let applied = objects.apply(manifest)?;
        if !applied.is_ok() {
            wrong.push(format!("{}: refused: {}", manifest.title(), applied.summary()));
            continue;
        }
        let stored = objects.get(manifest)?.json();
        let found = differences(&manifest.value, &stored);
        wrong.extend(found.iter().map(|it| format!("{}: {it}", manifest.title())));
    }
    for manifest in manifests {
        objects.delete(manifest)?;
    }
    Ok(wrong)
}

/// Every `keyloom.yaml` one folder below a home.
fn documents(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for home in HOMES.map(|home| root.join(home)) {
        if home.is_dir() {
            let documents = sorted(&home)?.into_iter().map(|case| case.join("keyloom.yaml"));
            found.extend(documents.filter(|document| document.is_file()));
        }
    }
    Ok(found)
}

fn title(document: &Path) -> String {
    let case = document.parent().unwrap_or(document);
    let names = case.strip_prefix(crate::root()).unwrap_or(case);
    names.display().to_string()
}

fn needs_newest(document: &Path) -> Result<bool> {
    Ok(fs::read_to_string(document)?.lines().any(|line| line.trim_end() == NEEDS_NEWEST))
}
