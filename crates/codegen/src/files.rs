//! Which file holds what, below the directory of `--out`.

use std::io;

use keyloom_models::config::pipeline::places::{BOOTSTRAP, MAIN, TERRAFORM, TITLE, WORKFLOWS};
use keyloom_resources::walk::{Sink, Walk, map};
use keyloom_resources::{Kubernetes, Resource, ResourceSet};

use crate::{kubernetes, terraform, workflow};

/// Name of the file that lists the others.
const KUSTOMIZATION: &str = "kustomization.yaml";

/// An output form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Kubernetes manifests, below `kubernetes/`.
    Kubernetes,
    /// Configurations of Terraform in JSON, below `terraform/`.
    Terraform,
    /// Workflows of GitHub Actions, below `.github/workflows/`.
    Workflow,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Kubernetes, Self::Terraform, Self::Workflow];

    /// The format's name, as the command spells it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kubernetes => "kubernetes",
            Self::Terraform => "terraform",
            Self::Workflow => "workflow",
        }
    }

    /// The format of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.as_str() == name)
    }

    /// Whether [`files`] can give a file of this format that path: relative, and without a part that is `..` or
    /// begins with a dot, but for the folder `.github`.
    pub fn makes(self, path: &str) -> bool {
        match self {
            Self::Kubernetes => {
                path.strip_prefix("kubernetes/").is_some_and(|below| match below.split_once('/') {
                    Some((folder, name)) => {
                        is_file_name(folder) && is_file_name(name) && name.ends_with(".yaml")
                    }
                    None => below == KUSTOMIZATION,
                })
            }
            Self::Terraform => is_configuration(path),
            Self::Workflow => path
                .strip_prefix(WORKFLOWS)
                .and_then(|name| name.strip_prefix(TITLE))
                .and_then(|name| name.strip_suffix(".yml"))
                .is_some_and(|name| is_file_name(name) && !name.contains('.')),
        }
    }

    /// The format in which a resource is written.
    pub fn of(resource: &Resource) -> Self {
        match resource {
            Resource::Kubernetes(_) => Self::Kubernetes,
            Resource::Terraform(_) => Self::Terraform,
            Resource::Workflow(_) => Self::Workflow,
        }
    }
}

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Path below the output directory, with `/` between its parts.
    pub path: String,
    /// The format it belongs to.
    pub format: Format,
    /// What stands in it.
    pub contents: Vec<u8>,
}

/// Every file of the set in those formats. Kubernetes: `kubernetes/NAMESPACE/kind-name.yaml`, with `_cluster` for objects of
/// the whole cluster and `_none` for those without a namespace; with `kustomization`, also `kubernetes/kustomization.yaml`,
/// which lists them all. Files are in the set's order, the kustomization last. Text that no file name can hold (a
/// placeholder's `${`) becomes `_`; that no two paths are the same is for the writer to see. Terraform:
/// `terraform/infisical/main.tf.json`, `terraform/PIPELINE/main.tf.json` and `terraform/PIPELINE/bootstrap/main.tf.json`, those
/// that hold something. Workflows: `.github/workflows/keyloom-PIPELINE.yml`.
///
/// # Errors
/// As [`kubernetes::render`]: text that is secret or not known yet.
pub fn files(set: &ResourceSet, formats: &[Format], kustomization: bool) -> io::Result<Vec<File>> {
    let mut files = Vec::with_capacity(set.resources.len() + 1);
    for format in formats {
        match format {
            Format::Kubernetes => files.extend(manifests(set, kustomization)?),
            Format::Terraform => files.extend(modules(set)?),
            Format::Workflow => {
                for workflow in set.workflows() {
                    let contents = workflow::render_one(workflow)?;
                    files.push(File { path: workflow.path.clone(), format: Format::Workflow, contents });
                }
            }
        }
    }
    Ok(files)
}

fn modules(set: &ResourceSet) -> io::Result<Vec<File>> {
    let file = |configuration: terraform::Configuration<'_>| {
        let mut contents = Vec::new();
        configuration.render(&mut contents)?;
        Ok(File { path: configuration.module().path(), format: Format::Terraform, contents })
    };
    terraform::configurations(set).into_iter().map(file).collect()
}

/// Whether a path is that of a configuration: a folder, or the `bootstrap` in it.
fn is_configuration(path: &str) -> bool {
    let folder = |name: &str| is_file_name(name) && !name.starts_with('_');
    match path.split('/').collect::<Vec<_>>().as_slice() {
        [TERRAFORM, name, MAIN] => folder(name),
        [TERRAFORM, name, BOOTSTRAP, MAIN] => folder(name),
        _ => false,
    }
}

fn manifests(set: &ResourceSet, kustomization: bool) -> io::Result<Vec<File>> {
    let mut files = Vec::new();
    for object in set.kubernetes() {
        let mut contents = Vec::new();
        kubernetes::render_one(object, set.eso, &mut contents)?;
        files.push(File { path: path(object), format: Format::Kubernetes, contents });
    }
    if kustomization {
        let mut resources: Vec<&str> =
            files.iter().filter_map(|file| file.path.strip_prefix("kubernetes/")).collect();
        resources.sort_unstable();
        let contents = kubernetes::document(&Kustomization { resources })
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        let path = format!("kubernetes/{KUSTOMIZATION}");
        files.push(File { path, format: Format::Kubernetes, contents });
    }
    Ok(files)
}

