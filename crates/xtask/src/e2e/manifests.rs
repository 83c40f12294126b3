//! Kubernetes objects as text: the server reads the very bytes that were rendered.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::Result;

/// One document, as written and as read.
#[derive(Clone, Debug)]
pub(super) struct Manifest {
    /// The document's own lines.
    pub(super) text: String,
    /// What they say.
    pub(super) value: Value,
}

impl Manifest {
    fn field(&self, pointer: &str) -> &str {
        self.value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }

    /// `ExternalSecret` and the like.
    pub(super) fn kind(&self) -> &str {
        self.field("/kind")
    }

    /// `GROUP/VERSION`.
    pub(super) fn api_version(&self) -> &str {
        self.field("/apiVersion")
    }

    /// The object's name.
    pub(super) fn name(&self) -> &str {
        self.field("/metadata/name")
    }

    /// The object's namespace as written; empty when it is not.
    pub(super) fn namespace(&self) -> &str {
        self.field("/metadata/namespace")
    }

    /// Kind and name, for messages.
    pub(super) fn title(&self) -> String {
        format!("{} {}", self.kind(), self.name())
    }
}

/// The documents of a file, or of every YAML file of a folder.
pub(super) fn read(path: &Path) -> Result<Vec<Manifest>> {
    if path.is_file() {
        return parse(&fs::read_to_string(path)?)
            .map_err(|error| format!("{}: {error}", path.display()).into());
    }
    let mut all = Vec::new();
    for file in sorted(path)? {
        if file.extension().is_some_and(|it| it == "yaml") {
            all.extend(read(&file)?);
        }
    }
    Ok(all)
}

/// The entries of a folder, by name.
pub(super) fn sorted(dir: &Path) -> Result<Vec<std::path::PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir).map_err(|error| format!("{}: {error}", dir.display()))? {
        paths.push(entry?.path());
    }
    paths.sort();
    Ok(paths)
}

/// Splits text at its `---` lines; documents that hold nothing are left out.
pub(super) fn parse(text: &str) -> Result<Vec<Manifest>> {
    let mut documents = vec![String::new()];
    for line in text.split_inclusive('\n') {
        match (line.trim_end_matches(['\r', '\n', ' ']) == "---", documents.last_mut()) {
            (false, Some(last)) => last.push_str(line),
            _ => documents.push(String::new()),
        }
    }
    let mut manifests = Vec::new();
    for text in documents {
        let value: Value = yaml_serde::from_str(&text)?;
        if !value.is_null() {
            manifests.push(Manifest { text, value });
        }
    }
    Ok(manifests)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_split_and_empty_ones_left_out() {
        let text = "# head\n---\nkind: A\nmetadata: {name: x}\n---\n# no\n---\nkind: B\ndata: |\n  ---\n";
        let manifests = parse(text).unwrap();
        let titles: Vec<String> = manifests.iter().map(Manifest::title).collect();
        assert_eq!(titles, ["A x", "B "]);
    }
}
