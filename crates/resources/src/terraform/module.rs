//! [`Module`]: which configuration of Terraform a resource belongs to.

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
    /// Its folder below `terraform/`. No pipeline is called `infisical`.
    pub fn folder(&self) -> String {
        match self {
            Self::Infisical => "infisical".to_owned(),
            Self::Pipeline(name) => name.clone(),
            Self::Bootstrap(name) => format!("{name}/bootstrap"),
        }
    }
}
