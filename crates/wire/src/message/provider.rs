//! Messages of the service `ResourceProvider`, beside those of [`construct`](super::construct) and
//! [`resource`](super::resource): who the plugin is, its schema, its configuration.

use std::collections::BTreeMap;

use super::{Struct, quiet};

/// The engine introduces itself.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct ProviderHandshakeRequest {
    /// `HOST:PORT` of the engine.
    #[prost(string, tag = "1")]
    pub engine_address: String,
    /// Folder of the plugin; absent where the engine attached to a process that ran already.
    #[prost(string, optional, tag = "2")]
    pub root_directory: Option<String>,
    /// Folder of the plugin's program; absent likewise.
    #[prost(string, optional, tag = "3")]
    pub program_directory: Option<String>,
    /// `Configure` will say which provider resource it is for.
    #[prost(bool, tag = "4")]
    pub configure_with_urn: bool,
}

/// What the plugin understands.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct ProviderHandshakeResponse {
    /// Secrets in inputs. Without it no component is constructed.
    #[prost(bool, tag = "1")]
    pub accept_secrets: bool,
    /// Resources as values.
    #[prost(bool, tag = "2")]
    pub accept_resources: bool,
    /// Values that say what they depend on.
    #[prost(bool, tag = "3")]
    pub accept_outputs: bool,
    /// How the user wants things to be named.
    #[prost(bool, tag = "4")]
    pub supports_autonaming_configuration: bool,
}

/// Asks for the package's schema.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct GetSchemaRequest {
    /// Version of the schema's format; 0 is all there is.
    #[prost(int32, tag = "1")]
    pub version: i32,
    /// Name of a package made by parameters; empty here.
    #[prost(string, tag = "2")]
    pub subpackage_name: String,
    /// Its version.
    #[prost(string, tag = "3")]
    pub subpackage_version: String,
}

/// The package's schema.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct GetSchemaResponse {
    /// As JSON.
    #[prost(string, tag = "1")]
    pub schema: String,
}

/// Configures the plugin, once a process.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct ConfigureRequest {
    /// Configuration as text: `PACKAGE:config:KEY` to text, or to JSON.
    #[prost(btree_map = "string, string", tag = "1")]
    pub variables: BTreeMap<String, String>,
    /// The same, with types and secrets.
    #[prost(message, optional, tag = "2")]
    pub args: Option<Struct>,
    /// The engine understands secrets.
    #[prost(bool, tag = "3")]
    pub accept_secrets: bool,
    /// The engine understands resources as values.
    #[prost(bool, tag = "4")]
    pub accept_resources: bool,
    /// Diffs and updates come with the old inputs.
    #[prost(bool, tag = "5")]
    pub sends_old_inputs: bool,
    /// Deletions too.
    #[prost(bool, tag = "6")]
    pub sends_old_inputs_to_delete: bool,
    /// Identity of the provider resource.
    #[prost(string, optional, tag = "7")]
    pub id: Option<String>,
    /// Its URN.
    #[prost(string, optional, tag = "8")]
    pub urn: Option<String>,
    /// Its logical name.
    #[prost(string, optional, tag = "9")]
    pub name: Option<String>,
    /// Its type token.
    #[prost(string, optional, tag = "10")]
    pub r#type: Option<String>,
}

/// What the plugin understands, for engines that know no handshake.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct ConfigureResponse {
    /// Secrets.
    #[prost(bool, tag = "1")]
    pub accept_secrets: bool,
    /// Creates and updates that are only previewed.
    #[prost(bool, tag = "2")]
    pub supports_preview: bool,
    /// Resources as values.
    #[prost(bool, tag = "3")]
    pub accept_resources: bool,
    /// Values that say what they depend on.
    #[prost(bool, tag = "4")]
    pub accept_outputs: bool,
    /// How the user wants things to be named.
    #[prost(bool, tag = "5")]
    pub supports_autonaming_configuration: bool,
}

/// Asks for foreign names of the package's types; nobody has any.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct GetMappingRequest {
    /// Where the names come from, such as `terraform`.
    #[prost(string, tag = "1")]
    pub key: String,
    /// The foreign provider; empty: the one there is.
    #[prost(string, tag = "2")]
    pub provider: String,
}

/// The foreign names.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct GetMappingResponse {
    /// The foreign provider; empty: none.
    #[prost(string, tag = "1")]
    pub provider: String,
    /// Its names, in a form that `key` says.
    #[prost(bytes = "vec", tag = "2")]
    pub data: Vec<u8>,
}

/// Asks for which foreign providers there are names.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct GetMappingsRequest {
    /// Where the names come from.
    #[prost(string, tag = "1")]
    pub key: String,
}

/// The foreign providers.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct GetMappingsResponse {
    /// Their names.
    #[prost(string, repeated, tag = "1")]
    pub providers: Vec<String>,
}

quiet!(ConfigureRequest);
