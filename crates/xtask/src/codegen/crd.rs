//! Reading CustomResourceDefinitions: a folder of YAML files, one or many documents each.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::Result;

/// What a folder of CRDs says.
#[derive(Debug, Default)]
pub(super) struct Crds {
    /// Each CRD's `.spec` by kind, as written.
    pub(super) specs: BTreeMap<String, Value>,
    /// SHA-256, in hex, of each file that gave one, by file name.
    pub(super) source: BTreeMap<String, String>,
}

/// Reads all `*.yaml` of a folder and takes every CRD of these API groups.
pub(super) fn read(dir: &Path, groups: &[&str]) -> Result<Crds> {
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .map_err(|error| format!("{}: {error}", dir.display()))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|end| end == "yaml" || end == "yml"));
    files.sort();
    let mut crds = Crds::default();
    for file in files {
        let text = std::fs::read_to_string(&file)?;
        let found = specs(&text, groups).map_err(|error| format!("{}: {error}", file.display()))?;
        if found.is_empty() {
            continue;
        }
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        crds.source.insert(name, hex(&Sha256::digest(text.as_bytes())));
        for (kind, spec) in found {
            if crds.specs.insert(kind.clone(), spec).is_some() {
                return Err(format!("{kind} is defined twice in {}", dir.display()).into());
            }
        }
    }
    Ok(crds)
}

/// The CRDs in one file's documents: kind and `.spec`.
fn specs(text: &str, groups: &[&str]) -> Result<Vec<(String, Value)>> {
    let mut found = Vec::new();
    for document in yaml_serde::Deserializer::from_str(text) {
        let mut document = Value::deserialize(document)?;
        let text = |pointer| document.pointer(pointer).and_then(Value::as_str);
        let (Some(group), Some(kind)) = (text("/spec/group"), text("/spec/names/kind")) else { continue };
        if document["kind"] == "CustomResourceDefinition" && groups.contains(&group) {
            found.push((kind.to_owned(), document["spec"].take()));
        }
    }
    Ok(found)
}

/// Bytes in hex.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picks_groups_out_of_a_bundle() {
        let crd = |group: &str, kind: &str| {
            format!(
                "kind: CustomResourceDefinition\nspec:\n  group: {group}\n  names: {{kind: {kind}}}\n  versions: []\n"
            )
        };
        let text = format!("{}---\n---\n{}---\nkind: Other\n", crd("a.io", "A"), crd("b.io", "B"));
        let found = specs(&text, &["b.io", "c.io"]).unwrap();
        let expected = serde_json::json!({"group": "b.io", "names": {"kind": "B"}, "versions": []});
        assert_eq!(found, [("B".to_owned(), expected)]);
    }
}
