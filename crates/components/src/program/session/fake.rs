//! An engine that writes down what it is told.

#![allow(clippy::unwrap_used)] // helpers of tests stand outside of test functions

use std::sync::{Arc, Mutex};

use keyloom_wire::message::engine::LogRequest;
use keyloom_wire::message::monitor::{
    RegisterResourceOutputsRequest, RegisterResourceRequest, RegisterResourceResponse, RegisterResult,
    SupportsFeatureRequest, SupportsFeatureResponse,
};
use keyloom_wire::property::{Property, PropertyMap, decode_map};
use keyloom_wire::serve::Port;
use keyloom_wire::service::{Engine, ResourceMonitor};
use tonic::Status;

use crate::program::deployment::Deployment;

/// An engine that writes down what it is told. A custom resource gets its inputs as outputs; one whose name begins with
/// `bad` fails, and one whose name begins with `refused` is refused.
#[derive(Default)]
pub(crate) struct Fake {
    pub(crate) registered: Mutex<Vec<RegisterResourceRequest>>,
    pub(crate) outputs: Mutex<Vec<(String, PropertyMap)>>,
    pub(crate) logs: Mutex<Vec<LogRequest>>,
    pub(crate) ended: Mutex<bool>,
}

impl Fake {
    /// Serves it, and answers with it and a deployment that talks to it.
    pub(crate) async fn serve() -> (Arc<Self>, Deployment) {
        let fake = Arc::new(Self::default());
        let port = Port::open().await.unwrap();
        let address = port.address().to_string();
        let router = ResourceMonitor::router(Arc::clone(&fake)).and(Engine::router(Arc::clone(&fake)));
        tokio::spawn(port.serve(router, std::future::pending()));
        let variable = |name: &str| {
            Some(match name {
                "PULUMI_MONITOR" | "PULUMI_ENGINE" => address.clone(),
                "PULUMI_PROJECT" => "shop".to_owned(),
                "PULUMI_STACK" => "dev".to_owned(),
                "PULUMI_CONFIG" => r#"{"shop:token": "canary", "shop:region": "eu"}"#.to_owned(),
                "PULUMI_CONFIG_SECRET_KEYS" => r#"["shop:token"]"#.to_owned(),
                _ => return None,
            })
        };
        let deployment = Deployment::from_environment(variable).unwrap();
        (fake, deployment)
    }

    /// Type and name of everything that was registered.
    pub(crate) fn names(&self) -> Vec<String> {
        let registered = self.registered.lock().unwrap();
        registered.iter().map(|request| format!("{} {}", request.r#type, request.name)).collect()
    }

    /// The inputs of a resource.
    pub(crate) fn inputs(&self, name: &str) -> Property {
        let registered = self.registered.lock().unwrap();
        let request = registered.iter().find(|request| request.name == name).unwrap();
        decode_map(request.object.as_ref().unwrap()).unwrap().into()
    }

    /// The messages that the user was told.
    pub(crate) fn messages(&self) -> Vec<String> {
        self.logs.lock().unwrap().iter().map(|log| log.message.clone()).collect()
    }
}

impl ResourceMonitor for Fake {
    async fn supports_feature(&self, _: SupportsFeatureRequest) -> Result<SupportsFeatureResponse, Status> {
        Ok(SupportsFeatureResponse { has_support: true })
    }

    async fn register_resource(
        &self,
        request: RegisterResourceRequest,
    ) -> Result<RegisterResourceResponse, Status> {
        self.registered.lock().unwrap().push(request.clone());
        if request.name.starts_with("refused") {
            return Err(Status::invalid_argument(format!(
                "no such type: {:?}",
                request.object.unwrap().fields
            )));
        }
        let failed = request.name.starts_with("bad");
        Ok(RegisterResourceResponse {
            urn: format!("urn:pulumi:dev::shop::{}::{}", request.r#type, request.name),
            id: if request.custom { format!("id-of-{}", request.name) } else { String::new() },
            object: request.object.filter(|_| request.custom),
            result: if failed { RegisterResult::Fail } else { RegisterResult::Success }.into(),
            ..RegisterResourceResponse::default()
        })
    }

    async fn register_resource_outputs(&self, request: RegisterResourceOutputsRequest) -> Result<(), Status> {
        let outputs = decode_map(&request.outputs.unwrap_or_default()).unwrap();
        self.outputs.lock().unwrap().push((request.urn, outputs));
        Ok(())
    }

    async fn signal_and_wait_for_shutdown(&self, (): ()) -> Result<(), Status> {
        *self.ended.lock().unwrap() = true;
        Ok(())
    }
}

impl Engine for Fake {
    async fn log(&self, request: LogRequest) -> Result<(), Status> {
        self.logs.lock().unwrap().push(request);
        Ok(())
    }
}
