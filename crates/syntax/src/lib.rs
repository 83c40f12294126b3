//! Reading YAML and JSON with the place of every node, for programs that answer with *all* problems at once.
//!
//! ```text
//! bytes --Sources::add--> text --parse--> Tree --check(schema)--> problems at their places
//!                                          \----Node: Deserializer--> typed items
//! ```
//!
//! This crate knows no product: not Kubernetes, not any operator, not Keyloom's own document.

pub mod check;
pub mod diagnostic;
pub mod place;
pub mod schema;
pub mod suggest;
pub mod text;
pub mod view;

pub use diagnostic::{Diagnostic, Label, Severity};
pub use place::{FileId, Location, Sources, Span};
pub use text::{Origins, Text};
