//! The middle: what must exist, whatever the format.
//!
//! A [`ResourceSet`] holds typed bodies: plain structs with one field for every field of the object, in the object's
//! own words. Each body can be [walked](walk) by a format.

pub mod cluster;
pub mod cluster_role_binding;
pub mod component;
pub mod config_map;
pub mod deployment;
pub mod external_secret;
pub mod first_run;
pub mod generator;
pub mod metadata;
mod needs;
pub mod network_policy;
pub mod push_secret;
pub mod resource;
pub mod secret;
pub mod secret_store;
pub mod service;
pub mod service_account;
mod synthesize;
pub mod terraform;
pub mod trace;
pub mod walk;
pub mod workflow;

pub use cluster::{ClusterExternalSecret, ClusterPushSecret};
pub use cluster_role_binding::ClusterRoleBinding;
pub use component::Component;
pub use config_map::ConfigMap;
pub use deployment::Deployment;
pub use external_secret::ExternalSecret;
pub use generator::Generator;
/// The version of the External Secrets Operator, see [`ResourceSet::eso`].
pub use keyloom_upstream::eso::EsoVersion;
pub use metadata::{Metadata, TextMap};
pub use needs::needs;
pub use network_policy::NetworkPolicy;
pub use push_secret::PushSecret;
pub use resource::{Kubernetes, Resource, ResourceSet};
pub use secret::Secret;
pub use secret_store::SecretStore;
pub use service::Service;
pub use service_account::ServiceAccount;
pub use synthesize::{resources, synthesize};
pub use terraform::Terraform;
pub use workflow::Workflow;
