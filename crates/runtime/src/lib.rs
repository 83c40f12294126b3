//! A client of Infisical for applications.
//!
//! It logs in as a machine identity, logs in again when its token is refused, waits where the server asks it to, never
//! sends a client secret again that was refused, and hands out nothing that prints a secret. What it can do so far is to list the names of a folder.
//!
//! ```no_run
//! # async fn names() -> Result<(), keyloom_runtime::Error> {
//! use keyloom_runtime::{BaseUrl, Client, Credentials, Folder, Project};
//! let get = |name: &str| std::env::var(name).ok();
//! let client = Client::new(BaseUrl::from_env(get)?, Credentials::from_env(get)?)?;
//! let project = Project::new("7d0c6f3e-1a2b-4c3d-9e8f-001122334455");
//! let names = client.names(&Folder { project, environment: "prod".into(), path: "/api".into() }).await?;
//! # Ok(())
//! # }
//! ```

mod base_url;
pub mod blocking;
mod client;
mod clock;
mod credentials;
mod error;
pub mod http;
mod jitter;
mod life;
mod listing;
mod login;
mod names;
mod refusal;
mod secret;
mod secrets;
mod session;
mod settings;
mod snapshot;
mod subscriber;
pub mod webhook;

pub use base_url::BaseUrl;
pub use client::Client;
pub use clock::Clock;
pub use credentials::{Credentials, KubernetesAuth, TokenSource, UniversalAuth};
pub use error::Error;
pub use names::{Folder, Project};
pub use refusal::Refusal;
pub use secret::Secret;
pub use secrets::{Etag, Fetched, Loaded, Value};
pub use session::{Keeper, LoginStatus};
pub use settings::{Settings, WebhookKeys, WebhookSettings};
pub use snapshot::{Change, ChangeKind, Snapshot};
pub use subscriber::{CallbackError, Changes, Status, Subscriber, Subscription};
