//! Resources that Terraform makes: what Infisical is told to do, which Pulumi can tell it by the same provider, and what AWS
//! needs so that a pipeline runs.

pub mod app_connection;
mod argument;
pub mod aws;
mod module;
mod provider;
pub mod secret_sync;

pub use app_connection::AppConnection;
pub use argument::{Argument, Arguments, Block, Reference};
/// How JSON and Pulumi spell an argument.
pub use keyloom_upstream::terraform::camel;
pub use module::Module;
pub use provider::Infisical;
pub use secret_sync::SecretSync;

/// A resource of the provider `infisical/infisical` or `hashicorp/aws`, or what is looked up there.
#[derive(Clone, Debug, PartialEq)]
pub enum Terraform {
    /// `infisical_app_connection_APP`: how Infisical logs in somewhere.
    AppConnection(Box<AppConnection>),
    /// `infisical_secret_sync_DESTINATION`: what Infisical writes there.
    SecretSync(Box<SecretSync>),
    /// `aws_secretsmanager_secret`: a secret without its value.
    Secret(Box<aws::Secret>),
    /// `aws_secretsmanager_secret_version`: its value, write-only.
    SecretVersion(Box<aws::SecretVersion>),
    /// `data.aws_iam_policy_document`: what a role may do, or who may be one.
    PolicyDocument(Box<aws::PolicyDocument>),
    /// `aws_iam_role`.
    Role(Box<aws::Role>),
    /// `aws_iam_policy`.
    Policy(Box<aws::Policy>),
    /// `aws_iam_role_policy_attachment`.
    RolePolicyAttachment(Box<aws::RolePolicyAttachment>),
}

impl Terraform {
    /// The type of the resource, such as `infisical_app_connection_aws`.
    pub fn resource_type(&self) -> &'static str {
        match self {
            Self::AppConnection(connection) => connection.resource_type(),
            Self::SecretSync(sync) => sync.resource_type(),
            Self::Secret(_) => aws::Secret::TYPE,
            Self::SecretVersion(_) => aws::SecretVersion::TYPE,
            Self::PolicyDocument(_) => aws::PolicyDocument::TYPE,
            Self::Role(_) => aws::Role::TYPE,
            Self::Policy(_) => aws::Policy::TYPE,
            Self::RolePolicyAttachment(_) => aws::RolePolicyAttachment::TYPE,
        }
    }

    /// Whether it is made or looked up.
    pub fn block(&self) -> Block {
        match self {
            Self::PolicyDocument(_) => Block::Data,
            Self::AppConnection(_)
            | Self::SecretSync(_)
            | Self::Secret(_)
            | Self::SecretVersion(_)
            | Self::Role(_)
            | Self::Policy(_)
            | Self::RolePolicyAttachment(_) => Block::Resource,
        }
    }

    /// The configuration that it belongs to.
    pub fn module(&self) -> Module {
        match self {
            Self::AppConnection(_) | Self::SecretSync(_) => Module::Infisical,
            Self::Secret(secret) => Module::Pipeline(secret.pipeline.clone()),
            Self::SecretVersion(version) => Module::Pipeline(version.pipeline.clone()),
            Self::PolicyDocument(document) => Module::Bootstrap(document.pipeline.clone()),
            Self::Role(role) => Module::Bootstrap(role.pipeline.clone()),
            Self::Policy(policy) => Module::Bootstrap(policy.pipeline.clone()),
            Self::RolePolicyAttachment(attachment) => Module::Bootstrap(attachment.pipeline.clone()),
        }
    }

    /// What the resource is called among those of its type in the configuration.
    pub fn label(&self) -> &str {
        match self {
            Self::AppConnection(connection) => &connection.label,
            Self::SecretSync(sync) => &sync.label,
            Self::Secret(secret) => &secret.label,
            Self::SecretVersion(version) => &version.label,
            Self::PolicyDocument(document) => &document.label,
            Self::Role(role) => &role.label,
            Self::Policy(policy) => &policy.label,
            Self::RolePolicyAttachment(attachment) => &attachment.label,
        }
    }

    /// What is said of it, in the provider's own names and order.
    pub fn arguments(&self) -> Arguments {
        match self {
            Self::AppConnection(connection) => connection.arguments(),
            Self::SecretSync(sync) => sync.arguments(),
            Self::Secret(secret) => secret.arguments(),
            Self::SecretVersion(version) => version.arguments(),
            Self::PolicyDocument(document) => document.arguments(),
            Self::Role(role) => role.arguments(),
            Self::Policy(policy) => policy.arguments(),
            Self::RolePolicyAttachment(attachment) => attachment.arguments(),
        }
    }
}
