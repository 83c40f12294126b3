//! Secrets as versions 3 and 4 of the interface show them.

pub(crate) mod expand;
pub(crate) mod imports;
pub(crate) mod list;
pub(crate) mod query;
pub(crate) mod shape;
pub(crate) mod single;
pub(crate) mod write;
