//! What is rendered is accepted, and stored as rendered.

use crate::Result;
use crate::e2e::compare::differences;
use crate::e2e::documents::{self, Document};
use crate::e2e::flux;
use crate::e2e::keyloom::{Keyloom, Rendered};
use crate::e2e::manifests::Manifest;
use crate::e2e::objects::Objects;
use crate::e2e::options::Options;
use crate::e2e::report::Report;
use crate::e2e::versions::Version;

/// Checks every document in every environment against one version's server.
pub(super) fn run(
    version: Version,
    objects: &mut Objects,
    keyloom: &Keyloom,
    options: &Options,
    report: &mut Report,
) -> Result<()> {
    for document in documents::all(&crate::root())? {
        let check = format!("accept {version} {}", document.title);
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
    document: &Document,
    check: &str,
    report: &mut Report,
) -> Result<()> {
    if let Some(why) = document.not_for(version) {
        return report.not_run(check, why);
    }
    match keyloom.render(version, document.environment.as_deref(), &document.path)? {
        Rendered::Manifests(manifests) if manifests.is_empty() => report.fail(check, "nothing was rendered"),
        Rendered::Manifests(manifests) => {
            let manifests = if document.placeholders { flux::fill_in(&manifests)? } else { manifests };
            report.conclude(&format!("{check} ({} objects)", manifests.len()), hold(objects, &manifests))
        }
        Rendered::NewerThanVersion if version == Version::V0_20 => {
            report.not_run(check, "has fields newer than this version")
        }
        Rendered::NewerThanVersion => report.fail(check, "calls the newest version too old"),
        Rendered::Refused(words) => report.fail(check, &words),
    }
}

/// Applies all objects, compares each with what is stored, and clears up. Every fault is a line.
fn hold(objects: &mut Objects, manifests: &[Manifest]) -> Result<Vec<String>> {
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
