//! What is called after a pipeline: its title, its files and its states.

use super::{Backend, Pipeline};

/// Folder of all configurations of Terraform.
pub const TERRAFORM: &str = "terraform";
/// The file that each of them is.
pub const MAIN: &str = "main.tf.json";
/// Folder below [`TERRAFORM`] for app connections and secret syncs; no pipeline is called so.
pub const INFISICAL: &str = "infisical";
/// Folder in that of a pipeline, which a person applies.
pub const BOOTSTRAP: &str = "bootstrap";
/// Folder of the workflows.
pub const WORKFLOWS: &str = ".github/workflows/";
/// How titles of pipelines begin.
pub const TITLE: &str = "keyloom-";

/// How the pipeline of that name is called where there are things of others: its workflow, its role, its policies.
pub fn title(name: &str) -> String {
    format!("{TITLE}{name}")
}

impl Pipeline {
    /// [`title`] of the pipeline.
    pub fn title(&self) -> String {
        title(&self.name)
    }

    /// Path of the workflow in the repository.
    pub fn workflow_path(&self) -> String {
        format!("{WORKFLOWS}{}.yml", self.title())
    }

    /// The folder in the repository that the workflow's Terraform runs in.
    pub fn folder(&self) -> String {
        format!("{TERRAFORM}/{}", self.name)
    }

    /// The folder in the repository that a person applies before.
    pub fn bootstrap_folder(&self) -> String {
        format!("{}/{BOOTSTRAP}", self.folder())
    }

    /// Where the states of the two folders are kept: the workflow's, and that of [`BOOTSTRAP`].
    pub fn states(&self) -> [Backend; 2] {
        let own = &self.terraform.backend;
        [own.clone(), own.bootstrap()]
    }
}

impl Backend {
    /// The one beside it, for the folder [`BOOTSTRAP`].
    fn bootstrap(&self) -> Self {
        let mut beside = self.clone();
        match &mut beside {
            Self::S3 { key, .. } => *key = format!("{key}.{BOOTSTRAP}"),
            Self::Cloud { workspace, .. } => *workspace = format!("{workspace}-{BOOTSTRAP}"),
        }
        beside
    }

    /// What tells the state from all others.
    pub fn identity(&self) -> Vec<String> {
        match self {
            Self::S3 { bucket, key, .. } => vec!["s3".to_owned(), bucket.clone(), key.clone()],
            Self::Cloud { hostname, organization, workspace, .. } => {
                vec!["cloud".to_owned(), hostname.clone(), organization.clone(), workspace.clone()]
            }
        }
    }
}
