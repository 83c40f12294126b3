//! The declaration of secrets: what somebody writes, and what it means once it is valid.
//!
//! ```text
//! Tree --read--> Document --validate--> Config
//! ```
//!
//! A `Document` holds items as they are written, typed; a `Config` is the valid whole, in which every choice is an
//! enum, every name is checked and every reference is resolved. Validation is the only way from one to the other.
//!
//! This crate does no input or output and knows no output format.

pub mod address;
mod apart;
pub mod app_connection;
mod attributes;
mod block;
pub mod cluster;
pub mod code;
pub mod config;
pub mod connection;
pub mod credential;
pub mod data_from;
pub mod defaults;
pub mod document;
pub mod duration;
pub mod external_secret;
pub mod finding;
pub mod generator;
pub mod helper;
pub mod infisical;
pub mod inputs;
pub mod key_schema;
mod list;
pub mod name;
mod named;
pub mod parts;
pub mod pipeline;
pub mod policy;
pub mod push_secret;
pub mod read;
pub mod reference;
pub mod schema;
pub mod secret_sync;
pub mod selector;
pub mod service;
pub mod store;
pub mod suppress;
pub mod template;
mod validate;

pub use app_connection::AppConnectionConfig;
pub use cluster::{ClusterExternalSecretConfig, ClusterPushSecretConfig};
pub use config::Config;
pub use connection::{ConnectionConfig, ConnectionType};
pub use credential::Credential;
pub use data_from::{DataFrom, Extract, Find, FindName, GeneratorRef, Rewrite};
pub use defaults::{Defaults, Substitution, Versions};
pub use document::Document;
pub use duration::Duration;
pub use external_secret::{Content, Entries, ExternalSecretConfig, Options};
pub use generator::{GeneratorConfig, GeneratorSpec};
pub use helper::{
    ApiKey, ApiKeyArgs, BasicAuth, BasicAuthArgs, Connection, ConnectionArgs, ConnectionHelperUrl,
    ConnectionUrl, DatabaseCredentials, DatabaseCredentialsArgs, DockerConfig, DockerConfigArgs, Helper,
    Layout, RemoteName, S3Credentials, S3CredentialsArgs, TlsCertificate, TlsCertificateArgs,
};
pub use infisical::InfisicalAccess;
pub use keyloom_syntax::Text;
pub use pipeline::PipelineConfig;
pub use push_secret::{PushReference, PushSecretConfig, PushSelector, PushStores};
pub use read::hidden::of_manifests as hidden_in_manifests;
pub use reference::{KeySelection, SecretReference, SecretStoreRef};
pub use schema::document_schema;
pub use secret_sync::SecretSyncConfig;
pub use selector::{CaProvider, LabelSelector, SecretKeySelector, ServiceAccountSelector, StoreCondition};
pub use service::{SecretRead, ServiceConfig, Wanted};
pub use store::aws::{AwsAuth, AwsConfig};
pub use store::carried::{Carried, CarriedConfig};
pub use store::infisical::{InfisicalAuth, InfisicalConfig, KubernetesAuth, TokenAuth, UniversalAuth};
pub use store::kubernetes::{KubernetesConfig, KubernetesLogin};
pub use store::onepassword::OnePasswordConfig;
pub use store::vault::{VaultAuth, VaultAuthMethod, VaultConfig, VaultKubernetesAuth};
pub use store::{Backend, ExternalStore, ProviderKind, RetrySettings, SecretStoreConfig, StoreProvider};
pub use template::Template;
pub use validate::inline::plain_credential;
pub use validate::literal::scan as looks_like_credential;
pub use validate::pipelines::covers as policy_covers;
pub use validate::pods::check as check_pods;
pub use validate::regexp::{RegexpSet, complaint as regexp_complaint};
pub use validate::schedule::complaint as schedule_complaint;