fn path(object: &Kubernetes) -> String {
    let metadata = object.metadata();
    let folder = match metadata.namespace.as_ref().and_then(|namespace| namespace.written()) {
        _ if object.cluster_scoped() => "_cluster".to_owned(),
        Some(namespace) => file_name(namespace),
        None => "_none".to_owned(),
    };
    let name = file_name(metadata.name.written().unwrap_or_default());
    format!("kubernetes/{folder}/{}-{name}.yaml", object.kind().to_lowercase())
}

/// Whether [`file_name`] can have made this.
fn is_file_name(name: &str) -> bool {
    !name.is_empty() && file_name(name) == name
}

/// A name that is safe as a part of a path on every system: `..` and `/` cannot lead anywhere.
fn file_name(name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '_' };
    let name: String = name.chars().map(safe).collect();
    if name.starts_with('.') { format!("_{name}") } else { name }
}

/// `kustomization.yaml`.
struct Kustomization<'f> {
    resources: Vec<&'f str>,
}

impl Walk for Kustomization<'_> {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("apiVersion", "kustomize.config.k8s.io/v1beta1")?;
            m.field("kind", "Kustomization")?;
            m.field("resources", &self.resources)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyloom_models::policy::{AwsService, StoreKind};
    use keyloom_resources::secret_store::{Aws, SecretStoreSpec};
    use keyloom_resources::{ExternalSecret, Metadata, SecretStore};
    use keyloom_syntax::Text;

    fn metadata(namespace: Option<&str>, name: &str) -> Metadata {
        Metadata { name: name.into(), namespace: namespace.map(Text::from), ..Metadata::default() }
    }

    fn secret(metadata: Metadata) -> Resource {
        ExternalSecret { metadata, ..ExternalSecret::default() }.into()
    }

    fn store(kind: StoreKind, metadata: Metadata) -> Resource {
        let spec = SecretStoreSpec::new(Aws::new(AwsService::SecretsManager, "eu-central-1"));
        SecretStore { kind, metadata, spec }.into()
    }

    #[test]
    fn every_object_has_its_file_and_the_kustomization_lists_them() {
        let set = ResourceSet {
            resources: vec![
                store(StoreKind::SecretStore, metadata(Some("my-app"), "main")),
                store(StoreKind::ClusterSecretStore, metadata(None, "platform")),
                secret(metadata(None, "postgres")),
                secret(Metadata {
                    namespace: Some(Text::placeholder("${TEAM:=../x}")),
                    ..metadata(None, "api")
                }),
                secret(metadata(Some(".."), "up")),
            ],
            ..ResourceSet::default()
        };
        let files = files(&set, &Format::ALL, true).unwrap();
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "kubernetes/my-app/secretstore-main.yaml",
                "kubernetes/_cluster/clustersecretstore-platform.yaml",
                "kubernetes/_none/externalsecret-postgres.yaml",
                "kubernetes/__TEAM__.._x_/externalsecret-api.yaml",
                "kubernetes/_../externalsecret-up.yaml",
                "kubernetes/kustomization.yaml",
            ]
        );
        assert!(paths.iter().all(|path| Format::Kubernetes.makes(path)));
        assert_eq!(
            String::from_utf8(files[5].contents.clone()).unwrap(),
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  \
             - _../externalsecret-up.yaml\n  - __TEAM__.._x_/externalsecret-api.yaml\n  \
             - _cluster/clustersecretstore-platform.yaml\n  - _none/externalsecret-postgres.yaml\n  \
             - my-app/secretstore-main.yaml\n"
        );
    }

    #[test]
    fn other_paths_are_not_made() {
        assert_eq!(Format::named("kubernetes"), Some(Format::Kubernetes));
        assert_eq!(Format::named("Kubernetes"), None);
        for path in [
            "",
            ".keyloom.json",
            ".git/config",
            "kubernetes",
            "kubernetes/a.yaml",
            "kubernetes/my-app/secretstore-a.yml",
            "kubernetes/my-app/deep/secretstore-a.yaml",
            "kubernetes/../x.yaml",
            "kubernetes/.git/x.yaml",
            "kubernetes/my-app/.yaml",
            "kubernetes//x.yaml",
            "/kubernetes/my-app/x.yaml",
            "./kubernetes/my-app/x.yaml",
            "kubernetes/my-app\\x.yaml",
            "kubernetes/my-app/a\u{1b}.yaml",
        ] {
            assert!(!Format::Kubernetes.makes(path), "{path:?}");
        }
        for path in [
            "terraform/main.tf.json",
            "terraform/../main.tf.json",
            "terraform/a/b/main.tf.json",
            "terraform/a/a.tf",
        ] {
            assert!(!Format::Terraform.makes(path), "{path:?}");
        }
        for path in ["terraform/infisical/main.tf.json", "terraform/shop/bootstrap/main.tf.json"] {
            assert!(Format::Terraform.makes(path), "{path:?}");
        }
        assert!(Format::Workflow.makes(".github/workflows/keyloom-lornu-ai.yml"));
        for path in [
            ".github/workflows/ci.yml",
            ".github/workflows/keyloom-.yml",
            ".github/workflows/keyloom-a.yaml",
            ".github/workflows/keyloom-../x.yml",
            ".github/workflows/../keyloom-a.yml",
            ".github/keyloom-a.yml",
            "kubernetes/my-app/secretstore-a.yaml",
        ] {
            assert!(!Format::Workflow.makes(path), "{path:?}");
        }
    }
}
