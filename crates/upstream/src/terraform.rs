//! Terraform providers: what their schemas say of resources, data sources, ephemeral resources and themselves.
//!
//! ```
//! use keyloom_upstream::terraform::{Kind, Type, schema};
//! let aws = schema(Kind::Resource, "infisical_app_connection_aws").ok_or("gone")?;
//! let role = aws.at(&["credentials", "role_arn"]).ok_or("gone")?;
//! assert!(role.optional && role.sensitive && role.ty == Type::String);
//! # Ok::<(), &str>(())
//! ```
//!
//! A schema says little of meaning, and the Infisical provider checks what is beyond it at apply: what it does then is in
//! [`infisical`].

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::Lines;

pub mod infisical;
mod names;
mod schema;
mod types;

pub use names::{camel, snake};
pub use schema::{Attribute, Block, BlockNesting, Schema};
pub use types::{Nesting, Type};

/// A provider whose schema is condensed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provider {
    /// Amazon Web Services: what belongs to secrets, their keys and who may read them, not more.
    Aws,
    /// Infisical, all of it.
    Infisical,
}

/// What of a provider a schema is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `resource`
    Resource,
    /// `data`
    Data,
    /// `ephemeral`, known to Terraform since 1.10
    Ephemeral,
}

/// One generated file, whose parts are read when they are first asked for.
#[derive(Debug)]
struct Condensed {
    text: &'static str,
    config: OnceLock<Section>,
    resources: OnceLock<Section>,
    data: OnceLock<Section>,
    ephemeral: OnceLock<Section>,
}

/// The schemas of a section, by name.
#[derive(Debug)]
struct Section {
    lines: Lines,
    read: BTreeMap<String, OnceLock<Schema>>,
}

static AWS: Condensed = Condensed::new(include_str!("generated/terraform-aws.json"));
static INFISICAL: Condensed = Condensed::new(include_str!("generated/terraform-infisical.json"));

impl Condensed {
    const fn new(text: &'static str) -> Self {
        Self {
            text,
            config: OnceLock::new(),
            resources: OnceLock::new(),
            data: OnceLock::new(),
            ephemeral: OnceLock::new(),
        }
    }

    fn section(&'static self, kind: Kind) -> &'static Section {
        let (cell, name) = match kind {
            Kind::Resource => (&self.resources, "resources"),
            Kind::Data => (&self.data, "data"),
            Kind::Ephemeral => (&self.ephemeral, "ephemeral"),
        };
        cell.get_or_init(|| Section::of(self.text, name))
    }
}

impl Section {
    fn of(text: &'static str, name: &str) -> Self {
        let lines = Lines::of(text, name);
        let read = lines.names().map(|name| (name.to_owned(), OnceLock::new())).collect();
        Self { lines, read }
    }

    fn get(&'static self, name: &str) -> Option<&'static Schema> {
        let (cell, text) = (self.read.get(name)?, self.lines.get(name)?);
        Some(cell.get_or_init(|| Schema::of(text)))
    }
}

impl Provider {
    /// All of them, by name.
    pub const ALL: [Self; 2] = [Self::Aws, Self::Infisical];

    /// What its resources are called by, which is also its usual local name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Infisical => "infisical",
        }
    }

    /// Its address, as `source` in `required_providers` has it.
    pub fn source(self) -> &'static str {
        match self {
            Self::Aws => "hashicorp/aws",
            Self::Infisical => "infisical/infisical",
        }
    }

    /// The version that the schema was taken from. The provider block of AWS is that of a version after 6.55.
    pub fn version(self) -> &'static str {
        match self {
            Self::Aws => "6.47.0",
            Self::Infisical => "0.19.24",
        }
    }

    /// The provider that a type of resource belongs to: what is before the first `_` names it.
    pub fn of_type(name: &str) -> Option<Self> {
        let first = name.split('_').next()?;
        Self::ALL.into_iter().find(|provider| provider.name() == first)
    }

    /// Whether all its types are condensed, so that one that is not there does not exist in that version.
    pub fn is_complete(self) -> bool {
        self == Self::Infisical
    }

    /// The schema of its `provider` block.
    pub fn config(self) -> &'static Schema {
        static NOTHING: Schema = Schema::NONE;
        let file = self.file();
        let section = file.config.get_or_init(|| Section::of(file.text, "provider"));
        section.get("config").unwrap_or(&NOTHING)
    }

    /// Names of all its resources, data sources or ephemeral resources, sorted.
    pub fn names(self, kind: Kind) -> impl Iterator<Item = &'static str> {
        self.file().section(kind).lines.names()
    }

    fn file(self) -> &'static Condensed {
        match self {
            Self::Aws => &AWS,
            Self::Infisical => &INFISICAL,
        }
    }
}

/// The schema of a resource, data source or ephemeral resource, by its type such as `infisical_secret_sync_github`;
/// `None` when it is not condensed here.
pub fn schema(kind: Kind, name: &str) -> Option<&'static Schema> {
    Provider::of_type(name)?.file().section(kind).get(name)
}

#[cfg(test)]
mod tests;
