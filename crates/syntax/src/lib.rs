//! Reading YAML and JSON with the place of every node, for programs that answer with *all* problems at once.
//!
//! ```text
//! bytes --Sources::add--> text --parse--> Tree --check(schema)--> problems at their places
//!                                          \----Node: Deserializer--> typed items
//! ```
//!
//! This crate knows no product: not Kubernetes, not any operator, not Keyloom's own document.

pub mod block;
pub mod check;
pub mod comment;
pub mod de;
pub mod diagnostic;
mod merge;
mod overlay;
pub mod place;
pub mod read;
pub mod scalar;
pub mod schema;
pub mod spell;
pub mod spot;
pub mod suggest;
pub mod text;
pub mod tree;
pub mod view;

pub use block::Block;
pub use de::{De, ReadError};
pub use diagnostic::{Diagnostic, Label, Severity};
pub use place::{FileId, Location, Sources, Span};
pub use read::{Budget, decode, parse};
pub use scalar::Number;
pub use spot::Spot;
pub use text::{Origins, Text};
pub use tree::{Entries, Kind, Node, NodeId, Tree};
pub use view::tree::TreeView;
