//! Render mode: objects as files.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use keyloom_wire::property::PropertyMap;

use crate::object::{name, namespace, text, to_json};

/// The file of an object.
pub(super) fn path(dir: &Path, object: &PropertyMap) -> PathBuf {
    let (api_version, kind) = (text(object, &["apiVersion"]), text(object, &["kind"]));
    let folder = match (api_version.split_once('/'), kind) {
        (Some(("apiextensions.k8s.io", _)), "CustomResourceDefinition") => "0-crd",
        _ => "1-manifest",
    };
    let namespace = match namespace(object) {
        "" => "default",
        written => written,
    };
    let kind = kind.to_lowercase();
    let file = format!("{api_version}-{kind}-{namespace}-{}.yaml", name(object));
    // Names that the API server would refuse must not lead out of the folder.
    dir.join(folder).join(file.replace(['/', ':'], "_"))
}

/// Writes the file of an object, values of Secrets included, readable for nobody but its owner.
///
/// # Errors
/// A folder or file that cannot be written.
pub(super) fn write(dir: &Path, object: &PropertyMap) -> io::Result<()> {
    for folder in ["0-crd", "1-manifest"] {
        DirBuilder::new().recursive(true).mode(0o700).create(dir.join(folder))?;
    }
    let text = yaml_serde::to_string(&to_json(object)).map_err(io::Error::other)?;
    let path = path(dir, object);
    let mut file: File = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())
}

/// Removes the file of an object; one that is not there is fine.
///
/// # Errors
/// A file that cannot be removed.
pub(super) fn remove(dir: &Path, object: &PropertyMap) -> io::Result<()> {
    match fs::remove_file(path(dir, object)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use serde_json::json;

    use super::*;
    use crate::object::from_json;

    #[test]
    fn an_object_has_a_file_with_its_keys_sorted() {
        let dir = tempfile::tempdir().unwrap();
        let object = from_json(&json!({"spec": {"b": 3, "a": "yes"}, "kind": "ExternalSecret",
            "apiVersion": "external-secrets.io/v1", "metadata": {"namespace": "apps", "name": "db"}}));
        write(dir.path(), &object).unwrap();
        let path = dir.path().join("1-manifest/external-secrets.io_v1-externalsecret-apps-db.yaml");
        let text = fs::read_to_string(&path).unwrap();
        let lines: Vec<_> = text.lines().map(|line| line.split(':').next().unwrap()).collect();
        assert_eq!(lines, ["apiVersion", "kind", "metadata", "  name", "  namespace", "spec", "  a", "  b"]);
        assert!(text.contains("b: 3\n"), "{text}");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        remove(dir.path(), &object).unwrap();
        assert!(!path.exists());
        remove(dir.path(), &object).unwrap();
    }

    #[test]
    fn core_kinds_and_definitions_have_their_places() {
        let dir = Path::new("d");
        let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}});
        assert_eq!(path(dir, &from_json(&secret)), Path::new("d/1-manifest/v1-secret-default-s.yaml"));
        let crd = json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": {"name": "x.y"}});
        let expected = "d/0-crd/apiextensions.k8s.io_v1-customresourcedefinition-default-x.y.yaml";
        assert_eq!(path(dir, &from_json(&crd)), Path::new(expected));
    }
}
