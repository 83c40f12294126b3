//! Messages of the service `LanguageRuntime`: how the engine has a program run.

use std::collections::BTreeMap;

use super::plugin::{PackageDependency, PluginDependency};
use super::{Struct, quiet};

/// The program.
#[derive(Clone, PartialEq, prost::Message)]
pub struct ProgramInfo {
    /// Folder of the project.
    #[prost(string, tag = "1")]
    pub root_directory: String,
    /// Folder of the program.
    #[prost(string, tag = "2")]
    pub program_directory: String,
    /// What starts it, from its folder.
    #[prost(string, tag = "3")]
    pub entry_point: String,
    /// Options of the runtime in `Pulumi.yaml`.
    #[prost(message, optional, tag = "4")]
    pub options: Option<Struct>,
}

/// The engine introduces itself.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct LanguageHandshakeRequest {
    /// `HOST:PORT` of the engine.
    #[prost(string, tag = "1")]
    pub engine_address: String,
    /// Folder of the runtime.
    #[prost(string, optional, tag = "2")]
    pub root_directory: Option<String>,
    /// Folder of the runtime's program.
    #[prost(string, optional, tag = "3")]
    pub program_directory: Option<String>,
}

/// Nothing.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct LanguageHandshakeResponse {}

/// Asks which plugins a program needs; engines of today ask for packages.
#[derive(Clone, PartialEq, prost::Message)]
pub struct GetRequiredPluginsRequest {
    /// The program.
    #[prost(message, optional, tag = "4")]
    pub info: Option<ProgramInfo>,
}

/// The plugins that a program needs.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct GetRequiredPluginsResponse {
    /// The plugins.
    #[prost(message, repeated, tag = "1")]
    pub plugins: Vec<PluginDependency>,
}

/// Asks which packages a program needs.
#[derive(Clone, PartialEq, prost::Message)]
pub struct GetRequiredPackagesRequest {
    /// The program.
    #[prost(message, optional, tag = "1")]
    pub info: Option<ProgramInfo>,
}

/// The packages that a program needs.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct GetRequiredPackagesResponse {
    /// The packages.
    #[prost(message, repeated, tag = "1")]
    pub packages: Vec<PackageDependency>,
}

/// Runs the program once: for a preview, an update, a destroy, ...
#[derive(Clone, PartialEq, prost::Message)]
#[prost(skip_debug)]
pub struct RunRequest {
    /// Project.
    #[prost(string, tag = "1")]
    pub project: String,
    /// Stack.
    #[prost(string, tag = "2")]
    pub stack: String,
    /// Folder to run in.
    #[prost(string, tag = "3")]
    pub pwd: String,
    /// Arguments of the program.
    #[prost(string, repeated, tag = "5")]
    pub args: Vec<String>,
    /// The stack's configuration, decrypted: `NAMESPACE:KEY` to text, or to JSON.
    #[prost(btree_map = "string, string", tag = "6")]
    pub config: BTreeMap<String, String>,
    /// A preview.
    #[prost(bool, tag = "7")]
    pub dry_run: bool,
    /// How many things may be done at once.
    #[prost(int32, tag = "8")]
    pub parallel: i32,
    /// `HOST:PORT` of the resource monitor.
    #[prost(string, tag = "9")]
    pub monitor_address: String,
    /// Keys of `config` whose values are secret.
    #[prost(string, repeated, tag = "11")]
    pub config_secret_keys: Vec<String>,
    /// Organization; may be empty.
    #[prost(string, tag = "12")]
    pub organization: String,
    /// The program.
    #[prost(message, optional, tag = "14")]
    pub info: Option<ProgramInfo>,
    /// `HOST:PORT` from which package schemas are loaded.
    #[prost(string, tag = "15")]
    pub loader_target: String,
}

/// How a run ended.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct RunResponse {
    /// What went wrong; empty: nothing.
    #[prost(string, tag = "1")]
    pub error: String,
    /// Whether the user was told already, so that the engine ends without a word of its own.
    #[prost(bool, tag = "2")]
    pub bail: bool,
}

quiet!(RunRequest);
