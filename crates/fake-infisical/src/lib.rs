//! A server that answers as Infisical does, for tests; never shipped.
//!
//! It listens on a port of this machine, holds what a [`Seed`] says, and its clock stands until a test moves it:
//!
//! ```
//! use keyloom_fake_infisical::{Access, Environment, FakeInfisical, Identity, Project, Seed};
//!
//! let dev = Environment::new("dev").folder("/db", &[("PORT", "5432")]);
//! let seed = Seed::new()
//!     .project(Project::new("payments").environment(dev))
//!     .identity(Identity::new("ci").universal("client", "test").may(Access::Read, "payments"));
//! let server = FakeInfisical::start(seed)?;
//! assert!(server.url().starts_with("http://127.0.0.1:"));
//! # Ok::<(), std::io::Error>(())
//! ```

mod auth;
mod changes;
mod clock;
mod connections;
mod error;
mod fake;
mod fields;
mod folders;
mod glob;
mod http;
mod id;
mod log;
mod planned;
mod projects;
mod rate;
mod routes;
mod secrets;
mod seed;
mod server;
mod shared;
mod sown;
mod store;
mod syncs;
mod webhooks;
mod world;

pub use clock::Time;
pub use fake::{FakeInfisical, Place, serve};
pub use id::uuid;
pub use log::Logged;
pub use planned::Planned;
pub use seed::{
    Access, AppConnection, ClientSecret, Destination, Environment, Folder, Grant, Hidden, Identity, Import,
    KubernetesAuth, Lockout, Metadata, Project, RateLimits, Role, Scope, Secret, SecretSync, Seed,
    ServiceToken, Settings, Tag, TokenAuth, TokenSettings, UniversalAuth, Verdict, VouchedAuth,
    VouchedMethod, Webhook,
};
