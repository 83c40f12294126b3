//! One run of a program: from the stack's own resource to its outputs.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use keyloom_wire::message::language::RunResponse;
use keyloom_wire::property::{PropertyMap, Urn};
use keyloom_wire::service::{MonitorClient, connect};
use tonic::Code;
use tonic::transport::Channel;

use super::context::Context;
use super::deployment::{Deployment, STACK_TYPE};
use super::{BoxError, Program};
use crate::failure::with_causes;
use crate::monitor::grpc::Engine;
use crate::monitor::{LogMessage, LogSeverity, Monitor, RegisteredAs, Registration};

/// How a run ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// Everything was registered.
    Well,
    /// It failed, and the user has been told why.
    Told,
    /// It failed, and whoever asked for the run has to say why.
    Untold(String),
}

impl From<Ended> for RunResponse {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Well => Self::default(),
            Ended::Told => Self { bail: true, ..Self::default() },
            Ended::Untold(error) => Self { error, bail: false },
        }
    }
}

/// Runs a program once.
pub(super) async fn run(program: &impl Program, deployment: Deployment) -> Ended {
    let (session, monitor) = match Session::begin(&deployment).await {
        Ok(begun) => begun,
        Err(error) => return Ended::Untold(with_causes(error.as_ref())),
    };
    match session.run(program, deployment).await {
        Ok(()) => shutdown(monitor).await,
        Err(errors) => session.tell(&errors).await,
    }
}

/// Runs a program in a stack that somebody else registers.
pub(super) async fn join(program: &impl Program, deployment: Deployment) -> Result<(), BoxError> {
    let (session, _) = Session::begin(&deployment).await?;
    match session.declare(program, deployment).await {
        Ok(outputs) if outputs.is_empty() => Ok(()),
        Ok(_) => Err("`export` is for the library that runs the stack".into()),
        Err(errors) => {
            Err(errors.iter().map(|error| with_causes(error.as_ref())).collect::<Vec<_>>().join("\n").into())
        }
    }
}

/// Stays until the engine needs this process no longer. Older engines do not know the call, and one that is gone needs
/// nobody.
async fn shutdown(monitor: Channel) -> Ended {
    match MonitorClient::new(monitor).signal_and_wait_for_shutdown(()).await {
        Ok(()) => Ended::Well,
        Err(status) if matches!(status.code(), Code::Unimplemented | Code::Unavailable) => Ended::Well,
        Err(status) => Ended::Untold(format!("the engine did not finish: {}", status.message())),
    }
}

/// Nobody answers where the engine should be.
#[derive(Debug, thiserror::Error)]
#[error("the engine of stack `{stack}` cannot be reached")]
struct Unreachable {
    stack: String,
    source: tonic::transport::Error,
}

struct Session {
    monitor: Arc<dyn Monitor>,
    stack: Urn,
}

impl Session {
    /// Connects to the engine.
    async fn begin(deployment: &Deployment) -> Result<(Self, Channel), BoxError> {
        let unreachable = |error| Unreachable { stack: deployment.stack.clone(), source: error };
        let monitor = connect(&deployment.monitor).await.map_err(unreachable)?;
        let engine = connect(&deployment.engine).await.map_err(unreachable)?;
        let session = Self {
            monitor: Arc::new(Engine::new(monitor.clone(), Some(engine))),
            stack: Urn::from(deployment.stack_urn()),
        };
        Ok((session, monitor))
    }

    /// Registers the stack, everything that the program declares, and the stack's outputs.
    async fn run(&self, program: &impl Program, deployment: Deployment) -> Result<(), Vec<BoxError>> {
        self.register_stack(&deployment).await.map_err(one)?;
        let outputs = self.declare(program, deployment).await?;
        self.register_outputs(outputs).await.map_err(one)
    }

    /// Runs the program, waits for everything that it declared, and answers with the outputs of the stack.
    async fn declare(
        &self,
        program: &impl Program,
        deployment: Deployment,
    ) -> Result<PropertyMap, Vec<BoxError>> {
        let context = Context::new(deployment, Arc::clone(&self.monitor), Urn::clone(&self.stack));
        let declared = unpanicked(program(context.clone())).await;
        declared.and_then(|declared| declared).map_err(one)?;
        context.settle().await
    }

    async fn register_stack(&self, deployment: &Deployment) -> Result<(), BoxError> {
        let name = deployment.stack_name();
        let stack = Registration { token: STACK_TYPE.to_owned(), name, ..Registration::default() };
        let registered = self.monitor.register(stack).await?;
        match registered.outcome {
            RegisteredAs::Success => Ok(()),
            RegisteredAs::Failed | RegisteredAs::Skipped => Err("the stack was not registered".into()),
        }
    }

    async fn register_outputs(&self, outputs: PropertyMap) -> Result<(), BoxError> {
        Ok(self.monitor.register_outputs(Urn::clone(&self.stack), outputs).await?)
    }

    /// Tells the user what went wrong; the engine shows it at the stack.
    async fn tell(&self, errors: &[BoxError]) -> Ended {
        let mut untold = Vec::new();
        for error in errors {
            let message = with_causes(error.as_ref());
            let urn = Some(Urn::clone(&self.stack));
            let log = LogMessage { severity: LogSeverity::Error, message: message.clone(), urn };
            if self.monitor.log(log).await.is_err() {
                untold.push(message);
            }
        }
        if untold.is_empty() { Ended::Told } else { Ended::Untold(untold.join("\n")) }
    }
}

fn one(error: BoxError) -> Vec<BoxError> {
    vec![error]
}

/// A program that panics has failed, and nothing else: the engine is told, and the child process waited for. What it said
/// has been printed.
async fn unpanicked<T>(future: impl Future<Output = T>) -> Result<T, BoxError> {
    let mut future = pin!(future);
    poll_fn(|task| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(task))) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(value)) => Poll::Ready(Ok(value)),
        Err(_) => Poll::Ready(Err("the program panicked; its output says where".into())),
    })
    .await
}

#[cfg(test)]
mod component_tests;
#[cfg(test)]
pub(crate) mod fake;
#[cfg(test)]
mod tests;

#[cfg(test)]
mod words {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Outer(&'static str, #[source] std::fmt::Error);

    #[test]
    fn causes_are_said_once() {
        let cause = std::fmt::Error;
        let said = format!("cannot begin: {cause}");
        assert_eq!(with_causes(&Outer("cannot begin", cause)), said);
        assert_eq!(with_causes(&Outer(said.clone().leak(), cause)), said);
    }
}
