//! The operator's CRDs, made again from what crates/upstream keeps of them: so a fresh clone has them too.

use std::path::Path;

use serde_json::{Value, json};

use super::{condense, crd, eso};
use crate::{Result, root};

/// All CRDs of that version, without prose, as objects that an API server takes.
pub(crate) fn rebuilt(version: &str) -> Result<Vec<Value>> {
    let path = root().join(eso::path(version));
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    rebuild(&serde_json::from_str(&text)?)
}

fn rebuild(file: &Value) -> Result<Vec<Value>> {
    let part = |name| file[name].as_object().ok_or(format!("no {name} in what was condensed"));
    let (kinds, definitions) = (part("kinds")?, part("definitions")?);
    Ok(kinds.values().map(|spec| object(condense::expand(spec, definitions))).collect())
}

fn object(spec: Value) -> Value {
    let text = |pointer| spec.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let name = format!("{}.{}", text("/names/plural"), text("/group"));
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": name},
        "spec": spec,
    })
}

/// Serves every API version of a CRD, also those on their way out: what is written in them can then be judged too.
pub(crate) fn serve_all(crd: &mut Value) {
    let versions = crd.pointer_mut("/spec/versions").and_then(Value::as_array_mut);
    for version in versions.into_iter().flatten() {
        version["served"] = true.into();
    }
}

/// Where CRDs that were made again differ from those in a folder, prose aside; a line for each kind.
pub(crate) fn differences(rebuilt: &[Value], folder: &Path) -> Result<Vec<String>> {
    let mut originals = crd::read(folder, &eso::GROUPS)?.specs;
    let mut wrong = Vec::new();
    for crd in rebuilt {
        let kind = crd.pointer("/spec/names/kind").and_then(Value::as_str).unwrap_or_default();
        match originals.remove(kind) {
            Some(original) if eso::strip(&original) == crd["spec"] => {}
            Some(_) => wrong.push(format!("{kind}: not what the CRD says")),
            None => wrong.push(format!("{kind}: there is no such CRD")),
        }
    }
    wrong.extend(originals.into_keys().map(|kind| format!("{kind}: was not made again")));
    Ok(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_every_version_is_made_again() {
        for version in crate::e2e::versions() {
            let crds = rebuilt(&version).unwrap();
            assert!(crds.len() >= 23, "{version}: {}", crds.len());
            for mut crd in crds {
                assert!(!crd.to_string().contains("$ref"), "{}", crd["metadata"]["name"]);
                let stored = |crd: &Value, field: &str| {
                    let versions = crd["spec"]["versions"].as_array().unwrap();
                    versions.iter().filter(|version| version[field] == true).count()
                };
                assert_eq!((stored(&crd, "storage"), stored(&crd, "served")), (1, 1));
                serve_all(&mut crd);
                assert_eq!(stored(&crd, "served"), crd["spec"]["versions"].as_array().unwrap().len());
            }
        }
    }

    #[test]
    fn a_difference_names_the_kind() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/crds");
        let text = std::fs::read_to_string(folder.join("../condensed.json")).unwrap();
        let mut crds = rebuild(&serde_json::from_str(&text).unwrap()).unwrap();
        assert_eq!(differences(&crds, &folder).unwrap(), Vec::<String>::new());
        assert_eq!(crds[0]["metadata"]["name"], "externalsecrets.external-secrets.io");
        crds[0]["spec"]["scope"] = "Cluster".into();
        crds[1]["spec"]["names"]["kind"] = "Other".into();
        let expected = [
            "ExternalSecret: not what the CRD says",
            "Other: there is no such CRD",
            "SecretStore: was not made again",
        ];
        assert_eq!(differences(&crds, &folder).unwrap(), expected);
    }
}
