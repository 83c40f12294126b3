//! [`Role`] and [`RolePolicyAttachment`]: IAM.

use super::{Policy, PolicyDocument};
use crate::terraform::argument::{Argument, Arguments, Reference, Said};

/// `aws_iam_role`.
#[derive(Clone, Debug, PartialEq)]
pub struct Role {
    /// Name of the pipeline.
    pub pipeline: String,
    /// What it is called in the configuration.
    pub label: String,
    /// `name`.
    pub name: String,
    /// `description`.
    pub description: String,
    /// Label of the document that says who may be it.
    pub trust: String,
    /// `tags`.
    pub tags: Vec<(String, String)>,
}

/// `aws_iam_role_policy_attachment`: gives a role the policy of the same label, beside those that it has.
#[derive(Clone, Debug, PartialEq)]
pub struct RolePolicyAttachment {
    /// Name of the pipeline.
    pub pipeline: String,
    /// What it is called in the configuration.
    pub label: String,
    /// The role.
    pub role: RoleRef,
}

/// A role that gets a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleRef {
    /// One of the same configuration, by its label.
    Made(String),
    /// One that somebody else made, by its name.
    Named(String),
}

impl Role {
    /// The type of the resource.
    pub const TYPE: &str = "aws_iam_role";

    /// What is said of it.
    pub fn arguments(&self) -> Arguments {
        Said::default()
            .word("name", &self.name)
            .word("description", &self.description)
            .argument("assume_role_policy", PolicyDocument::json(&self.trust))
            .argument("tags", tags(&self.tags))
            .end()
    }
}

impl RolePolicyAttachment {
    /// The type of the resource.
    pub const TYPE: &str = "aws_iam_role_policy_attachment";

    /// What is said of it.
    pub fn arguments(&self) -> Arguments {
        let role = match &self.role {
            RoleRef::Made(label) => {
                Argument::Reference(Reference::resource(Role::TYPE, label.as_str(), "name"))
            }
            RoleRef::Named(name) => Argument::word(name.as_str()),
        };
        let policy = Reference::resource(Policy::TYPE, self.label.as_str(), "arn");
        Said::default().argument("role", role).argument("policy_arn", Argument::Reference(policy)).end()
    }
}

pub(super) fn tags(tags: &[(String, String)]) -> Argument {
    Argument::Object(tags.iter().map(|(key, value)| (key.clone(), Argument::word(value.as_str()))).collect())
}
