//! The same for applications that block: each has a thread of its own on which everything runs.
//!
//! No runtime of tokio is needed, and none is in the way: called in the middle of one, these block the thread that calls, as
//! they do everywhere, and do not panic.
//!
//! ```no_run
//! use keyloom_runtime::{BaseUrl, Credentials, Error, Fetched, Folder, Project, blocking::Client};
//!
//! fn main() -> Result<(), Error> {
//!     let get = |name: &str| std::env::var(name).ok();
//!     let client = Client::new(BaseUrl::in_cluster(get)?, Credentials::in_cluster(get)?)?;
//!     let project = Project::new("7d0c6f3e-1a2b-4c3d-9e8f-001122334455");
//!     let folder = Folder { project, environment: "prod".into(), path: "/api".into() };
//!     if let Fetched::Loaded(loaded) = client.secrets(&folder, None)? {
//!         let url = loaded.values.get("DATABASE_URL").map(|value| value.secret.expose());
//!         # let _ = url;
//!     }
//!     Ok(())
//! }
//! ```

mod client;
mod connections;
mod subscriber;
mod worker;

pub use client::Client;
pub use connections::Connections;
pub use subscriber::{Changes, Subscriber};
