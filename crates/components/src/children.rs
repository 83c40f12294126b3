//! Children of a component: Kubernetes objects as resources of Pulumi's Kubernetes provider.

use keyloom_resources::{EsoVersion, Kubernetes};

use crate::origins::OriginTable;

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
    /// Paths of its inputs whose changes are passed over.
    pub ignore_changes: Vec<String>,
    /// Paths of its inputs whose changes replace it.
    pub replace_on_changes: Vec<String>,
}

impl Child {
    /// The child that an object becomes, with everything that the API server of that operator's version would add.
    pub fn of(object: &Kubernetes, eso: EsoVersion, name: String, origins: &OriginTable) -> Self {
        let inputs = sink::completed(object, object.defaults(eso), origins);
        Self {
            token: token(object.api_version(), object.kind()),
            name,
            inputs,
            needs: Vec::new(),
            origin: origins.reserve(),
            ignore_changes: Vec::new(),
            replace_on_changes: Vec::new(),
        }
    }
}

/// Type token of a Kubernetes object: the provider reads the object's group, version and kind off it.
pub(crate) fn token(api_version: &str, kind: &str) -> String {
    let module =
        if api_version.contains('/') { api_version.to_owned() } else { format!("core/{api_version}") };
    format!("kubernetes:{module}:{kind}")
}
