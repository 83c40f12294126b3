//! Resources of the provider `hashicorp/aws`: the secrets of a pipeline, and who may write and read them.

mod policy;
mod role;
mod secret;
mod settings;

pub use policy::{Condition, Policy, PolicyDocument, Principals, Statement};
pub use role::{Role, RolePolicyAttachment, RoleRef};
pub use secret::{Secret, SecretVersion};
pub use settings::{Backend, Settings, Variable};
