//! Pulumi's protocol, and nothing of Keyloom: what values look like on the wire, the messages, the services.
//!
//! Messages hold the fields that are used and no others: protocol buffers skip the rest, so that engines older and newer
//! than this crate are understood alike.

mod cork;
pub mod message;
pub mod property;
pub mod serve;
pub mod service;

pub use property::{Property, Reference, Urn, Value};
