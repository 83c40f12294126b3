//! The service `Engine`: where lines for the user go.

use super::service;
use crate::message::engine::{
    GetRootResourceRequest, GetRootResourceResponse, LogRequest, RequirePulumiVersionRequest,
    RequirePulumiVersionResponse, SetRootResourceRequest, SetRootResourceResponse,
};

service!("Engine" served as
    /// The engine beside its deployments; served by tests alone.
    Engine, called by
    /// The engine, as programs and plugins see it.
    EngineClient {
        /// Tells the user a line.
        log = "Log"(LogRequest) -> ();
        /// Which resource is the stack.
        get_root_resource = "GetRootResource"(GetRootResourceRequest) -> GetRootResourceResponse;
        /// Tells which resource is the stack.
        set_root_resource = "SetRootResource"(SetRootResourceRequest) -> SetRootResourceResponse;
        /// Fails unless Pulumi is of one of those versions.
        require_pulumi_version =
            "RequirePulumiVersion"(RequirePulumiVersionRequest) -> RequirePulumiVersionResponse;
    }
);
