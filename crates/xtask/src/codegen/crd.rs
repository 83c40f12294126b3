//! Reading CustomResourceDefinitions: folder of YAML files, one or many documents each, to the schemas of `.spec`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::Result;

/// What a folder of CRDs says.
#[derive(Debug, Default)]
pub(super) struct Crds {
    /// Schema of `.spec` by kind, as written.
    pub(super) specs: BTreeMap<String, Value>,
    /// SHA-256, in hex, of each file that gave a schema, by file name.
    pub(super) source: BTreeMap<String, String>,
}

/// Reads all `*.yaml` of a folder and takes `.spec` of the kinds asked for, in API version `version`.
pub(super) fn read(dir: &Path, kinds: &[&str], version: &str) -> Result<Crds> {
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .map_err(|error| format!("{}: {error}", dir.display()))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<std::io::Result<_>>()?;
    files.retain(|path| path.extension().is_some_and(|end| end == "yaml" || end == "yml"));
    files.sort();
    let mut crds = Crds::default();
    for file in files {
        let text = std::fs::read_to_string(&file)?;
        let found = specs(&text, kinds, version).map_err(|error| format!("{}: {error}", file.display()))?;
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

/// The `.spec` schemas in one file's documents.
fn specs(text: &str, kinds: &[&str], version: &str) -> Result<Vec<(String, Value)>> {
    let mut found = Vec::new();
    for document in yaml_serde::Deserializer::from_str(text) {
        let document = Value::deserialize(document)?;
        let Some(kind) = document.pointer("/spec/names/kind").and_then(Value::as_str) else { continue };
        if document["kind"] != "CustomResourceDefinition" || !kinds.contains(&kind) {
            continue;
        }
        let versions = document.pointer("/spec/versions").and_then(Value::as_array);
        let Some(this) = versions.into_iter().flatten().find(|each| each["name"] == version) else {
            continue;
        };
        let spec = this.pointer("/schema/openAPIV3Schema/properties/spec");
        found.push((kind.to_owned(), spec.ok_or(format!("{kind} {version} has no spec"))?.clone()));
    }
    Ok(found)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn picks_kind_and_version_out_of_a_bundle() {
        let crd = |kind: &str, spec: &str| {
            format!(
                "kind: CustomResourceDefinition\nspec:\n  names: {{kind: {kind}}}\n  versions:\n\
                 \x20 - {{name: v1beta1, schema: {{openAPIV3Schema: {{properties: {{spec: {{type: old}}}}}}}}}}\n\
                 \x20 - {{name: v1, schema: {{openAPIV3Schema: {{properties: {{spec: {{type: {spec}}}}}}}}}}}\n"
            )
        };
        let text = format!("{}---\n---\n{}---\nkind: Other\n", crd("A", "object"), crd("B", "string"));
        let found = specs(&text, &["B"], "v1").unwrap();
        assert_eq!(found, [("B".to_owned(), serde_json::json!({"type": "string"}))]);
        assert!(specs(&text, &["A", "B"], "v9").unwrap().is_empty());
    }
}
