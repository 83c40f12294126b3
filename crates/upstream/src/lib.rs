//! What the systems Keyloom writes for accept: their own schemas, condensed, and questions about them.
//!
//! [`eso`] answers for the External Secrets Operator: which fields a version knows, what it requires, which defaults
//! its API server adds, and since when a field is there. The schemas are generated from the operator's CRDs
//! (`cargo xtask codegen eso`) and keep their whole structure, without prose.
//!
//! ```
//! use keyloom_upstream::eso::{self, EsoVersion, Kind};
//!
//! let spec = eso::spec(EsoVersion::newest(), Kind::SecretStore);
//! let service = spec.root().at(&["provider", "aws", "service"]).ok_or("gone")?;
//! assert!(service.enum_values().any(|name| name == "ParameterStore"));
//! # Ok::<(), &str>(())
//! ```
//!
//! [`terraform`] answers for the Terraform providers of Infisical and AWS, from what `terraform providers schema` prints
//! (`cargo xtask codegen terraform`), and [`terraform::infisical`] knows what the first demands beyond its schema.
//!
//! [`template`] reads the operator's template language and says what is wrong in a template.
//!
//! This crate knows nothing of Keyloom's own document.

pub mod cursor;
pub mod eso;
pub mod format;
pub mod rules;
pub mod template;
pub mod terraform;

mod defaults;
mod lines;
mod strict;
mod unknown;

pub use cursor::Cursor;
pub use lines::Lines;
pub use unknown::{Path, Step};
