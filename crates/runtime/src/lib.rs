//! What applications link to read their secrets from Infisical, and to learn of it when they change.
//!
//! Nothing here prints a secret: values and tokens are [`Secret`]s, and no error repeats what was sent or what came back.
//!
//! # Secrets that stay new
//!
//! A [`Subscriber`] loads folders once and from then on has the secrets in memory: reading takes no lock and asks nobody. It
//! hears of changes by webhooks, from the other replicas, and by asking every few minutes whether anything is different. In a
//! pod, everything it needs is in the environment:
//!
//! ```no_run
//! # async fn run() -> Result<(), keyloom_runtime::Error> {
//! use keyloom_runtime::{Settings, Subscriber};
//!
//! // INFISICAL_IDENTITY_ID and INFISICAL_PROJECT_ID; all others have defaults.
//! let secrets = Subscriber::new(Settings::from_env(|name| std::env::var(name).ok())?)?;
//! secrets.subscribe("DATABASE_PASSWORD", |change| {
//!     let password = change.new.as_ref().ok_or("the password is gone")?;
//!     // Connect with the new one, swap, then drain the old connections.
//!     # let _ = password;
//!     Ok(())
//! });
//! secrets.start().await?;
//! if let Some(password) = secrets.get("DATABASE_PASSWORD") {
//!     // Only what needs the text itself takes it out.
//!     let _password: &str = password.expose();
//! }
//! secrets.stop().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Connections by name
//!
//! [`connections`] reads secrets that hold `{"type": "postgres", "details": {…}}` as the types of
//! [`keyloom_connections`], from a backend that the environment chooses:
//!
//! ```no_run
//! # async fn run() -> Result<(), keyloom_runtime::connections::ConnectionError> {
//! use keyloom_connections::Postgres;
//! use keyloom_runtime::connections::Connections;
//!
//! // KEYLOOM_SECRETS_BACKEND or BRUIN_SECRETS_BACKEND, and the variables of that backend.
//! let connections = Connections::from_env(|name| std::env::var(name).ok())?;
//! let postgres: Postgres = connections.get("my-postgres").await?;
//! // Only what needs the text itself takes it out.
//! let _password: &str = postgres.password.expose();
//! # Ok(())
//! # }
//! ```
//!
//! # Asking oneself
//!
//! A [`Client`] answers one question at a time. It logs in when it is first asked, once for all that ask at the same time; it
//! renews its token when 80 % of the life are over that the server gave it, or logs in anew where renewing ends; it waits where the
//! server asks it to, and longer and longer after a login that is refused.
//!
//! ```no_run
//! # async fn run() -> Result<(), keyloom_runtime::Error> {
//! use keyloom_runtime::{BaseUrl, Client, Credentials, Fetched, Folder, Project};
//!
//! let get = |name: &str| std::env::var(name).ok();
//! let base = BaseUrl::in_cluster(get)?;
//! if base.is_plain() {
//!     eprintln!("values travel in the clear to {base}");
//! }
//! let client = Client::new(base, Credentials::in_cluster(get)?)?;
//! let _keeper = client.keep(); // renews in time, also while nobody asks
//! let project = Project::new("7d0c6f3e-1a2b-4c3d-9e8f-001122334455");
//! let folder = Folder { project, environment: "prod".into(), path: "/api".into() };
//! let Fetched::Loaded(first) = client.secrets(&folder, None).await? else { return Ok(()) };
//! for (name, value) in &first.values {
//!     println!("{name}: {} bytes", value.secret.expose().len());
//! }
//! // Later: nothing travels where nothing changed.
//! match client.secrets(&folder, first.etag.as_ref()).await? {
//!     Fetched::Unchanged => {}
//!     Fetched::Loaded(second) => println!("{} secrets now", second.values.len()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Applications that are not asynchronous find the same in [`blocking`].

mod address;
mod base_url;
pub mod blocking;
mod client;
mod clock;
pub mod connections;
mod credentials;
mod crowd;
mod error;
mod etag;
mod folder;
pub mod http;
mod jitter;
mod life;
mod listing;
mod login;
mod names;
mod refusal;
pub mod replicas;
mod secrets;
mod session;
mod settings;
mod single;
mod snapshot;
mod subscriber;
mod variable;
pub mod webhook;

pub use base_url::BaseUrl;
pub use client::Client;
pub use clock::Clock;
pub use credentials::{Credentials, KubernetesAuth, TokenSource, UniversalAuth};
pub use crowd::Crowd;
pub use error::Error;
pub use etag::Etag;
pub use folder::{Folder, Project};
pub use keyloom_connections::Secret;
pub use refusal::Refusal;
pub use secrets::{Fetched, Loaded, Value};
pub use session::{Keeper, LoginStatus};
pub use settings::{Settings, WebhookKeys, WebhookSettings, pod_annotations};
pub use single::Written;
pub use snapshot::{Change, ChangeKind, Snapshot};
pub use subscriber::{CallbackError, Changes, Status, Subscriber, Subscription};
pub use variable::trimmed;

/// The programs of the page compile as they are printed.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/connections.md")]
struct ConnectionsPage;
