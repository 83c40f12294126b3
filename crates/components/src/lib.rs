//! Pulumi components: the library that Rust programs link, and what the plugin `pulumi-resource-keyloom` serves.
//!
//! ```text
//! inputs --read--> Config --synthesize--> ResourceSet --children--> Plan --construct--> Monitor
//! ```

pub mod children;
pub mod component;
pub mod construct;
pub mod failure;
mod inputs;
mod keyloom;
pub mod monitor;
pub mod options;
pub mod origins;
pub mod plan;
pub mod plugin;
pub mod problem;
pub mod program;
mod scrub;
pub mod translate;
pub mod typed;

pub use program::{
    ApiKey, Context, DatabaseCredentials, ExternalSecret, Keyloom, Options, SecretStore, TlsCertificate, run,
};
