//! The service `LanguageRuntime`: what runs programs for the engine.

use super::service;
use crate::message::language::{
    GetRequiredPackagesRequest, GetRequiredPackagesResponse, GetRequiredPluginsRequest,
    GetRequiredPluginsResponse, LanguageHandshakeRequest, LanguageHandshakeResponse, RunRequest, RunResponse,
};
use crate::message::plugin::PluginInfo;

service!("LanguageRuntime" served as
    /// What runs programs. Installing, packing and generating are not of it: a program that is running needs none.
    LanguageRuntime, called by
    /// The engine's side of what runs programs.
    LanguageClient {
        /// Tells where the engine is; the first call.
        handshake = "Handshake"(LanguageHandshakeRequest) -> LanguageHandshakeResponse;
        /// The version.
        get_plugin_info = "GetPluginInfo"(()) -> PluginInfo;
        /// The plugins that the program needs, for older engines.
        get_required_plugins = "GetRequiredPlugins"(GetRequiredPluginsRequest) -> GetRequiredPluginsResponse;
        /// The packages that the program needs.
        get_required_packages = "GetRequiredPackages"(GetRequiredPackagesRequest) -> GetRequiredPackagesResponse;
        /// Runs the program to its end.
        run = "Run"(RunRequest) -> RunResponse;
        /// Gives up the run.
        cancel = "Cancel"(()) -> ();
    }
);
