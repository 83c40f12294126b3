//! Pulumi's messages, declared by hand: names and numbers are the protocol's, the words are ours.
//!
//! Fields that nothing here reads or writes are left out; protocol buffers skip them.

use std::collections::BTreeMap;

pub mod construct;
pub mod engine;
pub mod errors;
pub mod language;
pub mod monitor;
pub mod options;
pub mod plugin;
pub mod provider;
pub mod resource;

/// Properties as they travel.
pub type Struct = prost_types::Struct;

/// Which resources each property depends on.
pub type Dependencies = BTreeMap<String, options::Urns>;

/// `Debug` of messages that carry values or configuration: their name alone, so that no log shows what is in them.
macro_rules! quiet {
    ($($message:ident),+ $(,)?) => {$(
        impl std::fmt::Debug for $message {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($message)).finish_non_exhaustive()
            }
        }
    )+};
}
use quiet;
