//! Messages of the service `ResourceMonitor`: how a program or a component tells which resources there shall be.

use std::collections::BTreeMap;

use super::options::{Alias, CustomTimeouts, Hooks};
use super::{Dependencies, Struct, quiet};

/// Asks whether the engine can do a thing.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct SupportsFeatureRequest {
    /// Name of the thing, such as `secrets` or `outputValues`.
    #[prost(string, tag = "1")]
    pub id: String,
}

/// Whether it can.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct SupportsFeatureResponse {
    /// It can.
    #[prost(bool, tag = "1")]
    pub has_support: bool,
}

/// What a deployment is about.
#[derive(Clone, PartialEq, Eq, prost::Message)]
#[prost(skip_debug)]
pub struct DeploymentInfo {
    /// Project.
    #[prost(string, tag = "1")]
    pub project: String,
    /// Stack.
    #[prost(string, tag = "2")]
    pub stack: String,
    /// Organization; may be empty.
    #[prost(string, tag = "3")]
    pub organization: String,
    /// The stack's configuration, decrypted.
    #[prost(btree_map = "string, string", tag = "4")]
    pub config: BTreeMap<String, String>,
    /// Keys of `config` whose values are secret.
    #[prost(string, repeated, tag = "5")]
    pub config_secret_keys: Vec<String>,
    /// A preview.
    #[prost(bool, tag = "6")]
    pub dry_run: bool,
    /// How many things may be done at once.
    #[prost(int32, tag = "7")]
    pub parallel: i32,
    /// Numbers of what the engine can do: 0 secrets, 1 resource references, 2 output values, 3 alias specs, ...
    #[prost(int32, repeated, tag = "8")]
    pub supported_features: Vec<i32>,
}

/// A resource that shall be.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct RegisterResourceRequest {
    /// Type token.
    #[prost(string, tag = "1")]
    pub r#type: String,
    /// Logical name.
    #[prost(string, tag = "2")]
    pub name: String,
    /// URN of the parent; empty: none.
    #[prost(string, tag = "3")]
    pub parent: String,
    /// Managed by a provider; else a component.
    #[prost(bool, tag = "4")]
    pub custom: bool,
    /// The inputs.
    #[prost(message, optional, tag = "5")]
    pub object: Option<Struct>,
    /// Must not be deleted.
    #[prost(bool, optional, tag = "6")]
    pub protect: Option<bool>,
    /// URNs of what it depends on.
    #[prost(string, repeated, tag = "7")]
    pub dependencies: Vec<String>,
    /// `URN::ID` of its provider; empty: the parent's, or the default one.
    #[prost(string, tag = "8")]
    pub provider: String,
    /// What each property depends on. Without any entry the engine takes every property to depend on everything.
    #[prost(btree_map = "string, message", tag = "9")]
    pub property_dependencies: Dependencies,
    /// Where it must be replaced, it is deleted first.
    #[prost(bool, tag = "10")]
    pub delete_before_replace: bool,
    /// Version of its provider; empty: that of the program, or the newest.
    #[prost(string, tag = "11")]
    pub version: String,
    /// Paths of properties whose changes are left alone.
    #[prost(string, repeated, tag = "12")]
    pub ignore_changes: Vec<String>,
    /// The caller understands secrets.
    #[prost(bool, tag = "13")]
    pub accept_secrets: bool,
    /// Outputs that are secret beside those that the provider marks.
    #[prost(string, repeated, tag = "14")]
    pub additional_secret_outputs: Vec<String>,
    /// Identity of an existing thing that becomes this resource; empty: it is made.
    #[prost(string, tag = "16")]
    pub import_id: String,
    /// How long operations may take.
    #[prost(message, optional, tag = "17")]
    pub custom_timeouts: Option<CustomTimeouts>,
    /// `delete_before_replace` is meant even where it is `false`.
    #[prost(bool, tag = "18")]
    pub delete_before_replace_defined: bool,
    /// The caller understands objects of which a part is not known.
    #[prost(bool, tag = "19")]
    pub supports_partial_values: bool,
    /// A component that a plugin constructs.
    #[prost(bool, tag = "20")]
    pub remote: bool,
    /// The caller understands resources as values.
    #[prost(bool, tag = "21")]
    pub accept_resources: bool,
    /// `URN::ID` of the providers of what is below, by package.
    #[prost(btree_map = "string, string", tag = "22")]
    pub providers: BTreeMap<String, String>,
    /// Paths of properties whose changes replace the resource.
    #[prost(string, repeated, tag = "23")]
    pub replace_on_changes: Vec<String>,
    /// Where the provider is downloaded from; empty: Pulumi's own.
    #[prost(string, tag = "24")]
    pub plugin_download_url: String,
    /// Deleting the resource leaves the thing itself.
    #[prost(bool, optional, tag = "25")]
    pub retain_on_delete: Option<bool>,
    /// Other identities that it had before.
    #[prost(message, repeated, tag = "26")]
    pub aliases: Vec<Alias>,
    /// URN of what takes it along when deleted; empty: none.
    #[prost(string, tag = "27")]
    pub deleted_with: String,
    /// The caller leaves it to the engine to work out aliases.
    #[prost(bool, tag = "28")]
    pub alias_specs: bool,
    /// The caller reads `result`; else a resource that fails is a gRPC error.
    #[prost(bool, tag = "32")]
    pub supports_result_reporting: bool,
    /// Names of hooks.
    #[prost(message, optional, tag = "34")]
    pub hooks: Option<Hooks>,
    /// Trace of the caller's caller, as it was handed over.
    #[prost(string, tag = "36")]
    pub parent_stack_trace_handle: String,
    /// Paths of properties whose differences are not shown.
    #[prost(string, repeated, tag = "37")]
    pub hide_diffs: Vec<String>,
    /// URNs of resources whose replacement replaces this one.
    #[prost(string, repeated, tag = "38")]
    pub replace_with: Vec<String>,
    /// A value whose change replaces the resource.
    #[prost(message, optional, tag = "39")]
    pub replacement_trigger: Option<prost_types::Value>,
}

/// How a registration ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
pub enum RegisterResult {
    /// The resource is there, or will be.
    Success = 0,
    /// It failed; the engine has told the user.
    Fail = 1,
    /// It was left out, because what it depends on failed.
    Skip = 2,
}

/// The resource as it is now.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct RegisterResourceResponse {
    /// Its URN.
    #[prost(string, tag = "1")]
    pub urn: String,
    /// Its provider's name for it; empty for components, and while it is not known.
    #[prost(string, tag = "2")]
    pub id: String,
    /// Its outputs.
    #[prost(message, optional, tag = "3")]
    pub object: Option<Struct>,
    /// What each output depends on.
    #[prost(btree_map = "string, message", tag = "6")]
    pub property_dependencies: Dependencies,
    /// How it ended.
    #[prost(enumeration = "RegisterResult", tag = "7")]
    pub result: i32,
    /// Nothing was done, as only certain resources are; no output is known.
    #[prost(bool, tag = "8")]
    pub unknown: bool,
}

/// Outputs of a component, which end its registration.
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct RegisterResourceOutputsRequest {
    /// The component.
    #[prost(string, tag = "1")]
    pub urn: String,
    /// Its outputs.
    #[prost(message, optional, tag = "2")]
    pub outputs: Option<Struct>,
}

quiet!(DeploymentInfo, RegisterResourceRequest, RegisterResourceResponse, RegisterResourceOutputsRequest);
