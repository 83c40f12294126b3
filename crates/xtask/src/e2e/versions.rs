//! The operator's versions that output is held against, and their CRDs.

use std::fmt;
use std::path::PathBuf;

use crate::Result;
use crate::e2e::engines;
use crate::e2e::manifests::{self, Manifest};

/// A version of External Secrets Operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// 0.20, whose controller runs here too.
    V0_20,
    /// 2.9, the newest; CRDs only.
    V2_9,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::V0_20 => "0.20",
            Self::V2_9 => "2.9",
        })
    }
}

/// Each version in turn.
pub(super) fn all() -> [Version; 2] {
    [Version::V0_20, Version::V2_9]
}

/// The version's CRDs; `None` where this machine has none.
pub(super) fn crds(version: Version) -> Result<Option<Vec<Manifest>>> {
    let Some(folder) = folder(version)? else { return Ok(None) };
    let crds: Vec<Manifest> = manifests::read(&folder)?
        .into_iter()
        .filter(|manifest| manifest.kind() == "CustomResourceDefinition")
        .collect();
    match crds.is_empty() {
        true => Err(format!("no CRDs in {}", folder.display()).into()),
        false => Ok(Some(crds)),
    }
}

/// Where the version's CRDs are; `None` where this machine has none.
pub(super) fn folder(version: Version) -> Result<Option<PathBuf>> {
    let root = crate::root();
    let folder = match version {
        Version::V0_20 => engines::operator_module(&root.join("e2e"))?.join("deploy/crds"),
        Version::V2_9 => std::env::var_os("KEYLOOM_ESO_29_CRDS")
            .map_or_else(|| root.join("../shared/crds/eso-2.9.0"), PathBuf::from),
    };
    Ok(folder.is_dir().then_some(folder))
}
