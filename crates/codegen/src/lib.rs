//! Formats: a [`ResourceSet`](keyloom_resources::ResourceSet) as the text that others read. Pure: bytes go to any
//! `io::Write`, and no file is touched.
//!
//! ```
//! use keyloom_codegen::kubernetes;
//! use keyloom_models::{Document, ExternalSecretConfig, InfisicalConfig, SecretReference, SecretStoreConfig, UniversalAuth};
//! use keyloom_resources::synthesize;
//!
//! let store = SecretStoreConfig::infisical(
//!     "app-store",
//!     InfisicalConfig::new("web-shop", "prod").auth(UniversalAuth::from_secret("infisical-identity")),
//! )
//! .namespace("my-app");
//! let stripe = ExternalSecretConfig::new("stripe")
//!     .namespace("my-app")
//!     .data([SecretReference::new("STRIPE_API_KEY", "/payments/stripe")]);
//! let config = Document::new().store(store).external_secret(stripe).validate().expect("a valid document");
//! let mut manifests = Vec::new();
//! kubernetes::render(&synthesize(&config), &mut manifests)?;
//! assert!(String::from_utf8_lossy(&manifests).contains("secretKey: STRIPE_API_KEY"));
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! ```
//! use keyloom_codegen::kubernetes;
//! use keyloom_models::*;
//! use keyloom_resources::synthesize;
//!
//! # fn main() -> Result<(), Vec<keyloom_syntax::Diagnostic>> {
//! let identity = UniversalAuth::from_secret("infisical-identity");
//! let store = SecretStoreConfig::infisical(
//!     "app-secret-store",
//!     InfisicalConfig::new("web-shop", "production").auth(identity),
//! )
//! .namespace("my-app");
//! let postgres = ExternalSecretConfig::database_credentials(DatabaseCredentialsArgs {
//!     name: "postgres".into(),
//!     namespace: Some("my-app".into()),
//!     database_path: "/databases/postgres".into(),
//!     target_secret_name: Some("postgres-creds".into()),
//!     ..Default::default()
//! });
//! let config = Document::new().store(store).external_secret(postgres).validate()?; // Err holds every problem
//! let mut manifests = Vec::new();
//! kubernetes::render(&synthesize(&config), &mut manifests).expect("memory takes everything");
//! let manifests = String::from_utf8(manifests).expect("YAML is text");
//! assert!(manifests.contains("key: /databases/postgres/host"));
//! # Ok(())
//! # }
//! ```

pub mod code_pages;
pub mod connection_page;
pub mod connection_schemas;
pub mod files;
pub mod json_schema;
pub mod kubernetes;
pub mod pulumi;
pub mod terraform;
pub mod workflow;
mod yaml;

pub use files::{File, Format, files};
