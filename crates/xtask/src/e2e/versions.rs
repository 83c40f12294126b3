//! The operator's versions that output is held against, and their CRDs.

use std::fmt;
use std::path::PathBuf;

use crate::Result;
use crate::codegen::crds;
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

/// The CRDs that output is held against, made again from what is condensed, with every API version served.
pub(super) fn crds(version: Version) -> Result<Vec<Manifest>> {
    let mut crds = crds::rebuilt(&version.to_string())?;
    crds.iter_mut().for_each(crds::serve_all);
    Ok(crds.into_iter().map(|value| Manifest { text: value.to_string(), value }).collect())
}

/// The CRDs that the controller brings along, as they are.
pub(super) fn controllers_crds() -> Result<Vec<Manifest>> {
    let folder = folder(Version::V0_20)?.ok_or("the controller's module has no CRDs")?;
    let mut crds = manifests::read(&folder)?;
    crds.retain(|manifest| manifest.kind() == "CustomResourceDefinition");
    Ok(crds)
}

/// Whether the CRDs made again are upstream's; `None` where upstream's are not on this machine.
pub(super) fn proof(version: Version) -> Result<Option<Vec<String>>> {
    let Some(folder) = folder(version)? else { return Ok(None) };
    crds::differences(&crds::rebuilt(&version.to_string())?, &folder).map(Some)
}

/// Where upstream's CRDs of that version are; `None` where this machine has none.
pub(super) fn folder(version: Version) -> Result<Option<PathBuf>> {
    let root = crate::root();
    let folder = match version {
        Version::V0_20 => engines::operator_module(&root.join("e2e"))?.join("deploy/crds"),
        Version::V2_9 => std::env::var_os("KEYLOOM_ESO_29_CRDS")
            .map_or_else(|| root.join("../shared/crds/eso-2.9.0"), PathBuf::from),
    };
    Ok(folder.is_dir().then_some(folder))
}
