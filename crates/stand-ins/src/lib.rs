//! Test support: providers and servers that stand in for the real ones. Nothing here is shipped.

pub mod engine;
pub mod events;
pub mod github;
pub mod iam;
pub mod infisical;
pub mod kubernetes;
mod object;
mod process;
pub mod program;
pub mod web;
