//! What `check` refuses for its shape, the server refuses too.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::e2e::manifests::{self, Manifest, sorted};
use crate::e2e::objects::Objects;
use crate::e2e::options::Options;
use crate::e2e::report::Report;
use crate::e2e::versions::Version;

const HOME: &str = "crates/models/tests/reject";
/// Endings of what is offered: objects of the operator, and those of Kubernetes' own kinds, which `validate` passes over.
const TWINS: [&str; 2] = [".manifest.yaml", ".kubernetes.yaml"];
/// Names the one version whose CRDs can see the fault.
const CRDS: &str = "# crds:";
/// Words that the server's refusal must hold, so that it is refused for its fault and no other.
const SAYS: &str = "# says:";
/// What schemas, strict decoding and names are refused with.
const REFUSALS: [u16; 2] = [400, 422];

/// Offers every twin that this version's CRDs can judge.
pub(super) fn run(
    version: Version,
    objects: &mut Objects,
    options: &Options,
    report: &mut Report,
) -> Result<()> {
    let home = crate::root().join(HOME);
    for twin in twins(&home)? {
        let text = fs::read_to_string(&twin)?;
        let name = twin.strip_prefix(&home).unwrap_or(&twin).display().to_string();
        let Some(case) = TWINS.iter().find_map(|ending| name.strip_suffix(ending)) else { continue };
        let check = format!("refuse {version} {case}");
        if !options.selects(&check) || !judges(version, &text) {
            continue;
        }
        if !home.join(format!("{case}.yaml")).is_file() {
            report.fail(&check, "there is no fixture of this name for `check`")?;
        } else {
            let documents = manifests::parse(&text).map_err(|it| format!("{name}: {it}"))?;
            report.conclude(&check, hold(objects, &documents, note(&text, SAYS)))?;
        }
    }
    Ok(())
}

/// Offers the documents; exactly one of them must be refused, for the fault that the twin names.
fn hold(objects: &mut Objects, documents: &[Manifest], says: Option<&str>) -> Result<Vec<String>> {
    let mut refusals = Vec::new();
    for document in documents {
        refusals.extend(Some(objects.try_create(document)?).filter(|answer| !answer.is_ok()));
    }
    Ok(match refusals.as_slice() {
        [] => vec!["the server accepted it".to_owned()],
        [one] if !REFUSALS.contains(&one.status) || !one.summary().contains(says.unwrap_or("")) => {
            vec![format!("refused for something else: {}", one.summary())]
        }
        [_] => Vec::new(),
        many => many.iter().map(|it| format!("more than one refused: {}", it.summary())).collect(),
    })
}

/// All twins below a folder; none where the folder is not there.
fn twins(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !dir.is_dir() {
        return Ok(found);
    }
    for path in sorted(dir)? {
        if path.is_dir() {
            found.extend(twins(&path)?);
        } else if TWINS.iter().any(|ending| path.to_string_lossy().ends_with(ending)) {
            found.push(path);
        }
    }
    Ok(found)
}

fn judges(version: Version, text: &str) -> bool {
    note(text, CRDS).is_none_or(|only| only == version.to_string())
}

/// What a comment line of this kind says.
fn note<'t>(text: &'t str, kind: &str) -> Option<&'t str> {
    text.lines().find_map(|line| line.strip_prefix(kind)).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_twin_may_be_for_one_version() {
        assert!(judges(Version::V0_20, "kind: A"));
        assert!(judges(Version::V2_9, "# crds: 2.9\nkind: A"));
        assert!(!judges(Version::V0_20, "# crds: 2.9\nkind: A"));
        assert_eq!(note("# says: spec.provider\n", SAYS), Some("spec.provider"));
    }
}
