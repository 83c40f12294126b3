//! The service `ResourceMonitor`: what the engine serves to programs and to plugins that construct components.

use super::service;
use crate::message::monitor::{
    DeploymentInfo, RegisterResourceOutputsRequest, RegisterResourceRequest, RegisterResourceResponse,
    SupportsFeatureRequest, SupportsFeatureResponse,
};

service!("ResourceMonitor" served as
    /// The engine of a deployment; served by tests alone.
    ResourceMonitor, called by
    /// The deployment, as a program or a component sees it.
    MonitorClient {
        /// What the deployment is about; older engines do not know it.
        get_deployment_info = "GetDeploymentInfo"(()) -> DeploymentInfo;
        /// Whether the engine can do a thing.
        supports_feature = "SupportsFeature"(SupportsFeatureRequest) -> SupportsFeatureResponse;
        /// Registers a resource; answers when it is made, changed or found to be as it shall be.
        register_resource = "RegisterResource"(RegisterResourceRequest) -> RegisterResourceResponse;
        /// Gives a component its outputs, after everything below it.
        register_resource_outputs = "RegisterResourceOutputs"(RegisterResourceOutputsRequest) -> ();
        /// Says that the program has registered everything; answers when the engine needs it no longer.
        signal_and_wait_for_shutdown = "SignalAndWaitForShutdown"(()) -> ();
    }
);
