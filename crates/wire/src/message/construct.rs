//! The call by which the engine has a plugin construct a component.

use std::collections::BTreeMap;

use super::options::{Alias, CustomTimeouts, Hooks};
use super::{Dependencies, Struct, quiet};

/// A component that shall be, with every option that its caller gave.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct ConstructRequest {
    /// Project.
    #[prost(string, tag = "1")]
    pub project: String,
    /// Stack.
    #[prost(string, tag = "2")]
    pub stack: String,
    /// The stack's configuration, decrypted.
    #[prost(btree_map = "string, string", tag = "3")]
    pub config: BTreeMap<String, String>,
    /// A preview: inputs may be unknown.
    #[prost(bool, tag = "4")]
    pub dry_run: bool,
    /// How many things may be done at once.
    #[prost(int32, tag = "5")]
    pub parallel: i32,
    /// `HOST:PORT` of this deployment's resource monitor.
    #[prost(string, tag = "6")]
    pub monitor_endpoint: String,
    /// Type token of the component.
    #[prost(string, tag = "7")]
    pub r#type: String,
    /// Its logical name.
    #[prost(string, tag = "8")]
    pub name: String,
    /// URN of its parent; may be empty.
    #[prost(string, tag = "9")]
    pub parent: String,
    /// Its inputs, which nobody has checked.
    #[prost(message, optional, tag = "10")]
    pub inputs: Option<Struct>,
    /// What each input depends on.
    #[prost(btree_map = "string, message", tag = "11")]
    pub input_dependencies: Dependencies,
    /// Must not be deleted.
    #[prost(bool, optional, tag = "12")]
    pub protect: Option<bool>,
    /// `URN::ID` of providers for what is below, by package.
    #[prost(btree_map = "string, string", tag = "13")]
    pub providers: BTreeMap<String, String>,
    /// URNs of what it depends on.
    #[prost(string, repeated, tag = "15")]
    pub dependencies: Vec<String>,
    /// Keys of `config` whose values are secret.
    #[prost(string, repeated, tag = "16")]
    pub config_secret_keys: Vec<String>,
    /// Organization; may be empty.
    #[prost(string, tag = "17")]
    pub organization: String,
    /// Outputs that shall be secret; the engine leaves that to the plugin.
    #[prost(string, repeated, tag = "18")]
    pub additional_secret_outputs: Vec<String>,
    /// How long operations may take; of no effect on a component itself.
    #[prost(message, optional, tag = "19")]
    pub custom_timeouts: Option<CustomTimeouts>,
    /// URN of what takes it along when deleted; empty: none.
    #[prost(string, tag = "20")]
    pub deleted_with: String,
    /// Whether it is deleted before it is replaced, if the caller said so.
    #[prost(bool, optional, tag = "21")]
    pub delete_before_replace: Option<bool>,
    /// Paths of inputs whose changes are left alone; of no effect on a component itself.
    #[prost(string, repeated, tag = "22")]
    pub ignore_changes: Vec<String>,
    /// Paths of inputs whose changes replace; of no effect on a component itself.
    #[prost(string, repeated, tag = "23")]
    pub replace_on_changes: Vec<String>,
    /// Deleting leaves the things themselves.
    #[prost(bool, optional, tag = "24")]
    pub retain_on_delete: Option<bool>,
    /// The engine reads outputs that say what they depend on.
    #[prost(bool, tag = "25")]
    pub accepts_output_values: bool,
    /// Names of hooks.
    #[prost(message, optional, tag = "26")]
    pub resource_hooks: Option<Hooks>,
    /// Trace of the caller, handed on with every registration.
    #[prost(string, tag = "27")]
    pub stack_trace_handle: String,
    /// URNs of resources whose replacement replaces this one.
    #[prost(string, repeated, tag = "28")]
    pub replace_with: Vec<String>,
    /// Other identities that it had before.
    #[prost(message, repeated, tag = "29")]
    pub aliases: Vec<Alias>,
    /// A value whose change replaces.
    #[prost(message, optional, tag = "30")]
    pub replacement_trigger: Option<prost_types::Value>,
}

/// The component as it was constructed.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct ConstructResponse {
    /// Its URN.
    #[prost(string, tag = "1")]
    pub urn: String,
    /// Its outputs.
    #[prost(message, optional, tag = "2")]
    pub state: Option<Struct>,
    /// What each output depends on.
    #[prost(btree_map = "string, message", tag = "3")]
    pub state_dependencies: Dependencies,
}

quiet!(ConstructRequest, ConstructResponse);
