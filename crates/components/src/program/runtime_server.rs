//! The language runtime that the stock command calls. It runs nothing itself: the program stays on the thread that began.

use std::sync::Arc;

use keyloom_wire::message::language::{
    GetRequiredPackagesRequest, GetRequiredPackagesResponse, GetRequiredPluginsRequest,
    GetRequiredPluginsResponse, LanguageHandshakeRequest, LanguageHandshakeResponse, RunRequest, RunResponse,
};
use keyloom_wire::message::plugin::PluginInfo;
use keyloom_wire::service::LanguageRuntime;
use tokio::sync::{mpsc, oneshot};
use tonic::Status;

use super::deployment::Deployment;

/// The language runtime: it hands each run over.
#[derive(Debug)]
pub(crate) struct Runtime {
    runs: mpsc::Sender<Run>,
}

/// A run that the engine asks for.
#[derive(Debug)]
pub(crate) struct Run {
    /// What it is for.
    pub(crate) deployment: Deployment,
    /// Takes how it ended; closed when the engine no longer wants to know.
    pub(crate) answer: oneshot::Sender<RunResponse>,
}

impl Runtime {
    /// A runtime, and the runs that it is asked for.
    pub(crate) fn new() -> (Arc<Self>, mpsc::Receiver<Run>) {
        let (runs, asked) = mpsc::channel(1);
        (Arc::new(Self { runs }), asked)
    }
}

impl LanguageRuntime for Runtime {
    async fn handshake(&self, _: LanguageHandshakeRequest) -> Result<LanguageHandshakeResponse, Status> {
        Ok(LanguageHandshakeResponse {})
    }

    async fn get_plugin_info(&self, (): ()) -> Result<PluginInfo, Status> {
        Ok(PluginInfo { version: env!("CARGO_PKG_VERSION").to_owned() })
    }

    // Which plugins a program needs is known when it registers something of theirs; the engine then takes the newest.
    async fn get_required_packages(
        &self,
        _: GetRequiredPackagesRequest,
    ) -> Result<GetRequiredPackagesResponse, Status> {
        Ok(GetRequiredPackagesResponse::default())
    }

    async fn get_required_plugins(
        &self,
        _: GetRequiredPluginsRequest,
    ) -> Result<GetRequiredPluginsResponse, Status> {
        Ok(GetRequiredPluginsResponse::default())
    }

    async fn run(&self, request: RunRequest) -> Result<RunResponse, Status> {
        let deployment = Deployment::from_request(request).map_err(Status::invalid_argument)?;
        let (answer, answered) = oneshot::channel();
        let gone = "the process that has the program is ending";
        let run = Run { deployment, answer };
        self.runs.send(run).await.map_err(|_| Status::unavailable(gone))?;
        answered.await.map_err(|_| Status::unavailable(gone))
    }

    async fn cancel(&self, (): ()) -> Result<(), Status> {
        Ok(())
    }
}
