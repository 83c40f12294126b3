//! What talks to live systems: names at both ends of a secret sync, page by page, secrets handed to programs of any language, and a
//! relay from Infisical to the operator. But for the secrets that are handed on, values are asked for nowhere but where the names
//! are inside of one, and go no further than the reader.

mod aws;
mod command_error;
pub mod connections;
mod error;
mod github;
mod heard;
#[cfg(unix)]
pub mod listen;
mod pages;
pub mod relay;
mod systems;
mod variables;

pub use error::Error;
pub use keyloom_runtime::trimmed;
pub use pages::Pages;
pub use systems::Systems;
