//! Typed connections: a secret that holds `{"type": "postgres", "details": {…}}` is read into a type of its own, with everything that
//! is wrong with it told at once and without a value in any message.
//!
//! ```
//! use keyloom_connections::{Connection, Postgres, Secret};
//! let text = r#"{"type": "postgres", "details": {"host": "db.example", "username": "app", "password": "canary", "database": "shop"}}"#;
//! let read = Connection::parse("my-postgres", &Secret::new(text.to_owned())).unwrap();
//! let postgres: Postgres = read.connection.typed().unwrap();
//! assert_eq!((postgres.name.as_str(), postgres.host.as_str(), postgres.port), ("my-postgres", "db.example", 5432));
//! assert!(!format!("{postgres:?}").contains("canary"));
//! ```
//!
//! The types, their fields and defaults are those of Bruin's connections (`pkg/config/connections.go` of bruin-data/bruin), so that
//! one secret serves both.

mod catalogue;
mod check;
mod connection;
mod field;
pub mod file;
mod glossary;
mod host;
mod ignored;
mod json;
mod kind;
mod name;
mod object;
mod parse;
mod problem;
pub mod schema;
mod secret;
mod shape;
mod suggest;
mod synonyms;
mod text;
mod typed;
mod types;
mod value;

pub use check::may_show;
pub use connection::Connection;
pub use field::{Field, FieldType, Literal};
pub use host::HostFault;
pub use json::Stop;
pub use kind::{Kind, Rule, SSL_MODES};
pub use name::{name_problems, shared_names};
pub use object::Object;
pub use parse::Parsed;
pub use problem::{Problem, Stage};
pub use secret::Secret;
pub use shape::{Found, Shape};
pub use suggest::suggest;
pub use text::{field_variable, variable_name};
pub use typed::{Typed, WrongKind};
pub use types::*;
pub use value::Value;
