//! What talks to live systems: names at both ends of a secret sync, page by page. Values are asked for nowhere but where
//! the names are inside of one, and go no further than the reader.

mod aws;
mod error;
mod github;
mod pages;
mod systems;

pub use error::Error;
pub use pages::Pages;
pub use systems::Systems;
