//! [`Deployment`]: an engine of the test, which writes down what it is asked.

use std::sync::{Arc, Mutex};

use keyloom_wire::message::engine::LogRequest;
use keyloom_wire::message::monitor::{
    RegisterResourceOutputsRequest, RegisterResourceRequest, RegisterResourceResponse,
    SupportsFeatureRequest, SupportsFeatureResponse,
};
use keyloom_wire::serve::Port;
use keyloom_wire::service::{Engine, ResourceMonitor};
use tokio::sync::Barrier;
use tonic::Status;

/// What the engine does when a child is registered.
#[derive(Debug, Default)]
pub(crate) enum Children {
    /// It is there.
    #[default]
    Succeed,
    /// The provider refuses it, with these words.
    Fail(String),
    /// Nothing, ever.
    Hang,
    /// It is there as soon as that many are asked for.
    Together(Barrier),
}

#[derive(Debug, Default)]
pub(crate) struct Deployment {
    children: Children,
    registered: Mutex<Vec<RegisterResourceRequest>>,
    outputs: Mutex<Vec<RegisterResourceOutputsRequest>>,
    log: Mutex<Vec<LogRequest>>,
}

impl Deployment {
    /// Serves one as long as the test runs; with its address.
    pub(crate) async fn start(children: Children) -> (Arc<Self>, String) {
        let deployment = Arc::new(Self { children, ..Self::default() });
        let port = Port::open().await.unwrap();
        let address = port.address().to_string();
        let router =
            ResourceMonitor::router(Arc::clone(&deployment)).and(Engine::router(Arc::clone(&deployment)));
        tokio::spawn(port.serve(router, std::future::pending()));
        (deployment, address)
    }

    pub(crate) fn registered(&self) -> Vec<RegisterResourceRequest> {
        self.registered.lock().unwrap().clone()
    }

    pub(crate) fn outputs(&self) -> Vec<RegisterResourceOutputsRequest> {
        self.outputs.lock().unwrap().clone()
    }

    pub(crate) fn log(&self) -> Vec<LogRequest> {
        self.log.lock().unwrap().clone()
    }

    /// Is one of those that children are waiting for.
    pub(crate) async fn come_together(&self) {
        if let Children::Together(barrier) = &self.children {
            barrier.wait().await;
        }
    }

    /// Waits until that many resources were asked for.
    pub(crate) async fn asked_for(&self, count: usize) {
        while self.registered.lock().unwrap().len() < count {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    }
}

pub(crate) fn urn(token: &str, name: &str) -> String {
    format!("urn:pulumi:dev::shop::{token}::{name}")
}

impl ResourceMonitor for Deployment {
    async fn supports_feature(&self, _: SupportsFeatureRequest) -> Result<SupportsFeatureResponse, Status> {
        Ok(SupportsFeatureResponse { has_support: true })
    }

    async fn register_resource(
        &self,
        request: RegisterResourceRequest,
    ) -> Result<RegisterResourceResponse, Status> {
        self.registered.lock().unwrap().push(request.clone());
        if request.custom {
            match &self.children {
                Children::Succeed => {}
                Children::Fail(words) => return Err(Status::unknown(words)),
                Children::Hang => std::future::pending().await,
                Children::Together(barrier) => _ = barrier.wait().await,
            }
        }
        let urn = urn(&request.r#type, &request.name);
        Ok(RegisterResourceResponse { urn, object: request.object, ..RegisterResourceResponse::default() })
    }

    async fn register_resource_outputs(&self, request: RegisterResourceOutputsRequest) -> Result<(), Status> {
        self.outputs.lock().unwrap().push(request);
        Ok(())
    }
}

impl Engine for Deployment {
    async fn log(&self, request: LogRequest) -> Result<(), Status> {
        self.log.lock().unwrap().push(request);
        Ok(())
    }
}
