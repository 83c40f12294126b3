//! The service `ResourceProvider`: what a plugin of resources serves to the engine.

use super::service;
use crate::message::construct::{ConstructRequest, ConstructResponse};
use crate::message::plugin::{PluginAttach, PluginInfo};
use crate::message::provider::{
    ConfigureRequest, ConfigureResponse, GetMappingRequest, GetMappingResponse, GetMappingsRequest,
    GetMappingsResponse, GetSchemaRequest, GetSchemaResponse, ProviderHandshakeRequest,
    ProviderHandshakeResponse,
};
use crate::message::resource::{
    CheckRequest, CheckResponse, CreateRequest, CreateResponse, DeleteRequest, DiffRequest, DiffResponse,
    ReadRequest, ReadResponse, UpdateRequest, UpdateResponse,
};

service!("ResourceProvider" served as
    /// A plugin of resources or of components. Invoke, Call, List and Parameterize are not of it: nothing here needs them.
    ResourceProvider, called by
    /// The engine's side of a plugin.
    ProviderClient {
        /// Tells what both sides understand; the first call.
        handshake = "Handshake"(ProviderHandshakeRequest) -> ProviderHandshakeResponse;
        /// The engine's address, for a process that ran before the engine.
        attach = "Attach"(PluginAttach) -> ();
        /// The version.
        get_plugin_info = "GetPluginInfo"(()) -> PluginInfo;
        /// The package's schema.
        get_schema = "GetSchema"(GetSchemaRequest) -> GetSchemaResponse;
        /// Checks the configuration.
        check_config = "CheckConfig"(CheckRequest) -> CheckResponse;
        /// Compares the configuration with the one of last time.
        diff_config = "DiffConfig"(DiffRequest) -> DiffResponse;
        /// Takes the configuration.
        configure = "Configure"(ConfigureRequest) -> ConfigureResponse;
        /// Constructs a component: registers it and what is below it.
        construct = "Construct"(ConstructRequest) -> ConstructResponse;
        /// Checks the inputs of a resource.
        check = "Check"(CheckRequest) -> CheckResponse;
        /// Compares a resource with its inputs.
        diff = "Diff"(DiffRequest) -> DiffResponse;
        /// Makes a thing.
        create = "Create"(CreateRequest) -> CreateResponse;
        /// Reads a thing.
        read = "Read"(ReadRequest) -> ReadResponse;
        /// Changes a thing.
        update = "Update"(UpdateRequest) -> UpdateResponse;
        /// Deletes a thing.
        delete = "Delete"(DeleteRequest) -> ();
        /// Gives up what is being done; the plugin is asked to end soon.
        cancel = "Cancel"(()) -> ();
        /// Foreign names of the package's types.
        get_mapping = "GetMapping"(GetMappingRequest) -> GetMappingResponse;
        /// Which foreign names there are.
        get_mappings = "GetMappings"(GetMappingsRequest) -> GetMappingsResponse;
    }
);
