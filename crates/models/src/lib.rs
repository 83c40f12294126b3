//! The declaration: typed items, helpers, validation, naming.

pub mod policy;
pub mod selector;
