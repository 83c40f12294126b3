//! The documents that are rendered for the API server.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::e2e::manifests::sorted;
use crate::e2e::versions::Version;

/// Folders of folders with a document each.
const HOMES: [&str; 3] = ["examples", "e2e/accept", "e2e/sync"];
/// A document says this when it needs more than the older version has.
const NEEDS_NEWEST: &str = "# e2e: needs eso 2.9";
const PLACEHOLDERS: &str = "substitution: flux";

/// A document in one environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Document {
    /// The file.
    pub(super) path: PathBuf,
    /// The environment; none is the base.
    pub(super) environment: Option<String>,
    /// Folder and environment, for messages.
    pub(super) title: String,
    /// Whether a later tool fills in `${NAME}` before a server reads the manifests.
    pub(super) placeholders: bool,
    needs_newest: bool,
}

impl Document {
    /// Why the document is not run against this version, if it is not.
    pub(super) fn not_for(&self, version: Version) -> Option<&'static str> {
        (self.needs_newest && version == Version::V0_20).then_some("needs eso 2.9")
    }
}

/// Every `keyloom.yaml` one folder below a home, and each environment that has a golden beside it. What has goldens for
/// Terraform alone holds nothing for a cluster.
pub(super) fn all(root: &Path) -> Result<Vec<Document>> {
    let mut found = Vec::new();
    for home in HOMES.map(|home| root.join(home)).iter().filter(|home| home.is_dir()) {
        for case in sorted(home)? {
            let path = case.join("keyloom.yaml");
            let golden = |name: &str| case.join(name).is_file();
            let for_terraform_alone = golden("terraform.json") && !golden("kubernetes.yaml");
            if path.is_file() && !for_terraform_alone {
                let title = case.strip_prefix(root).unwrap_or(&case).display().to_string();
                found.extend(environments(&case, &path, &title)?);
            }
        }
    }
    Ok(found)
}

fn environments(case: &Path, path: &Path, title: &str) -> Result<Vec<Document>> {
    let text = fs::read_to_string(path)?;
    let base = Document {
        path: path.to_path_buf(),
        environment: None,
        title: title.to_owned(),
        needs_newest: text.lines().any(|line| line.trim_end() == NEEDS_NEWEST),
        placeholders: text.lines().any(|line| line.trim_end() == PLACEHOLDERS),
    };
    let mut documents = vec![base.clone()];
    for file in sorted(case)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let environment = name.strip_prefix("kubernetes.").and_then(|rest| rest.strip_suffix(".yaml"));
        if let Some(environment) = environment {
            let title = format!("{title} --env {environment}");
            documents.push(Document { environment: Some(environment.to_owned()), title, ..base.clone() });
        }
    }
    Ok(documents)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_golden_names_its_environment() {
        let root = tempfile::tempdir().unwrap();
        let case = root.path().join("examples/one");
        fs::create_dir_all(&case).unwrap();
        for name in ["kubernetes.yaml", "kubernetes.prod.yaml"] {
            fs::write(case.join(name), "").unwrap();
        }
        fs::write(case.join("keyloom.yaml"), "# e2e: needs eso 2.9\nstores: []\n").unwrap();
        let documents = all(root.path()).unwrap();
        let titles: Vec<&str> = documents.iter().map(|it| it.title.as_str()).collect();
        assert_eq!(titles, ["examples/one", "examples/one --env prod"]);
        assert_eq!(documents[0].not_for(Version::V0_20), Some("needs eso 2.9"));
        assert_eq!(documents[1].not_for(Version::V2_9), None);
        fs::write(case.join("terraform.json"), "{}").unwrap();
        assert_eq!(all(root.path()).unwrap().len(), 2);
        for name in ["kubernetes.yaml", "kubernetes.prod.yaml"] {
            fs::remove_file(case.join(name)).unwrap();
        }
        assert_eq!(all(root.path()).unwrap(), []);
    }
}
