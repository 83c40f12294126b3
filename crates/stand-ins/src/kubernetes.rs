//! A stand-in for Pulumi's Kubernetes provider, 4.32: what its children end as, in a cluster or as files.
//!
//! It does what the real one does wherever a test of components looks: names, replacements, secrets in state, field
//! managers, files. It awaits nothing but deletion, and knows neither Helm, nor Kustomize, nor patches, nor any function.

mod annotate;
mod check;
mod cluster;
mod diff;
mod file;
mod http;
mod kind;
mod kubeconfig;

mod provider;
mod prune;
mod session;
mod settings;
mod state;

pub use provider::Provider;
