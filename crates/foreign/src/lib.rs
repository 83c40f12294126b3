//! Other people's manifests: which objects of the External Secrets Operator are in them, and what is wrong with those.
//!
//! ```text
//! texts --parse--> Tree --Set::of--> objects --shape, rules--> diagnostics
//!                                        \----fix--> edits of the texts
//!                                        \----import--> a declaration that is rendered to the same objects
//! ```
//!
//! Nothing is known of what lies elsewhere: what another tool fills in, what another repository declares and what only
//! the cluster holds is unknown, and unknown is never an error.
//!
//! This crate reads no files and knows no output form.

pub mod edit;
pub mod fix;
pub mod import;
pub mod object;
pub mod set;
pub mod validate;
pub mod view;

mod hidden;
mod json;
mod kustomize;
mod rules;
mod shape;
mod templated;
mod terraform;
mod whole;

pub use hidden::hidden;
pub use object::{Api, Object, Role, Sort};
pub use set::Set;
pub use validate::{Options, Outcome, validate};
