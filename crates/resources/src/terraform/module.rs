//! [`Module`]: which configuration of Terraform a resource belongs to.

use keyloom_models::config::pipeline::places::{BOOTSTRAP, INFISICAL, MAIN, TERRAFORM};

/// A configuration by itself, with a state of its own: a folder below `terraform/`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Module {
    /// What Infisical is told.
    Infisical,
    /// What the workflow of the pipeline of that name applies.
    Pipeline(String),
    /// What a person applies before, so that there is somebody whom the workflow may be.
    Bootstrap(String),
}

impl Module {
    /// Its file, in the repository.
    pub fn path(&self) -> String {
        format!("{TERRAFORM}/{}/{MAIN}", self.folder())
    }

    /// Its folder below [`TERRAFORM`]. No pipeline is called [`INFISICAL`].
    pub fn folder(&self) -> String {
        match self {
            Self::Infisical => INFISICAL.to_owned(),
            Self::Pipeline(name) => name.clone(),
            Self::Bootstrap(name) => format!("{name}/{BOOTSTRAP}"),
        }
    }
}
