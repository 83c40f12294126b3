//! Children of a component: Kubernetes objects as resources of Pulumi's Kubernetes provider, and what Infisical does as
//! resources of the provider that is bridged from Terraform's.

use std::collections::BTreeMap;

use keyloom_resources::{Resource, ResourceSet};

use crate::origins::OriginTable;

mod bridged;
pub mod sink;

use sink::Inputs;

/// A resource that a component makes.
#[derive(Clone, Debug, PartialEq)]
pub struct Child {
    /// Type token, `kubernetes:GROUP/VERSION:KIND`.
    pub token: String,
    /// Name in the stack.
    pub name: String,
    /// The manifest.
    pub inputs: Inputs,
    /// Which children, by their place in the plan, must be there before it; all of them earlier.
    pub needs: Vec<usize>,
    /// Number of this child among what texts derive from.
    pub origin: u32,
    /// Inputs that are the id of another child, by its place in the plan: they are known when that is registered.
    pub ids: BTreeMap<String, usize>,
    /// Paths of its inputs whose changes are passed over.
    pub ignore_changes: Vec<String>,
    /// Paths of its inputs whose changes replace it.
    pub replace_on_changes: Vec<String>,
}

impl Child {
    /// The child that a resource of the set becomes, which needs those; none for a workflow, which no engine makes.
    pub fn of(
        resource: &Resource,
        set: &ResourceSet,
        needs: Vec<usize>,
        name: String,
        origins: &OriginTable,
    ) -> Option<Self> {
        let (token, inputs, ids) = match resource {
            // With everything that the API server would add.
            Resource::Kubernetes(object) => {
                let inputs = sink::completed(object, object.defaults(set.eso), origins);
                (token(object.api_version(), object.kind()), inputs, BTreeMap::new())
            }
            Resource::Terraform(resource) => {
                let (inputs, references) = bridged::inputs(resource, origins);
                // What is referred to is all that is needed.
                (
                    bridged::token(resource),
                    inputs,
                    references.into_iter().zip(needs.iter().copied()).collect(),
                )
            }
            Resource::Workflow(_) => return None,
        };
        Some(Self {
            token,
            name,
            inputs,
            needs,
            origin: origins.reserve(),
            ids,
            ignore_changes: Vec::new(),
            replace_on_changes: Vec::new(),
        })
    }
}

/// Type token of a Kubernetes object: the provider reads the object's group, version and kind off it.
pub(crate) fn token(api_version: &str, kind: &str) -> String {
    let module =
        if api_version.contains('/') { api_version.to_owned() } else { format!("core/{api_version}") };
    format!("kubernetes:{module}:{kind}")
}
