//! Arguments of `keyloom schema`.

use clap::{Args as Group, ValueEnum};

#[derive(Debug, Group)]
#[command(after_help = "\
Examples:
  keyloom schema > keyloom.schema.json
  keyloom schema connections > connections.schema.json
")]
pub(crate) struct Schema {
    /// What the schema is of.
    #[arg(value_enum, default_value = "document", hide_default_value = true)]
    pub(crate) of: SchemaOf,
}

/// What has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// The document, `keyloom.yaml`; what is meant where nothing is said.
    Document,
    /// The JSON of one connection, `{type, details}`.
    Connection,
    /// A file of connections by name.
    Connections,
}
